"""How long an appointment lasts, and what it takes of a desk."""

from datetime import timedelta
from typing import Protocol


class Timed(Protocol):
    """A reason: minutes for one person, and for each other one."""

    @property
    def minutes(self) -> int: ...
    @property
    def minutes_more(self) -> int: ...


class Buffered(Timed, Protocol):
    """With the minutes kept after the appointment."""

    @property
    def buffer_minutes(self) -> int: ...


def length(reason: Timed, persons: int) -> timedelta:
    return timedelta(minutes=reason.minutes + reason.minutes_more * (persons - 1))


def taking(reason: Buffered, persons: int) -> timedelta:
    return length(reason, persons) + timedelta(minutes=reason.buffer_minutes)
