from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.appointments.models import Booking
from parvis.appointments.services.visits import locked, next_state
from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.kit.jinja import date_long, hour


def record_no_show(booking: Booking, *, actor: UUID) -> Booking:
    """Somebody did not come. Raises Refusal: already_done, too_early (their hour has not come)."""
    with transaction.atomic():
        booking = locked(booking)
        state = next_state(booking, "record_no_show")
        now = clock.now()
        if now < booking.starts_at:
            message = _("Ce rendez-vous est le {day} à {hour}\u202f: personne n’est absent avant son heure.")
            when = {"day": date_long(booking.starts_at), "hour": hour(booking.starts_at)}
            raise Refusal("too_early", message.format(**when))
        booking.state = state
        booking.finished_at = now
        booking.save(update_fields=["state", "finished_at"])
        audit.record("appointment.no_show", subject=booking.id, data={}, actor=actor)
    return booking
