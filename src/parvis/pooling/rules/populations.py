"""Populations as people paste them from a table, and as the engine counts them."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import NamedTuple
from uuid import UUID

from parvis.kit.money import NARROW
from parvis.pooling.rules.words import quoted

KINDS_OF_POPULATION = {"totale": "Totale", "municipale": "Municipale", "dgf": "DGF"}


@dataclass(frozen=True, slots=True)
class Counted:
    """Inhabitants of a member, of one kind, for a reference year."""

    member_id: UUID
    kind: str
    year: int
    inhabitants: int


class Place(NamedTuple):
    """A member as a pasted line may name it."""

    member_id: UUID
    name: str
    siren: str
    insee_code: str


class Pasted(NamedTuple):
    """What was understood, and a French sentence for each line that was not."""

    counted: tuple[Counted, ...]
    problems: tuple[str, ...]


def read_pasted(text: str, places: Iterable[Place], kind: str) -> Pasted:
    """A table whose first line names the columns: the member, then one reference year a column.

    Columns are separated by semicolons, tabs or commas; figures may have spaces; an empty cell says nothing. A member
    is named by its name, its SIREN or its INSEE code. Never raises.
    """
    try:
        rows = [[cell.strip() for cell in row] for row in _rows(text) if any(cell.strip() for cell in row)]
    except csv.Error:
        rows = []
    if len(rows) < 2:
        return Pasted(
            (), (f"Collez un titre de colonnes puis une ligne par membre. Exemple{NARROW}: Membre;2022;2023.",)
        )
    years = [_whole(cell) for cell in rows[0][1:]]
    if not years or any(year is None or not 1999 <= year <= 2100 for year in years):
        wrong = (
            f"La première ligne nomme les colonnes{NARROW}: Membre, puis une année par colonne, comme Membre;2022;2023."
        )
        return Pasted((), (wrong,))
    known = {_plain(name): one for one in places for name in (one.name, one.siren, one.insee_code) if name}
    counted: dict[tuple[UUID, int], Counted] = {}
    problems: list[str] = []
    for row in rows[1:]:
        place = known.get(_plain(row[0]))
        if place is None:
            problems.append(f"{quoted(row[0])} n’est pas un membre du groupement. Vérifiez son nom ou son SIREN.")
            continue
        for year, cell in zip(years, row[1:], strict=False):
            if not cell:
                continue
            value = _whole(cell)
            if value is None or year is None:
                problems.append(f"{place.name}{NARROW}: {quoted(cell)} n’est pas un nombre d’habitants.")
            else:
                counted[place.member_id, year] = Counted(place.member_id, kind, year, value)
    return Pasted(tuple(counted.values()), tuple(problems))


def _rows(text: str) -> Iterator[list[str]]:
    first = text.lstrip("\ufeff").strip().split("\n", 1)[0]
    mark = next((one for one in (";", "\t", ",") if one in first), ";")
    return csv.reader(StringIO(text.lstrip("\ufeff").strip(), newline=""), delimiter=mark)


def _whole(cell: str) -> int | None:
    digits = "".join(cell.split()).replace("\u00a0", "").replace("\u202f", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else None


def _plain(name: str) -> str:
    return " ".join(name.replace("’", "'").replace("-", " ").split()).casefold()
