"""At least two steering committees a year: how many a year wants, how many it has, when the coordinator is reminded.

Source: the group's constitutive agreement (two a year at least; a reminder from 1 October). It says nothing of a year
that the group does not live whole: to be confirmed by the group, a year wants one committee when the group starts
after 1 July, or has ended by then; a year without the group wants none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal, NamedTuple

from parvis.kit.money import NARROW
from parvis.pooling.rules.words import day as day_words
from parvis.pooling.rules.words import number, several

MEETINGS_A_YEAR = 2
MID_YEAR = (7, 1)
REMINDED_FROM = (10, 1)
# What a calendar shows of a committee: nobody says when it will end.
USUAL_LENGTH = timedelta(hours=2)

State = Literal["planned", "called", "held", "minuted", "cancelled"]


class Meeting(NamedTuple):
    """A committee and its day in Paris."""

    on: date
    state: State


class Standing(StrEnum):
    """Where a year stands. MET: held. CALLED: it will be, with those called. MISSED: the year is over."""

    MET = "met"
    CALLED = "called"
    OPEN = "open"
    LATE = "late"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Watch:
    """The committees of a calendar year: how many are wanted, held, called; `planned` ones count for nothing yet."""

    year: int
    wanted: int
    held: int
    called: int
    planned: int
    standing: Standing

    @property
    def missing(self) -> int:
        """Still to be called."""
        return max(0, self.wanted - self.held - self.called)


def wanted_in(year: int, starts_on: date | None, ends_on: date | None) -> int:
    """How many committees a group in force on [starts_on, ends_on) holds in a year; none before it has a start."""
    first, middle, next_first = date(year, 1, 1), date(year, *MID_YEAR), date(year + 1, 1, 1)
    if starts_on is None or starts_on >= next_first or (ends_on is not None and ends_on <= first):
        return 0
    if starts_on > middle or (ends_on is not None and ends_on <= middle):
        return 1
    return MEETINGS_A_YEAR


def watch(meetings: Iterable[Meeting], year: int, today: date, starts_on: date | None, ends_on: date | None) -> Watch:
    """One year of a group's committees, seen on `today`."""
    states = [one.state for one in meetings if one.on.year == year]
    held = sum(state in {"held", "minuted"} for state in states)
    called, planned = states.count("called"), states.count("planned")
    wanted = wanted_in(year, starts_on, ends_on)
    return Watch(year, wanted, held, called, planned, _standing(year, today, wanted, held, called))


def _standing(year: int, today: date, wanted: int, held: int, called: int) -> Standing:
    if held >= wanted:
        return Standing.MET
    if today.year > year:
        return Standing.MISSED
    if held + called >= wanted:
        return Standing.CALLED
    return Standing.LATE if today >= date(year, *REMINDED_FROM) else Standing.OPEN


def reminder_code(seen: Watch, today: date) -> str | None:
    """One reminder a month while the year's committees are late; None when nothing is to be said."""
    return f"committee:{seen.year}-{today.month:02d}" if seen.standing is Standing.LATE else None


def why(seen: Watch, starts_on: date | None, ends_on: date | None) -> tuple[str, ...]:
    """How the number of the year was found, in French sentences."""
    lines = ["La convention du groupement demande un comité au moins deux fois par an."]
    if seen.wanted < MEETINGS_A_YEAR:
        lines.append(_short_year(seen, starts_on, ends_on))
    lines.append(
        f"En {seen.year}{NARROW}: {several(seen.held, 'tenu')}, {several(seen.called, 'convoqué')}, sur "
        f"{number(seen.wanted)} à tenir. Un comité en préparation ne compte pas encore{NARROW}: il compte dès que les "
        "membres sont convoqués."
    )
    lines.append("À partir du 1er octobre, le coordinateur reçoit un rappel chaque mois tant qu’il en manque.")
    return tuple(lines)


def _short_year(seen: Watch, starts_on: date | None, ends_on: date | None) -> str:
    if seen.wanted == 0:
        return f"Le groupement n’est pas en vigueur en {seen.year}{NARROW}: aucun comité n’est à tenir."
    if starts_on is not None and starts_on > date(seen.year, *MID_YEAR):
        start = f"Le groupement commence le {day_words(starts_on)}, après le 1er juillet"
    else:
        start = f"Le groupement finit le {day_words(ends_on - timedelta(days=1))}" if ends_on else "Année incomplète"
    return f"{start}{NARROW}: un seul comité est demandé en {seen.year} (règle à confirmer par le groupement)."
