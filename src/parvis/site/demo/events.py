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
# Hours that a quiet line may wait in the demo: a thousand signatures of the register would show nothing more.
_PATIENCE = timedelta(hours=12)

Act = Callable[[], UUID | None]


@dataclass(frozen=True, slots=True)
class Event:
    """`act` runs at `at` (aware) in the scope of `house`; it returns the submission whose receipt is to complete.

    The line of a `quiet` event waits for the next signature of the register.
    """

    at: datetime
    house: AuthorityView
    act: Act
    quiet: bool = False


def play(events: Iterable[Event]) -> int:
    """Runs the events in the order of time; how many there were."""
    ordered = sorted(events, key=lambda one: one.at)
    signed = ordered[0].at if ordered else clock.now()
    for event in ordered:
        with clock.frozen_at(event.at), scope.authority(event.house.id):
            submission_id = event.act()
        if event.quiet and event.at < signed + _PATIENCE:
            continue
        signed = event.at
        with clock.frozen_at(event.at + ANCHORED):
            audit.anchor()
            if submission_id is not None:
                complete_receipt(event.house.id, submission_id)
    audit.anchor()
    return len(ordered)
