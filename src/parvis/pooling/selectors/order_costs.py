"""What an order gives to share, and who would pay what: before its issue as foreseen, after it as recorded."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from parvis.authorities.facade import AuthorityView, authorities
from parvis.kit import clock
from parvis.pooling.models import CostItem, JointProcurement, PurchaseOrder
from parvis.pooling.rules import CannotSplit, explain, split
from parvis.pooling.rules.kinds import AGGLOMERATION, KINDS, OWN
from parvis.pooling.rules.order_totals import by_kind
from parvis.pooling.selectors.book import book_of, cost_of, vat_way_of
from parvis.pooling.selectors.orders import amounts_of, lines_of, party_ids
from parvis.pooling.selectors.today import today


@dataclass(frozen=True, slots=True)
class OrderShare:
    """What one member pays of an order, in cents; `why`: for each cost, its sentences."""

    member: AuthorityView
    ht_cents: int
    vat_cents: int
    why: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def ttc_cents(self) -> int:
        return self.ht_cents + self.vat_cents


def planned_costs(order: PurchaseOrder) -> list[CostItem]:
    """Not saved: an estimate for each kind of the order's lines, owed to the ordering member; they make its HT and VAT.

    Who shares: the order's members, for what an e-service or one member costs; the group, by its key, for the rest. A
    service is shared over the year; what is bought, from the issue on.
    """
    issued_on = order.issued_at.astimezone(clock.PARIS).date() if order.issued_at else today()
    parties = party_ids(order)
    made = []
    for kind, (ht, vat) in by_kind(amounts_of(lines_of(order))).items():
        known = KINDS[kind]
        # What one member alone would pay, ordered by several: it is theirs together.
        key = KINDS["acquisition"].key if known.key == OWN and len(parties) > 1 else known.key
        among_them = key not in (OWN, AGGLOMERATION) and (len(parties) > 1 or known.of_service)
        from_on, until_on = _period(order, kind, issued_on)
        fields: dict[str, Any] = {
            "label": f"{known.label}, {order.title}"[:200], "year": issued_on.year, "ht_cents": ht, "vat_cents": vat,
            "key_code": key, "payer_id": order.authority_id if key == OWN else None,
            "users": [str(one) for one in parties] if among_them else [], "from_on": from_on, "until_on": until_on,
        }  # fmt: skip
        item = CostItem(authority_id=order.authority_id, circle_id=order.circle_id, order=order, kind=kind, **fields)
        item.group = order.framework.group
        made.append(item)
    return made


def order_shares(order: PurchaseOrder) -> tuple[list[OrderShare], str]:
    """Who pays what of this order, the largest part first; or why that cannot be said yet."""
    items = list(CostItem.objects.filter(order=order).select_related("payer")) or planned_costs(order)
    group = order.framework.group
    book = book_of(group)
    houses = {one.siren: one for one in authorities()}
    sirens = {one.id: one.siren for one in houses.values()}
    sums: dict[str, tuple[int, int]] = {}
    why: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    try:
        for item in items:
            parts = split(book, cost_of(item, sirens, vat_way_of(group)))
            for siren in parts.ht:
                ht, vat = sums.get(siren, (0, 0))
                sums[siren] = (ht + parts.ht[siren], vat + parts.vat[siren])
                lines = tuple(str(line) for line in explain(book, parts, siren))
                why.setdefault(siren, []).append((item.label, lines))
    except CannotSplit as refusal:
        return [], refusal.message
    rows = [OrderShare(houses[siren], *sums[siren], tuple(why[siren])) for siren in sums]
    return sorted(rows, key=lambda one: (-one.ht_cents, one.member.name)), ""


def year_in_term(group: JointProcurement, day: date) -> tuple[date, date]:
    """The year of a day as far as the group lasts, half-open, that day always in it."""
    first, after = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    if group.starts_on:
        first = max(first, min(group.starts_on, day))
    if group.ends_on and group.ends_on > day:
        after = min(after, group.ends_on)
    return first, after


def _period(order: PurchaseOrder, kind: str, issued_on: date) -> tuple[date, date]:
    """Half-open, within the year of the issue and the term of the group; a service, from the framework's first day."""
    first, after = year_in_term(order.framework.group, issued_on)
    if kind in ("acquisition", "own", "appointments"):
        return issued_on, after
    return max(first, min(order.framework.starts_on, issued_on)), after
