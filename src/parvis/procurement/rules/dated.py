"""Dated figures of the law, read from data: which value holds on which day, and where it comes from."""

import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

from parvis.procurement.contracts import Tag

DATA = Path(__file__).parent / "data"


class NoFigure(LookupError):
    """No entry of the data covers this rule on this day: the law of that day was not read, nothing is guessed."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One value with its span (both days included) and its source. Unit: that of the file (cents, or days)."""

    rule: str
    value: int
    valid_from: date | None
    until: date | None
    article: str
    source: str
    tag: Tag
    variants: dict[str, int] = field(default_factory=dict)

    def holds_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.until is None or day <= self.until)


KNOWN = {"value", "from", "until", "article", "source", "tag"}


def read(name: str) -> dict[str, Any]:
    """The content of data/<name>.toml."""
    return tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))


@cache
def figures(name: str) -> dict[str, tuple[Figure, ...]]:
    """Every rule of data/<name>.toml. Raises ValueError where two spans overlap or an entry lacks its source."""
    tables = {rule: tuple(_figure(rule, entry) for entry in entries) for rule, entries in read(name).items()}
    for rule, entries in tables.items():
        spans = sorted((one.valid_from or date.min, one.until or date.max) for one in entries)
        if any(end >= start for (_, end), (start, _) in pairwise(spans)):
            raise ValueError(f"{name}.toml: two values of {rule} hold on one day")
    return tables


def _figure(rule: str, entry: dict[str, Any]) -> Figure:
    if not entry["source"] or entry["tag"] not in ("F", "S", "C"):
        raise ValueError(f"{rule}: a figure needs a source and a tag F, S or C")
    return Figure(
        rule=rule,
        value=int(entry["value"]),
        valid_from=entry.get("from"),
        until=entry.get("until"),
        article=str(entry["article"]),
        source=str(entry["source"]),
        tag=cast(Tag, entry["tag"]),
        variants={name: int(value) for name, value in entry.items() if name not in KNOWN},
    )


def figure(name: str, rule: str, on: date) -> Figure:
    """The figure of data/<name>.toml that holds on a day. Raises NoFigure when there is none."""
    for one in figures(name).get(rule, ()):
        if one.holds_on(on):
            return one
    raise NoFigure(f"{name}.toml has no value of {rule} on {on.isoformat()}")


def threshold(rule: str, on: date) -> Figure:
    """Cents excluding VAT. An amount below the value is under the threshold, an amount equal to it has reached it."""
    return figure("thresholds", rule, on)


def time_limit(rule: str, on: date) -> Figure:
    """Days."""
    return figure("time_limits", rule, on)
