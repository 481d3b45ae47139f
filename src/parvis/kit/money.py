"""Amounts are integer euro cents everywhere; this module only reads and writes them."""

import re
from decimal import Decimal

NARROW = "\u202f"
# In the typeface of the pages a narrow space hardly shows between figures, so amounts take the full no-break space.
NO_BREAK = "\u00a0"
# No exponent: 1e999999 is a short text and a number of a million figures.
_AMOUNT = re.compile(r"[+-]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})", re.ASCII)


def parse_euros(text: str) -> int:
    """Euro cents from what a person types: "1 600 000,50", "1600000.5". Raises ValueError when it is no amount."""
    cleaned = "".join(text.replace("€", "").replace(",", ".").split()).replace(NARROW, "").replace("\u00a0", "")
    if not _AMOUNT.fullmatch(cleaned):
        raise ValueError(text)
    cents = Decimal(cleaned) * 100
    if cents != cents.to_integral_value():
        raise ValueError(text)
    return int(cents)


def euros(cents: int) -> str:
    """French notation of an amount in cents: 1 600 000,00 €."""
    sign, value = ("-" if cents < 0 else ""), abs(cents)
    whole = f"{value // 100:,}".replace(",", NO_BREAK)
    return f"{sign}{whole},{value % 100:02d}{NO_BREAK}€"
