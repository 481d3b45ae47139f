"""Those who wait for an earlier slot: how long a freed one is theirs, how many see it, and for which reason."""

from datetime import timedelta
from uuid import UUID

OFFERED_TO = 5
ROUNDS = 2
OFFER = timedelta(minutes=20)
# The slot is held a little longer than people are told, so that nobody slips in between two rounds.
GRACE = timedelta(minutes=2)
# How long a link to confirm waits for its click.
TO_CONFIRM = timedelta(days=2)
# How far ahead one may wait.
FARTHEST = timedelta(days=365)
_OWN = "own:"


def own_code(reason_id: UUID) -> str:
    """What stands for a place's own reason: codes are shared by all places, its own mean nothing elsewhere."""
    return f"{_OWN}{reason_id}"


def own_reason(code: str) -> UUID | None:
    """The reason of `own_code`; None for a shared code, or for anything else."""
    try:
        return UUID(code.removeprefix(_OWN)) if code.startswith(_OWN) else None
    except ValueError:
        return None
