"""Figures, dates and lists as French sentences write them."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from parvis.kit.money import NARROW as NARROW
from parvis.kit.money import NO_BREAK as NO_BREAK
from parvis.kit.money import euros

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
PERCENT_DECIMALS = 4


def number(value: int) -> str:
    """431 006, with no-break spaces."""
    return f"{value:,}".replace(",", NO_BREAK)


def fraction(value: Fraction) -> str:
    """815 491/9 482 132; a whole number alone."""
    return number(value.numerator) if value.denominator == 1 else ratio(value.numerator, value.denominator)


def ratio(part: int, whole: int) -> str:
    """9/66, as it is, not reduced."""
    return f"{number(part)}/{number(whole)}"


def decimal(value: Fraction, decimals: int) -> str:
    """Cut after `decimals` figures, never rounded: « 8,6003… » says that more follows, « 12,5 » is exact."""
    sign, value = ("-" if value < 0 else ""), abs(value)
    scaled, rest = divmod(value.numerator * 10**decimals, value.denominator)
    whole, part = divmod(scaled, 10**decimals)
    figures = f"{part:0{decimals}d}"
    if rest:
        return f"{sign}{number(whole)},{figures}…"
    figures = figures.rstrip("0")
    return f"{sign}{number(whole)},{figures}" if figures else f"{sign}{number(whole)}"


def percent(value: Fraction) -> str:
    """8,6003… % of a fraction of one."""
    return f"{decimal(value * 100, PERCENT_DECIMALS)}{NO_BREAK}%"


def rate(hundredths: int) -> str:
    """2000 is « 20 % », 550 is « 5,5 % »."""
    return f"{decimal(Fraction(hundredths, 100), 2)}{NO_BREAK}%"


def exact_euros(cents: Fraction) -> str:
    """An amount before rounding: 3 332,6127… €; whole cents as any amount."""
    return euros(int(cents)) if cents.denominator == 1 else f"{decimal(cents / 100, 4)}{NO_BREAK}€"


def day(on: date) -> str:
    """1er avril 2027."""
    return f"{'1er' if on.day == 1 else on.day} {MONTHS[on.month - 1]} {on.year}"


def period(from_on: date, until_on: date) -> str:
    """« du 1er janvier au 31 mars 2027 » for the days before `until_on`."""
    last = until_on - timedelta(days=1)
    if last == from_on:
        return f"le {day(from_on)}"
    first = day(from_on)
    return f"du {first.removesuffix(f' {last.year}')} au {day(last)}"


def several(count: int, one: str, many: str = "") -> str:
    """« 1 jour », « 90 jours », « 0 jour »."""
    return f"{number(count)}{NO_BREAK}{one if abs(count) < 2 else many or one + 's'}"


def listed(items: Sequence[str]) -> str:
    """« a », « a et b », « a, b et c » without the quotes; empty for nothing."""
    return " et ".join(filter(None, (", ".join(items[:-1]), items[-1]))) if items else ""


def quoted(text: str) -> str:
    return f"«{NARROW}{text}{NARROW}»"


def of(name: str) -> str:
    """« de Mulhouse », « d’Illzach »."""
    return f"d’{name}" if name[:1].lower() in "aeiouyéèêâîœ" else f"de {name}"
