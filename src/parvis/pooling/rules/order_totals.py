"""What a purchase order comes to. Cents; quantities and rates of VAT in hundredths: 150 is 1.5, 2000 is 20 %."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from parvis.pooling.rules.rounding import apportion
from parvis.pooling.rules.vat import order_vat

_QUANTITY = re.compile(r"(\d{1,7})(?:[.,](\d{1,2}))?")


@dataclass(frozen=True, slots=True)
class Amount:
    """Excluding VAT, at one rate, for one kind of cost."""

    kind: str
    vat_rate: int
    ht_cents: int


@dataclass(frozen=True, slots=True)
class Totals:
    """`rates`: for each VAT rate, lowest first, what it applies to and what it makes."""

    ht_cents: int
    vat_cents: int
    rates: tuple[tuple[int, int, int], ...]

    @property
    def ttc_cents(self) -> int:
        return self.ht_cents + self.vat_cents


def line_ht(unit_cents: int, quantity_hundredths: int) -> int:
    """Rounded half up to the cent."""
    return (unit_cents * quantity_hundredths + 50) // 100


def totals(amounts: Iterable[Amount]) -> Totals:
    """VAT is computed once a rate on the whole order, as on an invoice's foot."""
    by_rate: dict[int, int] = {}
    for one in amounts:
        by_rate[one.vat_rate] = by_rate.get(one.vat_rate, 0) + one.ht_cents
    rates = tuple((rate, ht, order_vat(ht, rate)) for rate, ht in sorted(by_rate.items()))
    return Totals(sum(by_rate.values()), sum(vat for _rate, _ht, vat in rates), rates)


def by_kind(amounts: Iterable[Amount]) -> dict[str, tuple[int, int]]:
    """For each kind of cost, HT and its part of the order's VAT; the parts make the order's totals exactly."""
    listed = list(amounts)
    made: dict[str, tuple[int, int]] = {one.kind: (0, 0) for one in listed}
    for rate, _ht, vat in totals(listed).rates:
        parts = _kinds_at(listed, rate)
        shares = apportion(vat, parts) if any(parts.values()) else dict.fromkeys(parts, 0)
        for kind, ht in parts.items():
            made[kind] = (made[kind][0] + ht, made[kind][1] + shares[kind])
    return made


def _kinds_at(amounts: Iterable[Amount], rate: int) -> Mapping[str, int]:
    parts: dict[str, int] = {}
    for one in amounts:
        if one.vat_rate == rate:
            parts[one.kind] = parts.get(one.kind, 0) + one.ht_cents
    return parts


def parse_quantity(text: str) -> int:
    """Hundredths, from "1", "1,5" or "0.25". Raises ValueError for anything else and for zero."""
    found = _QUANTITY.fullmatch("".join(text.split()))
    if found is None:
        raise ValueError(text)
    hundredths = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
    if hundredths == 0:
        raise ValueError(text)
    return hundredths


def quantity_words(hundredths: int) -> str:
    """1 → "1", 150 → "1,5"."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole},{rest:02d}".rstrip("0").rstrip(",") if rest else str(whole)
