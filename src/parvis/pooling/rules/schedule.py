"""A price schedule as rows, and as a sheet pasted from elsewhere."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from parvis.kit.money import parse_euros
from parvis.kit.sheets import FORMULA, decimal_comma, harmless
from parvis.pooling.rules.kinds import KINDS

STANDARD_RATE = 2000
HEADER = ("code", "désignation", "nature", "unité", "prix unitaire HT", "TVA %", "téléservice")
MOST_LINES = 500
_YES = {"oui", "o", "x", "1", "yes", "vrai", "true"}
_NO = {"", "non", "n", "0", "no", "faux", "false"}
_RATE = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?%?")


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A line of a schedule. `unit_cents` excluding VAT; `vat_rate` in hundredths of a percent: 2000 is 20 %."""

    code: str
    label: str
    kind: str
    unit: str
    unit_cents: int
    vat_rate: int = STANDARD_RATE
    for_eservice: bool = False


@dataclass(frozen=True, slots=True)
class BadLine:
    """`line` counts from 1; `why` is a French sentence."""

    line: int
    why: str


def read_schedule(text: str) -> tuple[list[PriceRow], list[BadLine]]:
    """A sheet of seven columns (HEADER), the last three optional; separated by tabs, semicolons or commas.

    A first line of titles is left out. What cannot be read is said line by line, and nothing is guessed.
    """
    rows: list[PriceRow] = []
    faults: list[BadLine] = []
    seen: set[str] = set()
    try:
        sheet = list(csv.reader(io.StringIO(text.strip("\ufeff\n"), newline=None), delimiter=_separator(text)))
    except csv.Error:
        return [], [BadLine(1, "ce tableau ne se lit pas : une cellule est démesurée, ou un guillemet reste ouvert.")]
    for number, cells in enumerate(sheet, 1):
        cells = [_bare(cell.strip()) for cell in cells]
        if not any(cells) or (number == 1 and _plain(cells[0]) == "code"):
            continue
        try:
            row = _row(cells)
            if row.code in seen:
                raise ValueError(f"le code « {row.code} » est déjà plus haut. Un code ne sert qu’une fois.")
        except ValueError as fault:
            faults.append(BadLine(number, str(fault)))
        else:
            seen.add(row.code)
            rows.append(row)
    if len(rows) > MOST_LINES:
        faults.append(BadLine(MOST_LINES + 1, f"un bordereau compte {MOST_LINES} lignes au plus."))
    return rows, faults


def write_schedule(rows: Iterable[PriceRow]) -> str:
    """The same sheet, separated by semicolons, with its titles; read_schedule reads it back."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(HEADER)
    for one in rows:
        price = decimal_comma(one.unit_cents)
        rate = f"{one.vat_rate // 100},{one.vat_rate % 100:02d}".removesuffix(",00")
        label = KINDS[one.kind].label if one.kind in KINDS else one.kind
        cells = (one.code, one.label, label, one.unit, price, rate, "oui" if one.for_eservice else "")
        writer.writerow([harmless(cell) for cell in cells])
    return out.getvalue()


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max("\t;,", key=first.count) if any(sign in first for sign in "\t;,") else ";"


def _row(cells: list[str]) -> PriceRow:
    if len(cells) < 5:
        raise ValueError("il faut au moins cinq colonnes : code, désignation, nature, unité et prix.")
    code, label, kind, unit, price, rate, online = (*cells, "", "", "")[:7]
    if not code or len(code) > 20:
        raise ValueError("le code manque, ou dépasse 20 caractères.")
    if not label or len(label) > 200:
        raise ValueError("la désignation manque, ou dépasse 200 caractères.")
    if len(unit) > 40:
        raise ValueError("l’unité dépasse 40 caractères.")
    return PriceRow(code, label, _kind(kind), unit or "forfait", _cents(price), _rate(rate), _yes(online))


def _kind(text: str) -> str:
    wanted = _plain(text)
    for one in KINDS.values():
        if wanted in (one.code, _plain(one.label)):
            return one.code
    known = ", ".join(one.label for one in KINDS.values())
    raise ValueError(f"la nature « {text} » n’est pas connue. Choisissez parmi : {known}.")


def _cents(text: str) -> int:
    try:
        cents = parse_euros(text)
    except ValueError:
        cents = -1
    if not 0 <= cents <= 10**12:
        raise ValueError(f"« {text} » n’est pas un prix. Exemple : 1 250,50")
    return cents


def _rate(text: str) -> int:
    if not text:
        return STANDARD_RATE
    found = _RATE.fullmatch("".join(text.split()))
    rate = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else 10001
    if rate > 10000:
        raise ValueError(f"« {text} » n’est pas un taux de TVA. Exemple : 20 ou 5,5")
    return rate


def _yes(text: str) -> bool:
    word = _plain(text)
    if word not in _YES | _NO:
        raise ValueError(f"« {text} » : écrivez oui ou non dans la colonne du téléservice.")
    return word in _YES


def _plain(text: str) -> str:
    """Lower case without accents, apostrophes alike: how a kind may be typed."""
    bare = unicodedata.normalize("NFD", text.strip().lower().replace("’", "'"))
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
