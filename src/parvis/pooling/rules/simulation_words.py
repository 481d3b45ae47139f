"""What a simulation comes to, in words."""

from fractions import Fraction

from parvis.kit.money import NARROW, NO_BREAK, euros


def share(cents: int, total: int) -> str:
    """« 12,5 % », rounded to the tenth; a dash when there is nothing to share."""
    if not total:
        return "–"
    tenths = int(Fraction(abs(cents) * 1000, abs(total)) + Fraction(1, 2))
    sign = "-" if cents and tenths and (cents < 0) != (total < 0) else ""
    return f"{sign}{tenths // 10},{tenths % 10}{NO_BREAK}%"


def difference(cents: int) -> str:
    """« 621,80 € de moins », « 12,00 € de plus », « inchangé »."""
    if not cents:
        return "inchangé"
    return f"{euros(abs(cents))} de {'plus' if cents > 0 else 'moins'}"


def signed(cents: int) -> str:
    """+12,00 €, −12,00 €, 0,00 €."""
    if not cents:
        return euros(0)
    return f"{'+' if cents > 0 else '−'}{euros(abs(cents))}"


def summary(whose: str, before: int, after: int, taxes: str, year: int) -> str:
    """« Votre part passerait de 10,00 € à 8,00 € TTC en 2027, soit 2,00 € de moins. » `whose`: « Votre part »."""
    if before == after:
        nothing = "resterait nulle" if not after else f"ne changerait pas{NARROW}: {euros(after)} {taxes}"
        return f"{whose} {nothing} en {year}."
    if not before:
        return f"{whose} serait de {euros(after)} {taxes} en {year}{NARROW}; elle est nulle aujourd’hui."
    said = f"{whose} passerait de {euros(before)} à {euros(after)} {taxes} en {year}"
    return f"{said}, soit {difference(after - before)}."


def whole(before: int, after: int, taxes: str) -> str:
    """What becomes of the sum of all the costs."""
    if before == after:
        return (
            f"Le total ne change pas, {euros(after)} {taxes}{NARROW}: ce que les uns paient de moins, les autres le "
            "paient de plus."
        )
    return (
        f"Le total passe de {euros(before)} à {euros(after)} {taxes}, soit {difference(after - before)}{NARROW}: "
        "une dépense a changé, ou s’est ajoutée."
    )
