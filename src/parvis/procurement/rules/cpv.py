"""CPV codes (common procurement vocabulary): their form, and search in a list that the caller provides."""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from parvis.procurement.rules.text import _

_FORM = re.compile(r"\d{8}(-\d)?", re.ASCII)


def cpv_error(code: str) -> str | None:
    """What is wrong with the form of a CPV code: 8 digits, then optionally a hyphen and the check digit.

    The check digit's value is not verified: no published formula was read.
    """
    if _FORM.fullmatch(code):
        return None
    return _("« %(code)s » n’est pas un code CPV : il compte 8 chiffres, par exemple 45214210 (écoles primaires).") % {
        "code": code
    }


def bare(code: str) -> str:
    """The 8 digits without the check digit. Raises ValueError for another form."""
    if cpv_error(code):
        raise ValueError(code)
    return code[:8]


@dataclass(frozen=True, slots=True)
class Entry:
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list of codes with French labels, in the order of its file. `folded`: labels without case or accents."""

    entries: tuple[Entry, ...]
    folded: tuple[str, ...]

    def label(self, code: str) -> str | None:
        """The label of an exact code, the check digit of a CPV code ignored; None when the list has no such code."""
        wanted = code[:8] if _FORM.fullmatch(code) else code
        return next((entry.label for entry in self.entries if entry.code == wanted), None)

    def search(self, text: str, limit: int = 20) -> list[Entry]:
        """Entries whose code begins with the text, or whose label holds every word of it (case and accents ignored).

        Labels that begin with the text come first, then the general codes before the detailed ones.
        """
        words = _fold(text).split()
        if not words:
            return []
        if len(words) == 1 and (digits := words[0].split("-")[0]).isdigit():
            return [entry for entry in self.entries if entry.code.startswith(digits)][:limit]
        start = " ".join(words)
        found = [
            (not folded.startswith(start), -_trailing_zeros(entry.code), entry.code, entry)
            for entry, folded in zip(self.entries, self.folded, strict=True)
            if entry.code.casefold().startswith(start) or all(word in folded for word in words)
        ]
        return [entry for *_order, entry in sorted(found, key=lambda one: one[:3])[:limit]]


def _trailing_zeros(code: str) -> int:
    return len(code) - len(code.rstrip("0"))


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").replace("œ", "oe"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@cache
def code_list(path: Path) -> CodeList:
    """Reads a CSV of columns code, label_fr (UTF-8). Raises FileNotFoundError, KeyError for other columns."""
    with path.open(encoding="utf-8", newline="") as file:
        entries = tuple(Entry(row["code"].strip(), row["label_fr"].strip()) for row in csv.DictReader(file))
    return CodeList(entries, tuple(_fold(entry.label) for entry in entries))
