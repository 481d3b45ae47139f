"""What to bring, by reason and by what each person asks for: dated data (rules/data/documents.toml), one pure reading.

Every item says where it comes from and whether it is still to be confirmed: no official text was read (docs/law.md).
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data" / "documents.toml"


@dataclass(frozen=True, slots=True)
class PersonCase:
    """One person of an appointment. `case` is a key of rules/persons.py CASES, or "" while unknown: then what any
    case asks for is left out. `name` is how the list calls them where it does not concern everybody.
    """

    case: str = ""
    minor: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the list. `for_whom` is empty when it concerns everybody. `confirmed` is false for what no official
    text said; `source` says where it was read.
    """

    key: str
    text: str
    why: str
    for_whom: str
    source: str
    confirmed: bool


def documents(code: str, cases: Sequence[PersonCase], on: date) -> list[Item]:
    """The list for an appointment on a day, in the order in which one prepares it; empty for a reason that has none."""
    return [
        Item(row["key"], row["text"], row["why"], for_whom, row["source"], row["tag"] == "F")
        for row in _rows()
        if _in_force(row, on) and code in row["codes"] and (for_whom := _for_whom(row, cases)) is not None
    ]


@cache
def _rows() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads(_DATA.read_text(encoding="utf-8"))["item"])


def _in_force(row: dict[str, Any], on: date) -> bool:
    return bool(row.get("from", date.min) <= on <= row.get("until", date.max))


def _for_whom(row: dict[str, Any], cases: Sequence[PersonCase]) -> str | None:
    """Whom of these persons a line concerns, in words; None when nobody."""
    who = [
        (rank, person)
        for rank, person in enumerate(cases, start=1)
        if ("cases" not in row or person.case in row["cases"]) and _concerns(row["for"], person)
    ]
    if not who:
        return None
    if row["for"] == "guardian":
        return "Pour qui accompagne l’enfant"
    if row["for"] == "hosted":
        return "Si vous êtes hébergé chez quelqu’un"
    if row["for"] == "apart":
        return "Si les parents vivent séparés"
    if len(who) == len(cases):
        return ""
    return "Pour " + _listed([person.name or f"la personne {rank}" for rank, person in who])


def _concerns(whom: str, person: PersonCase) -> bool:
    if whom in ("minor", "guardian", "apart"):
        return person.minor
    if whom in ("adult", "hosted"):
        return not person.minor
    return True


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} et {names[-1]}"
