"""Hours of a day as agents type them, « 8 h 30 – 12 h, 13h30-17h », and as pages write them. Paris hours, no zone."""

import re
from collections.abc import Iterable
from datetime import time
from itertools import pairwise

Span = tuple[time, time]

_CLOSED = {"", "-", "x", "ferme", "fermé", "fermée", "non", "rien", "néant", "aucun"}
_HOUR = r"(\d{1,2}(?:\s*(?:heures?|h|:|\.)(?:\s*\d{2}(?!\d))?|\d{2})?)"
_PERIOD = re.compile(rf"\s*(?:de\s+)?{_HOUR}\s*(?:-|à|a|jusqu[’']à)\s*{_HOUR}\s*")
_BETWEEN = re.compile(r"[,;/+\n]|\bet\b|\bpuis\b")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_SPACES = re.compile(r"[ \t\u00a0\u2009\u202f]+")


class HoursTextError(ValueError):
    """`code`: unreadable, no_such_hour, backwards or overlap; `part` the words that caused it."""

    def __init__(self, code: str, part: str) -> None:
        super().__init__(f"{code}: {part}")
        self.code = code
        self.part = part


def parse_hours(text: str) -> tuple[Span, ...]:
    """The periods of one day, in order; none when it is closed. Raises HoursTextError."""
    plain = _SPACES.sub(" ", _DASHES.sub("-", text)).strip().lower().replace("midi", "12h")
    if plain.strip(" .") in _CLOSED:
        return ()
    found = sorted(_period(part) for part in _BETWEEN.split(plain) if part.strip())
    for (_, closes), (opens, later) in pairwise(found):
        if opens < closes:
            raise HoursTextError("overlap", f"{write_hour(opens)} – {write_hour(later)}")
    return tuple(found)


def write_hours(spans: Iterable[Span]) -> str:
    """« 8 h 30 – 12 h, 13 h 30 – 17 h » with no-break spaces; empty when closed. `parse_hours` reads it back."""
    return ", ".join(f"{write_hour(opens)}\u00a0–\u00a0{write_hour(closes)}" for opens, closes in spans)


def write_hour(hour: time) -> str:
    return f"{hour.hour}\u00a0h\u00a0{hour.minute:02d}" if hour.minute else f"{hour.hour}\u00a0h"


def _period(part: str) -> Span:
    match = _PERIOD.fullmatch(part)
    if match is None:
        raise HoursTextError("unreadable", part.strip())
    opens, closes = (_hour(one) for one in match.groups())
    if closes <= opens:
        raise HoursTextError("backwards", part.strip())
    return opens, closes


def _hour(text: str) -> time:
    digits = re.findall(r"\d+", text)
    if len(digits) == 1 and len(digits[0]) > 2:
        digits = [digits[0][:-2], digits[0][-2:]]
    try:
        return time(int(digits[0]), int(digits[1]) if len(digits) > 1 else 0)
    except ValueError as error:
        raise HoursTextError("no_such_hour", text.strip()) from error
