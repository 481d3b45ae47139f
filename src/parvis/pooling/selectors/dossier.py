"""The dossier of a committee: where the group stands, on one day, from the rows that its members read."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from parvis.authorities.facade import authorities
from parvis.eservices import facade as eservices
from parvis.kit import scope
from parvis.pooling.models import (
    CommitteeMeeting,
    CostKey,
    DatedPopulation,
    Decision,
    Dispute,
    FrameworkAgreement,
    JointProcurement,
    Need,
    Payment,
    PurchaseOrder,
    Statement,
)
from parvis.pooling.rules import Amounts
from parvis.pooling.rules.ceiling import Minimum
from parvis.pooling.rules.forecast import Forecast
from parvis.pooling.rules.key_terms import Changed
from parvis.pooling.selectors.coordinator_tasks import TaskRow
from parvis.pooling.selectors.frameworks import Consumption, consumption, forecast_of, frameworks_of, minimum_of
from parvis.pooling.selectors.going_on import announced_orders, late_tasks, open_disputes, previous_meeting
from parvis.pooling.selectors.key_versions import changes_of
from parvis.pooling.selectors.members import members_on
from parvis.pooling.selectors.needs import live_consultations
from parvis.pooling.selectors.shares import YearShares, year_shares
from parvis.pooling.selectors.today import today
from parvis.pooling.states import RESERVING
from parvis.procurement import facade as procurement


@dataclass(frozen=True, slots=True)
class MemberLine:
    """`services`: e-services offered today; `share`: what the member pays of the year's costs."""

    name: str
    siren: str
    inhabitants: int
    services: int
    share: Amounts


@dataclass(frozen=True, slots=True)
class FrameworkLine:
    framework: FrameworkAgreement
    used: Consumption
    forecast: Forecast
    minimum: Minimum


@dataclass(frozen=True, slots=True)
class OrderLineSeen:
    order: PurchaseOrder
    member: str


@dataclass(frozen=True, slots=True)
class Collected:
    """Cents including VAT of one debtor for the year: called by the statements, credits taken off, and paid."""

    name: str
    called: int
    paid: int

    @property
    def due(self) -> int:
        return self.called - self.paid


@dataclass(frozen=True, slots=True)
class Project:
    """A consultation of the group: its words for where it stands, None when procurement keeps it no more."""

    title: str
    state: str


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """An e-service that members offer today; `new`: opened for one of them since the last committee."""

    name: str
    members: tuple[str, ...]
    new: bool


@dataclass(frozen=True, slots=True)
class DecisionLine:
    decision: Decision
    version: CostKey | None
    changes: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    group: JointProcurement
    day: date
    previous: CommitteeMeeting | None
    decisions: tuple[DecisionLine, ...]
    members: tuple[MemberLine, ...]
    frameworks: tuple[FrameworkLine, ...]
    ordered: tuple[OrderLineSeen, ...]
    announced: tuple[OrderLineSeen, ...]
    shares: YearShares
    collected: tuple[Collected, ...]
    needs: tuple[tuple[str, Need], ...]
    projects: tuple[Project, ...]
    services: tuple[ServiceLine, ...]
    coming_keys: tuple[CostKey, ...]
    late: tuple[TaskRow, ...]
    disputes: tuple[Dispute, ...]

    @property
    def inhabitants(self) -> int:
        """Of the communes: the agglomeration's own are theirs."""
        return sum(one.inhabitants for one in self.members if one.siren != self.shares.book.agglomeration)

    @property
    def offered(self) -> int:
        """E-services offered, one counted for each member that offers it."""
        return sum(one.services for one in self.members)


def dossier(group: JointProcurement) -> Dossier:
    """As of today; what is new is new since the last committee that was held."""
    day, previous = today(), previous_meeting(group)
    since = previous.meets_at if previous is not None else None
    shares = year_shares(group, day.year)
    ids = [one.member_id for one in members_on(group, day)]
    return Dossier(
        group=group, day=day, previous=previous, decisions=decision_lines(previous),
        members=_members(group, ids, shares, day), frameworks=tuple(map(_framework, frameworks_of(group.id))),
        ordered=_orders(_issued(group, since)), announced=_orders(announced_orders(group)), shares=shares,
        collected=_collected(group, day.year), needs=_needs(group, since), projects=_projects(group),
        services=_services(ids, day, since), coming_keys=_coming(group, day), late=tuple(late_tasks(group)),
        disputes=tuple(open_disputes(group)),
    )  # fmt: skip


def decision_lines(meeting: CommitteeMeeting | None) -> tuple[DecisionLine, ...]:
    """What a committee decided, with what each changed."""
    if meeting is None:
        return ()
    rows = list(meeting.decisions.all())
    changed = changes_of(rows)
    return tuple(DecisionLine(row, *changed.get(row.id, (None, ()))) for row in rows)


def _members(group: JointProcurement, ids: list[UUID], shares: YearShares, day: date) -> tuple[MemberLine, ...]:
    rows = DatedPopulation.objects.filter(group=group, kind="totale").order_by("year")
    people = {row.member_id: row.inhabitants for row in rows}
    counts = eservices.count_on(day, ids)
    return tuple(
        MemberLine(
            one.name, one.siren, people.get(one.id, one.population), counts.get(one.id, 0), shares.amounts(one.siren)
        )
        for one in authorities(ids)
    )


def _framework(one: FrameworkAgreement) -> FrameworkLine:
    expected = forecast_of(one)
    return FrameworkLine(one, consumption(one), expected, minimum_of(one, expected))


def _issued(group: JointProcurement, since: datetime | None) -> list[PurchaseOrder]:
    found = PurchaseOrder.objects.filter(framework__group=group, state__in=RESERVING).order_by("issued_at")
    return list(found.filter(issued_at__gt=since) if since is not None else found)


def _orders(orders: list[PurchaseOrder]) -> tuple[OrderLineSeen, ...]:
    names = {one.id: one.name for one in authorities({order.authority_id for order in orders})}
    return tuple(OrderLineSeen(order, names[order.authority_id]) for order in orders)


def _collected(group: JointProcurement, year: int) -> tuple[Collected, ...]:
    called = _sums(Statement.objects.filter(group=group, year=year).order_by(), "debtor_id", "ttc_cents")
    payments = Payment.objects.filter(statement__group=group, statement__year=year).order_by()
    paid = _sums(payments, "statement__debtor_id", "amount_cents")
    return tuple(Collected(one.name, called[one.id], paid.get(one.id, 0)) for one in authorities(called))


def _sums(rows: QuerySet[Any], debtor: str, cents: str) -> dict[UUID, int]:
    return dict(rows.values_list(debtor).annotate(Sum(cents)))


def _needs(group: JointProcurement, since: datetime | None) -> tuple[tuple[str, Need], ...]:
    found = Need.objects.filter(group=group)
    rows = list(found.filter(stated_at__gt=since) if since is not None else found)
    names = {one.id: one.name for one in authorities({row.authority_id for row in rows})}
    return tuple((names[row.authority_id], row) for row in rows)


def _projects(group: JointProcurement) -> tuple[Project, ...]:
    ids = [one.consultation_id for one in live_consultations(group)]
    with scope.authority(group.authority_id):
        lines = [procurement.consultation_line(one) for one in ids]
    return tuple(Project(line.title, line.state_label) for line in lines if line is not None)


def _services(ids: list[UUID], day: date, since: datetime | None) -> tuple[ServiceLine, ...]:
    live: dict[str, list[str]] = {}
    new: set[str] = set()
    for use in eservices.uses(ids):
        if use.used_on(day):
            live.setdefault(use.service_name, []).append(use.authority_name)
            if since is not None and use.from_on > since.date():
                new.add(use.service_name)
    return tuple(ServiceLine(name, tuple(sorted(live[name])), name in new) for name in sorted(live))


def _coming(group: JointProcurement, day: date) -> tuple[CostKey, ...]:
    return tuple(CostKey.objects.filter(group=group, in_force_on__gt=day).order_by("in_force_on"))
