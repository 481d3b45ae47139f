"""The costs of a year and what each member pays of them: the whole table, one member's part, the file for a sheet."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.authorities.facade import AuthorityView, desk_page
from parvis.kit.money import euros
from parvis.pooling.models import CostKey, JointProcurement
from parvis.pooling.rules import KINDS
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.selectors.shares import SharedCost, YearShares, year_shares, years_of
from parvis.pooling.selectors.today import today
from parvis.pooling.web.costs.access import address, costs_page, may_write
from parvis.pooling.web.costs.cost import member_of
from parvis.pooling.web.costs.sheet import shares_csv
from parvis.pooling.web.costs.words import amount_why, cost_row, remedy, short_label

# Beyond these, a chart says less than the table.
MOST_BARS = 12


@require_safe
@desk_page("pooling.read")
def group_costs(request: Any, group: UUID) -> HttpResponse:
    found = group_in_reach(group)
    years = _years(found)
    year = _chosen(request, years)
    shares = year_shares(found, year)
    members = _members(found, shares)
    house = request.authority
    context = {
        "year": year,
        "year_tabs": [(str(one), f"?annee={one}", one == year) for one in years],
        "shares": shares,
        "kinds": [(code, KINDS[code]) for code in shares.kinds],
        "columns": [(short_label(code), "num") for code in shares.kinds],
        "rows": [(one, address(request, "member_shares", found.id, year, one.slug)) for one in members],
        "mine": shares.amounts(house.siren),
        "my_lines": _lines_of(request, found, shares, house.siren),
        "my_why": amount_why(shares, house.siren),
        "my_url": address(request, "member_shares", found.id, year, house.slug),
        "is_party": house.siren in shares.members,
        "costs": [cost_row(request, found, one, house.siren) for one in shares.costs],
        "problems": [(one, remedy(request, found, one)) for one in shares.costs if one.problem],
        "bars": _bars(members, shares),
        "estimated": sum(one.item.state == "estimated" for one in shares.costs),
        "has_keys": CostKey.objects.filter(group=found).exists(),
        "may_write": may_write(request, found),
        "new_url": address(request, "cost_new", found.id),
        "keys_url": address(request, "cost_keys", found.id),
        "csv_url": address(request, "costs_csv", found.id, year),
        "simulator_url": address(request, "simulator", found.id),
    }
    return costs_page(request, "year", found, context)


@require_safe
@desk_page("pooling.read")
def member_shares(request: Any, group: UUID, year: int, member: str) -> HttpResponse:
    """One member's year, each amount with its computation."""
    found = group_in_reach(group)
    shares = year_shares(found, year)
    house = member_of(shares, member)
    context = {
        "year": year, "house": house, "shares": shares, "amounts": shares.amounts(house.siren),
        "own": house.id == request.authority.id, "lines": _lines_of(request, found, shares, house.siren),
        "total_why": amount_why(shares, house.siren),
        "back": f"{address(request, 'group_costs', found.id)}?annee={year}",
    }  # fmt: skip
    crumb = _("{year}, part {of_name}").format(year=year, of_name=house.of_name)
    return costs_page(request, "member", found, context, (crumb, ""))


@require_safe
@desk_page("pooling.read")
def costs_csv(request: Any, group: UUID, year: int) -> HttpResponse:
    found = group_in_reach(group)
    shares = year_shares(found, year)
    response = HttpResponse(shares_csv(shares), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="parts-{year}.csv"'
    return response


def _lines_of(
    request: Any, group: JointProcurement, shares: YearShares, siren: str
) -> list[tuple[SharedCost, str, Any, str]]:
    """By cost that is split: its kind, the member's amounts, where its computation is."""
    return [
        (one, KINDS[one.item.kind].label if one.item.kind in KINDS else one.item.kind, one.split.amounts(siren),
         address(request, "cost", group.id, one.item.id))
        for one in shares.costs
        if one.split
    ]  # fmt: skip


def _years(group: JointProcurement) -> list[int]:
    """Those that have costs, and the one that it is, latest first."""
    known = set(years_of(group))
    now = today()
    if not group.ends_on or now < group.ends_on:
        known.add(now.year if not group.starts_on else max(now.year, group.starts_on.year))
    return sorted(known or {now.year}, reverse=True)


def _chosen(request: Any, years: list[int]) -> int:
    """The year asked for, else this one when it has costs or none other does."""
    asked = request.GET.get("annee", "")
    if asked.isascii() and asked.isdigit() and int(asked) in years:
        return int(asked)
    return min(years, key=lambda one: (abs(one - today().year), -one))


def _members(group: JointProcurement, shares: YearShares) -> list[AuthorityView]:
    """Those of the group on some day of the year, and whoever pays: the coordinator, then by name."""
    first, after = date(shares.year, 1, 1), date(shares.year + 1, 1, 1)
    there = {
        one.siren
        for one in shares.book.presences
        if one.from_on < after and (one.until_on is None or one.until_on > first)
    }
    found = [one for siren, one in shares.members.items() if siren in there or siren in shares.totals]
    return sorted(found, key=lambda one: (one.id != group.authority_id, one.name))


def _bars(members: list[AuthorityView], shares: YearShares) -> list[tuple[str, int, str]]:
    """Name, cents including VAT and their words, the largest first; the smallest are one bar when there are many."""
    found = sorted(((one.name, shares.amounts(one.siren).ttc) for one in members), key=lambda one: (-one[1], one[0]))
    paying = [one for one in found if one[1] > 0]
    if len(paying) > MOST_BARS:
        rest = paying[MOST_BARS - 1 :]
        name = _("{count} autres membres").format(count=len(rest))
        paying = [*paying[: MOST_BARS - 1], (name, sum(cents for _name, cents in rest))]
    return [(name, cents, euros(cents)) for name, cents in paying]
