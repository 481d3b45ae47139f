from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from parvis.appointments.letters.booking import remind_by_mail, remind_by_sms
from parvis.appointments.models import Booking, BookingState
from parvis.appointments.rules.paris import day_of, instant, midnight
from parvis.appointments.rules.reminders import FROM, MAIL_BEFORE, due, may_ring
from parvis.kit import clock
from parvis.notifications import facade as notifications

BATCH = 100


def remind() -> int:
    """Reminds the people of the authority in scope of their appointments, a batch at most; how many were looked at.

    Each booking is locked, marked and written to in one transaction: two workers never remind twice, and one that is
    killed leaves either all or nothing. `reminded_at` says until when it was looked at; a move empties it.
    """
    now = clock.now()
    if not may_ring(now):
        return 0
    with transaction.atomic():
        today = day_of(now)
        coming = Booking.objects.filter(
            Q(reminded_at__isnull=True) | Q(reminded_at__lt=instant(today, FROM)),
            state=BookingState.BOOKED,
            starts_at__gt=now,
            starts_at__lt=midnight(today + MAIL_BEFORE + timedelta(days=1)),
        )
        found = list(coming.select_for_update(of=("self",), skip_locked=True).select_related("place", "reason")[:BATCH])
        for booking in found:
            wanted = due(booking.starts_at, _told_at(booking), booking.reminded_at, now)
            if wanted.mail:
                remind_by_mail(booking)
            if wanted.sms:
                remind_by_sms(booking)
            booking.reminded_at = now
            booking.save(update_fields=["reminded_at"])
    return len(found)


def _told_at(booking: Booking) -> datetime:
    """When the last letter about it left: confirmed or moved since, people know already."""
    last = notifications.messages(subject_id=booking.id, limit=1)
    return last[0].created_at if last else booking.booked_at or booking.created_at
