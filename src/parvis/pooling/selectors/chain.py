"""A framework's chain as far as it goes: needs, consultation, framework, orders, e-services, shares, statements."""

from dataclasses import dataclass

from django.db.models import F, Max, Sum

from parvis.eservices import facade as eservices
from parvis.kit import scope
from parvis.pooling.models import (
    CostItem,
    CostState,
    FrameworkAgreement,
    JointProcurement,
    OrderState,
    Payment,
    PurchaseOrder,
    Statement,
)
from parvis.pooling.rules.needs import Gathered, gather
from parvis.pooling.selectors.groups import member_ids
from parvis.pooling.selectors.needs import StatedNeed, live_consultations, stated_needs
from parvis.pooling.selectors.today import today
from parvis.pooling.states import RESERVING
from parvis.procurement import facade as procurement
from parvis.procurement.contracts import ConsultationLine


@dataclass(frozen=True, slots=True)
class Orders:
    """`counted`: those that take a part of the maximum; `announced`: on which the group may still answer."""

    counted: int
    ht_cents: int
    announced: int
    delivered: int


@dataclass(frozen=True, slots=True)
class Services:
    """E-services that members offer today; `shared`: by two of them or more; `ordered`: put online by an order here."""

    offered: int
    shared: int
    ordered: int


@dataclass(frozen=True, slots=True)
class Shares:
    """Costs of one year: all, closed ones, and their sum (final where closed, else estimated), excluding VAT."""

    year: int
    costs: int
    closed: int
    ht_cents: int


@dataclass(frozen=True, slots=True)
class Called:
    """Statements of all years, credits taken off; all taxes included."""

    count: int
    called_cents: int
    paid_cents: int


@dataclass(frozen=True, slots=True)
class Chain:
    needs: tuple[StatedNeed, ...]
    gathered: tuple[Gathered, ...]
    consultation: ConsultationLine | None
    awarded: bool
    frameworks: tuple[FrameworkAgreement, ...]
    orders: Orders
    services: Services
    shares: Shares | None
    called: Called

    @property
    def free_needs(self) -> int:
        """Of members, taken up by no consultation."""
        return sum(one.of_member and one.taken_by is None for one in self.needs)


def chain(group: JointProcurement) -> Chain:
    needs = tuple(stated_needs(group))
    line = group_consultation(group)
    return Chain(
        needs=needs, gathered=gather(one.asked for one in needs), consultation=line,
        awarded=line is not None and bool(procurement.awards_of(line.id)),
        frameworks=tuple(FrameworkAgreement.objects.filter(group=group)), orders=_orders(group),
        services=_services(group), shares=_shares(group), called=_called(group),
    )  # fmt: skip


def group_consultation(group: JointProcurement) -> ConsultationLine | None:
    """The newest that was not given up, as its coordinator sees it: a draft too."""
    rows = live_consultations(group)
    if not rows:
        return None
    with scope.authority(group.authority_id):
        return procurement.consultation_line(rows[0].consultation_id)


def _orders(group: JointProcurement) -> Orders:
    rows = PurchaseOrder.objects.filter(framework__group=group)
    counted = rows.filter(state__in=RESERVING)
    delivered = (OrderState.DELIVERED, OrderState.INVOICED, OrderState.PAID)
    return Orders(
        counted.count(), counted.aggregate(all=Sum(F("ht_cents") - F("released_cents")))["all"] or 0,
        rows.filter(state=OrderState.INFORMED).count(), rows.filter(state__in=delivered).count(),
    )  # fmt: skip


def _services(group: JointProcurement) -> Services:
    day = today()
    uses = [one for one in eservices.uses(member_ids(group, day)) if one.used_on(day)]
    users: dict[object, int] = {}
    for one in uses:
        users[one.service_id] = users.get(one.service_id, 0) + 1
    orders = set(PurchaseOrder.objects.filter(framework__group=group).values_list("id", flat=True))
    ordered = {one.service_id for one in uses if one.order_id in orders}
    return Services(len(users), sum(count > 1 for count in users.values()), len(ordered))


def _shares(group: JointProcurement) -> Shares | None:
    costs = CostItem.objects.filter(group=group)
    this_year = costs.filter(year=today().year)
    year = today().year if this_year.exists() else costs.aggregate(last=Max("year"))["last"]
    if year is None:
        return None
    rows = list(costs.filter(year=year))
    closed = sum(one.state == CostState.CLOSED for one in rows)
    return Shares(year, len(rows), closed, sum(_amount(one) for one in rows))


def _amount(cost: CostItem) -> int:
    return cost.final_ht_cents if cost.final_ht_cents is not None else cost.ht_cents


def _called(group: JointProcurement) -> Called:
    rows = Statement.objects.filter(group=group)
    paid = Payment.objects.filter(statement__group=group).aggregate(all=Sum("amount_cents"))["all"] or 0
    return Called(rows.count(), rows.aggregate(all=Sum("ttc_cents"))["all"] or 0, paid)
