"""Which submissions are opened: the last one in time of each company (R2151-6); late ones stay closed (R2151-5).

A submission replaces the whole of the one before it, whatever envelopes either holds: earlier ones stay sealed. The
deposit page says so before a company deposits again. Not for concessions.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from parvis.procurement.contracts import SubmissionView
from parvis.procurement.rules.paris import on_time


@dataclass(frozen=True, slots=True)
class Sorting:
    """The id of every submission once, in register order."""

    to_open: tuple[str, ...]
    superseded: tuple[str, ...]
    late: tuple[str, ...]


def to_open(submissions: Iterable[SubmissionView]) -> Sorting:
    """Sorts the submissions of one consultation. Same stamp: the higher register number is the later one.

    Each is held against the deadline that it was promised. Raises ValueError for a naive datetime.
    """
    register = sorted(submissions, key=lambda one: one.number)
    in_time = [one for one in register if on_time(one.stamp_utc, one.deadline_utc)]
    last = {one.company: one.id for one in sorted(in_time, key=lambda one: (one.stamp_utc, one.number))}
    opened = set(last.values())
    timely = {one.id for one in in_time}
    return Sorting(
        to_open=tuple(one.id for one in in_time if one.id in opened),
        superseded=tuple(one.id for one in in_time if one.id not in opened),
        late=tuple(one.id for one in register if one.id not in timely),
    )
