"""The purchase order as the contractor gets it, drawn from its signed content alone."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from parvis.kit.jinja import date_long, date_time_long
from parvis.kit.money import euros
from parvis.kit.pdf import render_pdf
from parvis.kit.siret import spaced_siret
from parvis.pooling.models import OrderState, PurchaseOrder

TEMPLATE = Path(__file__).resolve().parent.parent / "pdf" / "order.typ"


def order_pdf(order: PurchaseOrder) -> bytes:
    """Raises ValueError for an order that was never issued."""
    signed = order.signed_order
    if signed is None:
        raise ValueError("only an issued order has a document")
    content = signed["order"]
    data = {
        **content,
        "cancelled": order.cancel_reason if order.state == OrderState.CANCELLED else "",
        "issued": date_time_long(datetime.fromisoformat(content["issued_at"])),
        "deliver_by": date_long(date.fromisoformat(content["deliver_by"])) if content["deliver_by"] else "",
        "buyer": {**content["buyer"], "siret": spaced_siret(content["buyer"]["siret"])},
        "contractor": {**content["contractor"], "siret": spaced_siret(content["contractor"]["siret"])},
        "lines": [_line(one) for one in content["lines"]],
        "vat": [
            {"rate": _rate(one["rate"]), "ht": euros(one["ht_cents"]), "vat": euros(one["vat_cents"])}
            for one in content["vat"]
        ],
        "shared_with": [one["name"] for one in content["parties"] if one["siret"] != content["buyer"]["siret"]],
        "ht": euros(content["ht_cents"]), "tva": euros(content["vat_cents"]), "ttc": euros(content["ttc_cents"]),
        "digest": signed["digest"], "signature": signed["signature"]["ed25519"],
        "public_key": signed["signature"]["public_key"],
    }  # fmt: skip
    return render_pdf(TEMPLATE, data)


def _line(one: dict[str, Any]) -> dict[str, str]:
    return {
        "code": one["code"], "label": one["label"], "quantity": one["quantity"], "unit": one["unit"],
        "price": euros(one["unit_cents"]), "rate": _rate(one["vat_rate"]), "ht": euros(one["ht_cents"]),
    }  # fmt: skip


def _rate(hundredths: int) -> str:
    """2000 → 20 %, 550 → 5,5 %."""
    whole, rest = divmod(hundredths, 100)
    return (f"{whole},{rest:02d}".rstrip("0") if rest else str(whole)) + "\u00a0%"
