"""Amounts are integer euro cents everywhere; this module only reads and writes them."""

from decimal import Decimal, InvalidOperation

NARROW = "\u202f"
# In the typeface of the pages a narrow space hardly shows between figures, so amounts take the full no-break space.
NO_BREAK = "\u00a0"


def parse_euros(text: str) -> int:
    """Euro cents from what a person types: "1 600 000,50", "1600000.5". Raises ValueError when it is no amount."""
    cleaned = "".join(text.replace("€", "").replace(",", ".").split()).replace(NARROW, "").replace("\u00a0", "")
    try:
        amount = Decimal(cleaned)
    except InvalidOperation as error:
        raise ValueError(text) from error
    cents = amount * 100
    if not amount.is_finite() or cents != cents.to_integral_value():
        raise ValueError(text)
    return int(cents)


def euros(cents: int) -> str:
    """French notation of an amount in cents: 1 600 000,00 €."""
    sign, value = ("-" if cents < 0 else ""), abs(cents)
    whole = f"{value // 100:,}".replace(",", NO_BREAK)
    return f"{sign}{whole},{value % 100:02d}{NO_BREAK}€"
