"""What somebody types in the form of a booking, kept at each step, complete or not: nothing is ever lost."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.appointments.models import BookedPerson, Booking, BookingState, Occupancy
from parvis.appointments.rules.holds import hold_until
from parvis.appointments.services.claim_slot import release_seats
from parvis.appointments.services.hold_again import hold_again
from parvis.appointments.states import UNCONFIRMED
from parvis.kit import clock
from parvis.kit.errors import Refusal


@dataclass(frozen=True, slots=True)
class PersonAnswers:
    """One person as typed. `application_state` and `checked_at`: what services/check_numbers.py heard, if anything."""

    rank: int
    first_name: str = ""
    last_name: str = ""
    minor: bool = False
    case: str = ""
    application_id: str = ""
    application_state: str = ""
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContactAnswers:
    """How to reach who booked: `phone` is E.164, `needs` the line of rules/persons.py."""

    contact_name: str = ""
    email: str = ""
    phone: str = ""
    wants_sms: bool = False
    guardian_name: str = ""
    needs: str = ""


def save_booking(
    booking: Booking,
    *,
    people: Sequence[PersonAnswers] = (),
    contact: ContactAnswers | None = None,
    again: bool = True,
) -> Booking:
    """Saves a step of a booking of the authority in scope and renews its hold (rules/holds.py).

    A hold that ran out is taken again where nobody was faster and `again` allows it; else the answers
    are saved all the same, for as long as those of any abandoned form, and the booking comes back `expired`. Raises
    Refusal not_bookable once it is confirmed or cancelled.
    """
    with transaction.atomic():
        booking = Booking.objects.select_for_update().get(id=booking.id)
        if booking.state not in UNCONFIRMED:
            message = _("Ce rendez-vous n’est plus à remplir\u202f: pour le changer, ouvrez-le par son lien.")
            raise Refusal("not_bookable", message)
        for person in people:
            values = {name: value for name, value in asdict(person).items() if name != "rank"}
            BookedPerson.objects.update_or_create(booking=booking, rank=person.rank, defaults=values)
        if contact is not None:
            for name, value in asdict(contact).items():
                setattr(booking, name, value)
        booking.forgotten_at = None
        booking.save()
        return _renewed(booking, again)


def _renewed(booking: Booking, again: bool) -> Booking:
    now = clock.now()
    if booking.is_held(now):
        # An offer's hold may be longer than a form's: a save never shortens it.
        until = max(booking.held_until or now, hold_until(booking.created_at, now))
        booking.held_until = until
        booking.save(update_fields=["held_until"])
        Occupancy.objects.filter(booking_id=booking.id).update(held_until=until)
        return booking
    if again:
        with suppress(Refusal):
            return hold_again(booking)
    release_seats(booking.id)
    booking.state, booking.held_until = BookingState.EXPIRED, now
    booking.save(update_fields=["state", "held_until"])
    return booking
