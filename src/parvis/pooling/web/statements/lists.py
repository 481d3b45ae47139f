"""Statements of a group by year: what one owes, what one is owed, what the others call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.authorities.facade import authorities, desk_page
from parvis.kit import scope
from parvis.pooling.models import CostItem, JointProcurement
from parvis.pooling.selectors.calls import own_costs
from parvis.pooling.selectors.groups import own_membership
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.selectors.statements import Standing, Sums, standings, statement_years, statements_of, sums
from parvis.pooling.selectors.today import today
from parvis.pooling.web.frame import group_page
from parvis.pooling.web.statements.access import CALLS, COLLECTS, list_crumbs, list_url, statement_url
from parvis.pooling.web.statements.proposals import Proposal, proposals
from parvis.pooling.web.statements.words import Status, kind_words, status_words, sums_why

OWED, CALLED, OTHERS = "a-payer", "appeles", "groupement"


@dataclass(frozen=True, slots=True)
class Line:
    standing: Standing
    kind: str
    url: str
    status: Status
    debtor: str
    creditor: str


@dataclass(frozen=True, slots=True)
class Party:
    """The other side of several statements, and what they make together. `next_on`: when the first unpaid is due."""

    name: str
    sums: Sums
    why: list[str]
    next_on: date | None
    late: bool


@require_safe
@desk_page("pooling.read")
def group_statements(request: Any, group: UUID) -> HttpResponse:
    """`?annee=`, and `?vue=`: what one owes (a-payer), what one called (appeles), the other members' (groupement)."""
    found, house = group_in_reach(group), request.authority
    years = _years(found)
    year = _year(request.GET.get("annee", ""), years)
    everything = standings(statements_of(found).filter(year=year))
    by_view = _by_view(everything)
    view = _view(request.GET.get("vue", ""), found, year, by_view)
    rows = by_view[view]
    names = {one.id: one.name for one in authorities(_parties(everything))}
    context = {
        "year": year,
        "years": [(str(one), f"{list_url(house, found.id, one)}&vue={view}", one == year) for one in years],
        "view": view,
        "views": _views(house, found, year, view, by_view),
        "lines": [_line(one, house, names) for one in rows],
        "sums": sums(rows),
        "why": sums_why(rows, sums(rows)),
        "parties": _sides(rows, names, by_creditor=view == OWED),
        "others_due": view != OWED and sums(by_view[OWED]).due > 0,
        "proposals": _proposals(request, found, year) if view == CALLED else [],
        "has_costs": bool(own_costs(found, year)),
        "own": own_membership(found),
        "may_bill": request.actor.may(COLLECTS, house.id),
        "may_call": request.actor.may(CALLS, house.id),
        "csv_url": f"{reverse('statements_csv', args=[house.slug, found.id, year])}?vue={view}",
        "zip_url": f"{reverse('statements_zip', args=[house.slug, found.id, year])}?vue={view}",
        "owed_url": f"{list_url(house, found.id, year)}&vue={OWED}",
        "crumbs": list_crumbs(house, found),
    }
    return group_page(request, "pooling/statements/list.html", found, "group_statements", context)


def rows_of(group: JointProcurement, year: int, view: str) -> list[Standing]:
    """The statements that a view of a year shows; all of one's own for an unknown view."""
    by_view = _by_view(standings(statements_of(group).filter(year=year)))
    return by_view[view] if view in by_view else [*by_view[OWED], *by_view[CALLED]]


def _by_view(found: Sequence[Standing]) -> dict[str, list[Standing]]:
    me = scope.current_authority()
    owed = [one for one in found if one.statement.debtor_id == me]
    called = [one for one in found if one.statement.authority_id == me]
    others = [one for one in found if me not in (one.statement.debtor_id, one.statement.authority_id)]
    return {OWED: owed, CALLED: called, OTHERS: others}


def _view(asked: str, group: JointProcurement, year: int, by_view: dict[str, list[Standing]]) -> str:
    if asked in by_view:
        return asked
    creditor = by_view[CALLED] or own_costs(group, year)
    if creditor and not any(one.due > 0 for one in by_view[OWED]):
        return CALLED
    return OWED


def _views(
    house: Any, group: JointProcurement, year: int, view: str, by_view: dict[str, list[Standing]]
) -> list[tuple[str, str, bool, int]]:
    base = list_url(house, group.id, year)
    labels = ((OWED, _("Reçus, à payer")), (CALLED, _("Émis, à encaisser")), (OTHERS, _("Entre les autres membres")))
    return [(label, f"{base}&vue={name}", name == view, len(by_view[name])) for name, label in labels]


def _years(group: JointProcurement) -> list[int]:
    """Latest first: those with a statement or a cost of one's own, and this year."""
    mine = CostItem.objects.filter(group=group, authority_id=scope.current_authority())
    found = {*statement_years(group), *mine.values_list("year", flat=True), today().year}
    return sorted(found, reverse=True)


def _year(asked: str, years: list[int]) -> int:
    if asked.isascii() and asked.isdigit() and int(asked) in years:
        return int(asked)
    return today().year


def _parties(found: Sequence[Standing]) -> set[UUID]:
    return {i for one in found for i in (one.statement.authority_id, one.statement.debtor_id)}


def _line(one: Standing, house: Any, names: dict[UUID, str]) -> Line:
    statement = one.statement
    return Line(
        one, kind_words(statement), statement_url(house, statement), status_words(one), names[statement.debtor_id],
        names[statement.authority_id],
    )  # fmt: skip


def _sides(rows: Sequence[Standing], names: dict[UUID, str], *, by_creditor: bool) -> list[Party]:
    groups: dict[UUID, list[Standing]] = {}
    for one in rows:
        side = one.statement.authority_id if by_creditor else one.statement.debtor_id
        groups.setdefault(side, []).append(one)
    made = []
    for side, found in groups.items():
        total = sums(found)
        unpaid = [one.statement.due_on for one in found if one.due > 0]
        late = any(one.late and one.due > 0 for one in found)
        made.append(Party(names[side], total, sums_why(found, total), min(unpaid, default=None), late))
    return sorted(made, key=lambda one: one.name)


def _proposals(request: Any, group: JointProcurement, year: int) -> list[Proposal]:
    return proposals(request.authority, group, year) if request.actor.may(CALLS, request.authority.id) else []
