"""One cost: what it is, how it is split slice by slice, what each member pays, and what was kept of it."""

from typing import Any, NamedTuple
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.authorities.facade import AuthorityView, authority, desk_page
from parvis.kit.jinja import date_long
from parvis.kit.money import euros
from parvis.pooling.models import CostItem, CostState, JointProcurement
from parvis.pooling.rules import Amounts, Slice, Split, explain, from_record
from parvis.pooling.rules.words import number, percent, period, quoted
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.selectors.replays import Replayed, replays_of
from parvis.pooling.selectors.shares import SharedCost, YearShares, year_shares
from parvis.pooling.web.costs.access import address, cost_in, costs_page, may_write
from parvis.pooling.web.costs.words import kind_label, remedy, state_words, who_shares


class PartRow(NamedTuple):
    """`share`: a percentage in words; `url`: the computation."""

    name: str
    siren: str
    share: str
    amounts: Amounts
    url: str


class SliceRow(NamedTuple):
    """`parts`: name, N, inhabitants, percentage; N and inhabitants are empty where the key does not read them."""

    when: str
    days: int
    key: str
    parts: tuple[tuple[str, str, str, str], ...]


class Kept(NamedTuple):
    """A computation kept when money was called; `ok`: done again, it says the same."""

    purpose: str
    at: Any
    digest: str
    ok: bool
    words: str


@require_safe
@desk_page("pooling.read")
def cost(request: Any, group: UUID, cost: UUID) -> HttpResponse:
    found = group_in_reach(group)
    item = cost_in(found, cost)
    shares, one = _shared(found, item)
    mine = item.authority_id == request.authority.id and may_write(request, found)
    kept = replays_of(item)
    estimated = item.state == CostState.ESTIMATED
    context = {
        "item": item, "state": state_words(item), "facts": _facts(item),
        "one": one, "fix": remedy(request, found, one) if one.problem else ("", ""),
        "parts": _parts(request, found, shares, one.split) if one.split else [],
        "slices": [_slice(shares, part) for part in one.split.slices] if one.split else [],
        "empty": [period(*span) for span in one.split.empty] if one.split else [],
        "total": one.split.total if one.split else None,
        "mine": one.split.amounts(request.authority.siren) if one.split else None,
        "my_why": address(request, "cost_share", found.id, item.id, request.authority.slug),
        "kept": [_kept(row) for row in kept],
        "edit_url": address(request, "cost_edit", found.id, item.id) if mine and estimated and not kept else "",
        "order_url": address(request, "order", found.id, item.order_id) if item.order_id else "",
        "close_url": address(request, "cost_close", found.id, item.id) if mine and estimated else "",
        "removable": mine and estimated and not kept and not item.order_id,
        "remove_url": address(request, "cost_remove", found.id, item.id),
    }  # fmt: skip
    return costs_page(request, "cost", found, context, *_trail(request, found, item))


@require_safe
@desk_page("pooling.read")
def cost_share(request: Any, group: UUID, cost: UUID, member: str) -> HttpResponse:
    """Why one member pays this part of a cost, today and each time that it was called."""
    found = group_in_reach(group)
    item = cost_in(found, cost)
    shares, one = _shared(found, item)
    house = member_of(shares, member)
    context = {
        "item": item, "house": house, "one": one, "own": house.id == request.authority.id,
        "lines": shares.why(one, house.siren),
        "amounts": one.split.amounts(house.siren) if one.split else None,
        "before": [_told(row, house.siren) for row in replays_of(item)],
        "back": address(request, "cost", found.id, item.id),
    }  # fmt: skip
    back = (item.label, context["back"])
    return costs_page(request, "share", found, context, *_trail(request, found, item)[:1], back, (house.name, ""))


def member_of(shares: YearShares, slug: str) -> AuthorityView:
    """Raises Http404 for who has no place in the group."""
    found = next((one for one in shares.members.values() if one.slug == slug), None)
    if found is None:
        raise Http404(_("Cette collectivité n’est pas dans le groupement."))
    return found


def _shared(group: JointProcurement, item: CostItem) -> tuple[YearShares, SharedCost]:
    shares = year_shares(group, item.year)
    return shares, next(one for one in shares.costs if one.item.id == item.id)


def _trail(request: Any, group: JointProcurement, item: CostItem) -> list[tuple[str, str]]:
    year = f"{address(request, 'group_costs', group.id)}?annee={item.year}"
    return [(str(item.year), year), (item.label, "")]


def _facts(item: CostItem) -> list[tuple[str, str]]:
    rows = [
        (_("Nature"), kind_label(item.kind)),
        (_("Période"), period(item.from_on, item.until_on)),
        (_("Estimation"), _money(item.ht_cents, item.vat_cents)),
    ]
    if item.final_ht_cents is not None and item.final_vat_cents is not None:
        rows.append((_("Montant définitif"), _money(item.final_ht_cents, item.final_vat_cents)))
    if item.closed_on:
        rows.append((_("Arrêté le"), date_long(item.closed_on)))
    if item.proof:
        rows.append((_("Ce qui le prouve"), item.proof))
    rows += [
        (_("Qui se le partage"), who_shares(item)),
        (_("Qui paie le titulaire"), authority(item.authority_id).name),
    ]
    return rows


def _money(ht: int, vat: int) -> str:
    return _("{ht} HT, {vat} de TVA, {ttc} TTC").format(ht=euros(ht), vat=euros(vat), ttc=euros(ht + vat))


def _parts(request: Any, group: JointProcurement, shares: YearShares, split: Split) -> list[PartRow]:
    """Who pays, the largest part first."""
    found = [
        PartRow(
            shares.book.name(siren), siren, percent(share), split.amounts(siren),
            address(request, "cost_share", group.id, split.cost.id, shares.members[siren].slug)
            if siren in shares.members else "",
        )
        for siren, share in split.shares.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.amounts.ht, one.name))


def _slice(shares: YearShares, one: Slice) -> SliceRow:
    read_counts = one.key.formula in ("weighted", "product", "per_service")
    read_people = one.key.formula != "single_payer"
    parts = sorted(one.parts, key=lambda part: -one.share(part.siren))
    return SliceRow(
        period(one.from_on, one.until_on), one.days,
        _("{name}, version {version}").format(name=quoted(one.key.name), version=one.key.version),
        tuple(
            (shares.book.name(part.siren), number(part.offered) if read_counts else "",
             number(part.population) if read_people else "", percent(one.share(part.siren)))
            for part in parts
        ),
    )  # fmt: skip


def _kept(row: Replayed) -> Kept:
    if row.split is None:
        return Kept(row.run.get_purpose_display(), row.run.computed_at, row.run.digest, False, row.problem)
    total = row.split.total
    words = _("{ht} HT et {vat} de TVA, entre {count} membres.").format(
        ht=euros(total.ht), vat=euros(total.vat), count=len(row.split.ht)
    )
    return Kept(row.run.get_purpose_display(), row.run.computed_at, row.run.digest, True, words)


def _told(row: Replayed, siren: str) -> tuple[Kept, list[str]]:
    """The explanation of that day, from what was kept; empty for who was not known then."""
    if row.split is None:
        return _kept(row), []
    book, _cost = from_record(row.run.record)
    known = any(one.siren == siren for one in book.members)
    return _kept(row), [line.text for line in explain(book, row.split, siren)] if known else []
