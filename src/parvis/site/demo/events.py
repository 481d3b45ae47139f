"""The demo's past, played in order: each event at its own hour, the register signed after it as the worker would."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from parvis.audit import facade as audit
from parvis.authorities.facade import AuthorityView
from parvis.kit import clock, scope
from parvis.site.demo.verbs import complete_receipt

# After an event, its line is in the register in about a second.
ANCHORED = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Event:
    """`act` runs at `at` (aware) in the scope of `house`; it returns the submission whose receipt is to complete."""

    at: datetime
    house: AuthorityView
    act: Callable[[], UUID | None]


def play(events: Iterable[Event]) -> int:
    """Runs the events in the order of time; how many there were."""
    ordered = sorted(events, key=lambda one: one.at)
    for event in ordered:
        with clock.frozen_at(event.at), scope.authority(event.house.id):
            submission_id = event.act()
        with clock.frozen_at(event.at + ANCHORED):
            audit.anchor()
            if submission_id is not None:
                complete_receipt(event.house.id, submission_id)
    return len(ordered)
