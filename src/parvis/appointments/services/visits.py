"""What the verbs of a desk share: the counter that they hold, the ticket, and who acted before."""

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.accounts.facade import people
from parvis.appointments.models import Agenda, Booking, BookingState, Place
from parvis.appointments.rules.paris import day_of, midnight
from parvis.appointments.rules.tickets import letters, next_ticket
from parvis.appointments.states import BOOKING, after
from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.kit.jinja import hour


def hold_counter(place_id: UUID) -> None:
    """One verb at a time at a place, until the transaction ends: tickets, calls and quotas are counted one by one.

    Always held before a booking's row, so that two verbs never wait for each other. Bookings online do not wait.
    """
    Place.objects.select_for_update(no_key=True).get(id=place_id)


def locked(booking: Booking) -> Booking:
    """The booking as it is now, held with its place's counter."""
    hold_counter(booking.place_id)
    found: Booking = Booking.objects.select_for_update().get(id=booking.id)
    return found


def next_state(booking: Booking, verb: str) -> str:
    """Raises Refusal already_done that says what the booking became, by whom and when."""
    state = after(BOOKING, booking.state, verb)
    if state is not None:
        return state
    label = BookingState(booking.state).label
    last = next((one for one in reversed(audit.facts([booking.id])) if one.actor_id), None)
    names = people([last.actor_id]) if last and last.actor_id else {}
    if last is None or last.actor_id not in names:
        message = _("Ce rendez-vous est noté «\u202f{state}\u202f». Rien n’a été changé.").format(state=label)
    else:
        message = _("Ce rendez-vous est noté «\u202f{state}\u202f» par {who}, à {hour}. Rien n’a été changé.").format(
            state=label, who=names[last.actor_id].full_name, hour=hour(last.at)
        )
    raise Refusal("already_done", message)


def ticket_for(booking: Booking) -> str:
    """Its ticket, unique in its place and on its day; call it with the counter held. One given before is kept."""
    day = day_of(booking.starts_at)
    window = (midnight(day), midnight(day + timedelta(days=1)))
    others = Booking.objects.filter(place_id=booking.place_id, starts_at__gte=window[0], starts_at__lt=window[1])
    used = list(others.exclude(id=booking.id).exclude(ticket="").values_list("ticket", flat=True))
    if booking.ticket and booking.ticket not in used:
        return str(booking.ticket)
    # Their order of birth: a new agenda does not change the letters of the others.
    agendas = list(Agenda.objects.filter(place_id=booking.place_id).order_by("id").values_list("id", flat=True))
    return next_ticket(letters(agendas.index(booking.agenda_id)), used)
