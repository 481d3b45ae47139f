from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.appointments.models import Booking, Resource
from parvis.appointments.selectors.today import queue
from parvis.appointments.services.visits import hold_counter, locked, next_state
from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.errors import Refusal


def call_next(desk: Resource, *, actor: UUID, booking: Booking | None = None) -> Booking | None:
    """Calls to a desk whoever is next in its agenda (rules/queue.py), or the one given; None when nobody waits.

    Two desks at once never call the same person. Calling again shows the ticket again. Raises Refusal: already_done,
    other_place.
    """
    if booking is not None and booking.place_id != desk.agenda.place_id:
        message = _("Ce rendez-vous est dans un autre lieu que votre guichet. Choisissez un guichet de ce lieu.")
        raise Refusal("other_place", message)
    with transaction.atomic():
        hold_counter(desk.agenda.place_id)
        if booking is None:
            waiting = queue(desk.agenda.place_id, desk.agenda_id)
            if not waiting:
                return None
            booking = waiting[0]
        booking = locked(booking)
        booking.state = next_state(booking, "call_next")
        booking.called_at = clock.now()
        booking.called_to = desk
        booking.save(update_fields=["state", "called_at", "called_to"])
        data = {"ticket": booking.ticket, "desk": str(desk.id)}
        audit.record("appointment.called", subject=booking.id, data=data, actor=actor)
    return booking
