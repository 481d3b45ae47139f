"""A held slot becomes an appointment: kept for good, told to the person, and declared to the national network."""

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.appointments.coordination.port import REFUSED
from parvis.appointments.letters.booking import tell_booked
from parvis.appointments.models import Booking, BookingState, Occupancy, Source
from parvis.appointments.rules.reasons import is_numbered
from parvis.appointments.selectors.facts import facts_of
from parvis.appointments.services.claim_slot import Wish, claim_slot, release_seats, seats_needed
from parvis.appointments.services.leave_waiting import serve_waiting
from parvis.appointments.services.note_declarations import note_declarations
from parvis.appointments.services.point_at import point_at
from parvis.appointments.states import UNCONFIRMED
from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.errors import Refusal


def confirm_booking(booking: Booking) -> Booking:
    """Confirms a held booking of the authority in scope; the same one again changes nothing.

    A hold that ran out is taken again where nobody was faster. Raises Refusal slot_taken, not_bookable, incomplete.
    """
    with transaction.atomic():
        booking = Booking.objects.select_for_update().get(id=booking.id)
        if booking.state == BookingState.BOOKED:
            return booking
        if booking.state not in UNCONFIRMED:
            message = _("Ce rendez-vous n’est plus à confirmer. Choisissez une autre place.")
            raise Refusal("not_bookable", message)
        _require_complete(booking)
        if not _keep_for_good(booking):
            release_seats(booking.id)
            wish = Wish(booking.id, booking.reason, booking.persons, booking.starts_at)
            claim_slot(wish)
        booking.state = BookingState.BOOKED
        booking.held_until = None
        booking.booked_at = clock.now()
        booking.save()
        point_at(booking)
        note_declarations(booking)
        tell_booked(booking)
        if booking.source == Source.WAITING:
            serve_waiting(booking.id)
        audit.record("appointment.booked", subject=booking.id, data=facts_of(booking))
    return booking


def _keep_for_good(booking: Booking) -> bool:
    """Whether the seats were still ours. A hold past its hour may have been given to somebody else meanwhile."""
    needed = seats_needed(booking.reason, booking.persons)
    kept = Occupancy.objects.filter(booking_id=booking.id).update(held_until=None)
    return bool(kept == needed)


def _require_complete(booking: Booking) -> None:
    if not booking.email and not booking.phone:
        message = _("Il manque une adresse électronique ou un téléphone pour vous confirmer le rendez-vous.")
        raise Refusal("incomplete", message, "email")
    people = list(booking.people.filter(rank__lte=booking.persons))
    numbers = [person.application_id for person in people]
    if is_numbered(booking.reason.code) and (len(numbers) < booking.persons or not all(numbers)):
        message = _("Il manque un numéro de pré-demande\u202f: chaque personne a le sien.")
        raise Refusal("incomplete", message, "application_id")
    if any(person.application_state in REFUSED for person in people):
        message = _("Un numéro de pré-demande n’est pas accepté par le service national\u202f: corrigez-le d’abord.")
        raise Refusal("incomplete", message, "application_id")
