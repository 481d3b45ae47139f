"""What the national network is to be told, written in the transaction of the booking and sent by the worker.

Nothing is sent from here, and no row is closed here either: a call may be under way. Only services/declare_booking.py,
one booking at a time, says what was done.
"""

from collections.abc import Iterable

from parvis.appointments.links import management_url
from parvis.appointments.models import Booking, BookingState, DeclarationState, NationalDeclaration
from parvis.appointments.rules.reasons import is_numbered
from parvis.appointments.states import DECLARATION, UNCONFIRMED, after
from parvis.kit import clock, outbox

# Held or given back: nobody is expected. The others were booked, and kept or used.
_NOT_EXPECTED = {*UNCONFIRMED, BookingState.CANCELLED, BookingState.DISPLACED}


def note_declarations(booking: Booking) -> None:
    """To be declared: each number of this booking at its present date. In the scope of its authority."""
    if not is_numbered(booking.reason.code):
        return
    people = booking.people.filter(rank__lte=booking.persons).exclude(application_id="")
    changed = [_note(booking, person.rank, person.application_id) for person in people]
    _enqueue(booking, changed)


def withdraw_declarations(booking: Booking) -> None:
    """To be withdrawn: whatever was declared, or was to be, at other dates than the present one, for numbers that are
    no longer anybody's here, or for a booking that is no longer expected. In the scope of its authority.
    """
    rows = NationalDeclaration.objects.select_for_update().filter(booking=booking)
    if booking.state not in _NOT_EXPECTED:
        numbers = booking.people.filter(rank__lte=booking.persons).values_list("application_id", flat=True)
        rows = rows.exclude(at=booking.starts_at, application_id__in=list(numbers))
    _enqueue(booking, [_withdraw(row) for row in rows.order_by("id")])


def declared_address(address: str, rank: int) -> str:
    """The booking's page, with the person's rank: the service wants one address for each number."""
    return f"{address}?personne={rank}"


def enqueue_declaration(booking: Booking) -> None:
    outbox.enqueue("appointments.declare", authority=str(booking.authority_id), booking=str(booking.id))


def _note(booking: Booking, rank: int, application_id: str) -> bool:
    """Whether something is to be done."""
    row, new = NationalDeclaration.objects.select_for_update().get_or_create(
        booking=booking,
        application_id=application_id,
        at=booking.starts_at,
        defaults={
            "meeting_point": booking.place.name,
            "management_url": declared_address(management_url(booking), rank),
        },
    )
    if not new and row.state not in {DeclarationState.TO_DECLARE, DeclarationState.DECLARED}:
        # Moved back to a date that it had left: said again, whatever was done since.
        row.state, row.last_error, row.changed_at = DeclarationState.TO_DECLARE, "", clock.now()
        row.save(update_fields=["state", "last_error", "changed_at"])
        return True
    return new


def _withdraw(row: NationalDeclaration) -> bool:
    wanted = after(DECLARATION, row.state, "withdraw_booking")
    if wanted is None:
        return False
    row.state, row.changed_at = wanted, clock.now()
    row.save(update_fields=["state", "changed_at"])
    return True


def _enqueue(booking: Booking, changed: Iterable[bool]) -> None:
    if any(changed):
        enqueue_declaration(booking)
