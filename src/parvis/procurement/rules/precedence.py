"""Which submissions are opened: the last one in time of each company (R2151-6); late ones stay closed (R2151-5).

Decided envelope by envelope, because each lot is a contract of its own: a company that deposits lots 1 and 2, then
lot 2 alone, keeps its bid for lot 1. To be confirmed by a lawyer. Not for concessions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from parvis.procurement.contracts import EnvelopeRef, SubmissionView
from parvis.procurement.rules.paris import on_time


@dataclass(frozen=True, slots=True)
class Opened:
    """A submission to open, with those of its envelopes that no later one replaces."""

    id: str
    envelopes: frozenset[EnvelopeRef]


@dataclass(frozen=True, slots=True)
class Sorting:
    """Every submission once, in register order. `superseded` and `late` hold ids."""

    to_open: tuple[Opened, ...]
    superseded: tuple[str, ...]
    late: tuple[str, ...]


def to_open(submissions: Iterable[SubmissionView], deadline_utc: datetime) -> Sorting:
    """Sorts the submissions of one consultation. Same stamp: the higher register number is the later one.

    Raises ValueError for a naive datetime.
    """
    register = sorted(submissions, key=lambda one: one.number)
    last: dict[tuple[str, EnvelopeRef], SubmissionView] = {}
    in_time = [one for one in register if on_time(one.stamp_utc, deadline_utc)]
    for submission in sorted(in_time, key=lambda one: (one.stamp_utc, one.number)):
        for envelope in submission.envelopes:
            last[submission.company, envelope] = submission
    kept = {
        one.id: frozenset(envelope for envelope in one.envelopes if last[one.company, envelope].id == one.id)
        for one in in_time
    }
    return Sorting(
        to_open=tuple(Opened(one.id, kept[one.id]) for one in in_time if kept[one.id]),
        superseded=tuple(one.id for one in in_time if not kept[one.id]),
        late=tuple(one.id for one in register if one.id not in kept),
    )
