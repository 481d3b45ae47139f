"""An invoice kept as JSON beside its file, so that it is compared again without opening the file again."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from parvis.pooling.rules.invoice import (
    Difference,
    InvoiceLine,
    InvoiceRead,
    Level,
    Party,
    Profile,
    Totals,
    VatPart,
)


def invoice_json(invoice: InvoiceRead) -> dict[str, Any]:
    """Every field under its own name: days as YYYY-MM-DD, decimals as text, cents as numbers."""
    plain: dict[str, Any] = _plain(asdict(invoice))
    return plain


def difference_json(difference: Difference) -> dict[str, str]:
    return {
        "code": difference.code,
        "level": difference.level.value,
        "sentence": difference.sentence,
        "what_to_do": difference.what_to_do,
    }


def read_difference_json(data: dict[str, str]) -> Difference:
    return Difference(data["code"], Level(data["level"]), data["sentence"], data["what_to_do"])


def read_invoice_json(data: dict[str, Any]) -> InvoiceRead:
    """The invoice that `invoice_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    return InvoiceRead(
        **{
            **data,
            "issued_on": date.fromisoformat(data["issued_on"]),
            "due_on": date.fromisoformat(data["due_on"]) if data["due_on"] else None,
            "seller": Party(**data["seller"]),
            "buyer": Party(**data["buyer"]),
            "preceding": tuple(data["preceding"]),
            "totals": Totals(**data["totals"]),
            "vat_parts": tuple(VatPart(**part) for part in data["vat_parts"]),
            "lines": tuple(_line(line) for line in data["lines"]),
            "profile": Profile(data["profile"]),
            "problems": tuple(read_difference_json(one) for one in data["problems"]),
        }
    )


def _line(data: dict[str, Any]) -> InvoiceLine:
    decimals = {name: _decimal(data[name]) for name in ("quantity", "unit_price")}
    return InvoiceLine(**{**data, **decimals, "price_quantity": Decimal(data["price_quantity"])})


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.value if isinstance(value, Level | Profile) else value
