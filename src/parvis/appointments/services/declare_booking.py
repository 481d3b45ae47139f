"""Tells the coordination service what it is to know of one booking, and what it is to forget.

The call is made outside any transaction, then the row is closed only if it still says what was sent: a booking that is
cancelled or moved meanwhile is seen at the next turn. A worker that dies between the two makes the call again.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import DatabaseError, connection
from django.db.models import F

from parvis.appointments.coordination.port import Coordination, Declaration
from parvis.appointments.coordination.registry import coordination
from parvis.appointments.models import DeclarationState, NationalDeclaration
from parvis.appointments.selectors.declarations import due
from parvis.appointments.states import DECLARATION, after
from parvis.kit import clock, scope
from parvis.kit.errors import Permanent, RetryLater

logger = logging.getLogger(__name__)

_TRY_LOCK = "SELECT pg_try_advisory_lock(hashtextextended('appointments.declare', 0) # hashtextextended(%s, 0))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtextextended('appointments.declare', 0) # hashtextextended(%s, 0))"


def declare_booking(authority_id: UUID, booking_id: UUID) -> int:
    """Does what is due for one booking, and says how many calls succeeded. Outside any scope and transaction.

    Without a service what is to be declared waits. Raises RetryLater when the service does not answer, or when another
    worker is busy with the same booking.
    """
    port, done = coordination(), 0
    with _alone(booking_id):
        while (row := _next(authority_id, booking_id, port is not None)) is not None:
            if row.attempts == 0 and row.state == DeclarationState.TO_WITHDRAW:
                _close(row, DeclarationState.WITHDRAWN)  # nobody was ever told
            elif port is not None and _count_attempt(row):
                done += _send(port, row)
    return done


def _next(authority_id: UUID, booking_id: UUID, reachable: bool) -> NationalDeclaration | None:
    """The numbers tried least come first, so that one that fails always does not keep the others waiting; of one
    number, what is to be withdrawn comes before what is to be declared.
    """
    with scope.authority(authority_id):
        rows = [
            row
            for row in due(clock.now()).filter(booking_id=booking_id)
            if reachable or (row.attempts == 0 and row.state == DeclarationState.TO_WITHDRAW)
        ]
    tried: dict[str, int] = {}
    for row in rows:
        tried[row.application_id] = min(row.attempts, tried.get(row.application_id, row.attempts))

    def turn(row: NationalDeclaration) -> tuple[int, str, bool]:
        number = row.application_id
        return tried[number], number, row.state == DeclarationState.TO_DECLARE

    return min(rows, key=turn, default=None)


def _count_attempt(row: NationalDeclaration) -> bool:
    """Written before the call: from then on the service may know, even if we never hear. False: it changed."""
    with scope.authority(row.authority_id):
        return bool(
            NationalDeclaration.objects.filter(id=row.id, state=row.state).update(
                attempts=F("attempts") + 1, changed_at=clock.now()
            )
        )


def _send(port: Coordination, row: NationalDeclaration) -> int:
    """Raises RetryLater."""
    declaration = Declaration(
        row.application_id, str(row.booking.place_id), row.meeting_point, row.at, row.management_url
    )
    try:
        if row.state == DeclarationState.TO_DECLARE:
            port.declare(declaration)
        else:
            port.withdraw(declaration)
    except RetryLater as error:
        _note_error(row, error)
        raise
    except Permanent as error:
        logger.error("The coordination service refuses booking %s for good: %s", row.booking_id, _safe(row, error))
        _close(row, after(DECLARATION, row.state, "give_up"), _safe(row, error))
        return 0
    _close(row, after(DECLARATION, row.state, "declare_booking"))
    return 1


def _close(row: NationalDeclaration, state: str | None, error: str = "") -> None:
    """Leaves alone a row that asks for something else since it was read."""
    with scope.authority(row.authority_id):
        NationalDeclaration.objects.filter(id=row.id, state=row.state).update(
            state=state, last_error=error, changed_at=clock.now()
        )


def _note_error(row: NationalDeclaration, error: Exception) -> None:
    with scope.authority(row.authority_id):
        NationalDeclaration.objects.filter(id=row.id).update(last_error=_safe(row, error))


def _safe(row: NationalDeclaration, error: Exception) -> str:
    """The reason without the number: it goes to logs and to the desk."""
    return str(error).replace(row.application_id, "…")[:300]


@contextmanager
def _alone(booking_id: UUID) -> Iterator[None]:
    """One worker at a time for a booking. PostgreSQL gives the lock back by itself if the worker dies."""
    with connection.cursor() as cursor:
        cursor.execute(_TRY_LOCK, [str(booking_id)])
        if not cursor.fetchone()[0]:
            raise RetryLater("another worker is telling the coordination service about the same booking")
    try:
        yield
    finally:
        try:
            with connection.cursor() as cursor:
                cursor.execute(_UNLOCK, [str(booking_id)])
        except DatabaseError:
            connection.close()  # a lock must not outlive this in a pool
