from datetime import date
from typing import Any

from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.pooling.models import CostItem, PurchaseOrder
from parvis.pooling.rules.kinds import AGGLOMERATION, KINDS, OWN
from parvis.pooling.rules.order_totals import by_kind
from parvis.pooling.selectors.orders import amounts_of, lines_of, party_ids


def record_order_costs(order: PurchaseOrder) -> list[CostItem]:
    """What an issued order gives to share: an estimate for each kind of its lines, owed to the ordering member.

    The parts make the order's HT and VAT exactly. Who shares: the order's members, for what an e-service or one member
    costs; the group, by its key, for the rest. A service is shared over the year; what is bought, from the issue on.
    """
    assert order.issued_at
    issued_on = order.issued_at.astimezone(clock.PARIS).date()
    parties = party_ids(order)
    made = []
    for kind, (ht, vat) in by_kind(amounts_of(lines_of(order))).items():
        known = KINDS[kind]
        # Nothing to share, or an order of several members for what one alone would pay: it is theirs together.
        key = KINDS["acquisition"].key if known.key == OWN and len(parties) > 1 else known.key
        fields: dict[str, Any] = {
            "label": f"{known.label}, {order.title}"[:200], "year": issued_on.year, "ht_cents": ht, "vat_cents": vat,
            "key_code": key, "payer_id": order.authority_id if key == OWN else None,
            "users": [str(one) for one in parties] if _is_shared_by_parties(kind, key, len(parties)) else [],
        }  # fmt: skip
        from_on, until_on = _period(order, kind, issued_on)
        item = CostItem(
            group=order.framework.group, circle_id=order.circle_id, order=order, kind=kind, from_on=from_on,
            until_on=until_on, **fields,
        )  # fmt: skip
        item.save(force_insert=True)
        data = {"order": str(order.id), "kind": kind, "ht_cents": ht, "vat_cents": vat, "key": key}
        audit.record("cost.recorded", subject=item.id, data=data)
        made.append(item)
    return made


def _is_shared_by_parties(kind: str, key: str, parties: int) -> bool:
    """An e-service's users are the order's members until the e-service is in the catalogue and says better."""
    return key not in (OWN, AGGLOMERATION) and (parties > 1 or KINDS[kind].of_service)


def _period(order: PurchaseOrder, kind: str, issued_on: date) -> tuple[date, date]:
    """Half-open, within the year of the issue and the term of the framework."""
    first, after = date(issued_on.year, 1, 1), date(issued_on.year + 1, 1, 1)
    if kind in ("acquisition", "own", "appointments"):
        return issued_on, after
    return max(first, min(order.framework.starts_on, issued_on)), after
