"""VAT in whole cents, and what a cost makes with it."""

from parvis.pooling.rules.book import STANDARD_RATE, Cost

WHOLE = 10_000
# Hundredths of a percent, the normal rate first.
RATES = (STANDARD_RATE, 1000, 550, 210, 0)


def order_vat(ht_cents: int, rate: int) -> int:
    """VAT of one order, rounded half up to the cent; a credit mirrors its debit.

    `rate` in hundredths of a percent: 2000 is 20 %. The rounding is the usual one of an invoice's foot.
    """
    size = (2 * abs(ht_cents) * rate + WHOLE) // (2 * WHOLE)
    return size if ht_cents >= 0 else -size


def invoice_vat(cost: Cost) -> int:
    """VAT of the invoice that the coordinator passes on: as written on it, else computed once on the whole."""
    return cost.vat_cents if cost.vat_cents is not None else order_vat(cost.ht_cents, cost.vat_rate)


def rate_of(ht_cents: int, vat_cents: int) -> int | None:
    """The French rate that makes this VAT of this amount, the normal one first; None when several rates are mixed."""
    return next((rate for rate in RATES if order_vat(ht_cents, rate) == vat_cents), None)
