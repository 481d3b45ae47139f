"""References of consultations: the house form is 2026-F-012; a buyer may keep their own."""

import re
from collections.abc import Iterable

from parvis.procurement.contracts import Nature
from parvis.procurement.rules.text import _

_FORM = re.compile(r"[A-Z0-9][A-Z0-9._/-]{1,28}[A-Z0-9]", re.ASCII)
_HOUSE = re.compile(r"(\d{4})-([TFS])-(\d{3,})", re.ASCII)
LETTERS: dict[Nature, str] = {"works": "T", "supplies": "F", "services": "S"}


def reference_error(reference: str) -> str | None:
    """What is wrong with a reference: 3 to 30 capitals, digits, hyphens, dots, slashes or underscores."""
    if _FORM.fullmatch(reference):
        return None
    return _(
        "« %(reference)s » ne peut pas servir de référence : utilisez 3 à 30 majuscules, chiffres, tirets, points ou "
        "barres, par exemple 2026-F-012."
    ) % {"reference": reference}


def next_reference(year: int, nature: Nature, taken: Iterable[str]) -> str:
    """The next free reference of the year and nature in the house form; references of another form are passed over."""
    letter = LETTERS[nature]
    matches = (_HOUSE.fullmatch(reference) for reference in taken)
    numbers = [int(found[3]) for found in matches if found and found[1] == f"{year:04d}" and found[2] == letter]
    return f"{year:04d}-{letter}-{max(numbers, default=0) + 1:03d}"
