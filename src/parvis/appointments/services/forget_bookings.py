"""What people typed is erased once it serves no more; what figures need stays: states, hours, how many."""

from django.db import transaction
from django.db.models import Q, QuerySet

from parvis.appointments.models import (
    ApplicationPointer,
    BookedPerson,
    Booking,
    BookingState,
    NationalDeclaration,
    Waiting,
    WaitingState,
)
from parvis.appointments.rules.paris import day_of
from parvis.appointments.rules.retention import ABANDONED, booking_kept
from parvis.appointments.rules.waiting import TO_CONFIRM
from parvis.appointments.selectors.agglomeration_scope import agglomeration_scope
from parvis.appointments.states import UNCONFIRMED
from parvis.kit import clock, scope
from parvis.notifications import facade as notifications

BATCH = 200
_EMPTY = {"contact_name": "", "email": "", "phone": "", "guardian_name": "", "needs": "", "desk_note": ""}


def forget_bookings() -> int:
    """Erases what is no longer needed in the authority in scope, a batch at most; how many bookings.

    An abandoned form an hour after its hold, any other booking so long after its end (rules/retention.py). Its numbers
    can no longer be found from elsewhere as soon as it is over.
    """
    _forget_old_pointers()
    now = clock.now()
    kept = booking_kept(day_of(now))
    with transaction.atomic():
        ended = Booking.objects.filter(
            Q(state=BookingState.EXPIRED, held_until__lte=now - ABANDONED)
            | Q(ends_at__lte=now - kept) & ~Q(state__in=UNCONFIRMED),
            forgotten_at__isnull=True,
        )
        ids = list(ended.select_for_update(skip_locked=True).values_list("id", flat=True)[:BATCH])
        # Ninety days after the date itself: whatever the national network was told has long been over there too.
        NationalDeclaration.objects.filter(booking_id__in=ids).delete()
        BookedPerson.objects.filter(booking_id__in=ids).delete()
        ApplicationPointer.objects.filter(booking_id__in=ids).delete()
        Booking.objects.filter(id__in=ids).update(**_EMPTY, wants_sms=False, forgotten_at=now)
        notifications.forget(ids)
    return len(ids)


def forget_waiting() -> int:
    """Erases the ended waits, and those that their address never confirmed; how many. Raises NoAgglomeration."""
    now = clock.now()
    with agglomeration_scope():
        ended: QuerySet[Waiting] = Waiting.objects.filter(
            Q(state__in=[WaitingState.LEFT, WaitingState.SERVED])
            | Q(confirmed_at__isnull=True, created_at__lte=now - TO_CONFIRM)
        )
        ids = list(ended.values_list("id", flat=True))
        ended.delete()
        notifications.forget(ids)
    return len(ids)


def _forget_old_pointers() -> None:
    pointed = ApplicationPointer.objects.filter(authority_id=scope.current_authority())
    over = Booking.objects.filter(id__in=pointed.values("booking_id"), ends_at__lte=clock.now())
    # One that is still to be replaced keeps its numbers: the person may choose another hour yet.
    over = over.exclude(state=BookingState.DISPLACED, ends_at__gt=clock.now() - booking_kept(day_of(clock.now())))
    pointed.filter(booking_id__in=list(over.values_list("id", flat=True))).delete()
