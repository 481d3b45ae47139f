from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.appointments.models import Booking
from parvis.appointments.rules.paris import day_of
from parvis.appointments.selectors.facts import facts_of
from parvis.appointments.services.visits import locked, next_state, ticket_for
from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.kit.jinja import date_long


def record_arrival(booking: Booking, *, actor: UUID) -> Booking:
    """Somebody is there: they get a ticket. In the scope of the authority.

    Raises Refusal: already_done, not_today (the appointment is on another day).
    """
    with transaction.atomic():
        booking = locked(booking)
        state = next_state(booking, "record_arrival")
        now = clock.now()
        if day_of(booking.starts_at) != day_of(now):
            message = _("Ce rendez-vous est le {day}. Déplacez-le, ou recevez la personne sans rendez-vous.")
            raise Refusal("not_today", message.format(day=date_long(booking.starts_at)))
        booking.state = state
        booking.arrived_at = now
        booking.finished_at = None
        booking.ticket = ticket_for(booking)
        booking.save(update_fields=["state", "arrived_at", "finished_at", "ticket"])
        data = {**facts_of(booking), "ticket": booking.ticket}
        audit.record("appointment.arrived", subject=booking.id, data=data, actor=actor)
    return booking
