"""CSV as French spreadsheets read it: UTF-8 with its mark, semicolons, decimal commas, and nothing that is run."""

import csv
import io
import re
from collections.abc import Iterable

MARK = "\ufeff"
# A cell that begins so is a formula for a spreadsheet, unless it is a number.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"-?\d+(,\d+)?")


def sheet(rows: Iterable[Iterable[str]]) -> str:
    """The rows, heads first. Numbers stay numbers; whatever else would be a formula is text."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return MARK + out.getvalue()


def harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) and not NUMBER.fullmatch(cell) else cell


def decimal_comma(cents: int) -> str:
    """-1234 is "-12,34"."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100},{abs(cents) % 100:02d}"
