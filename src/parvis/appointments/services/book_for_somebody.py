from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.appointments.letters.booking import tell_booked
from parvis.appointments.models import BookedPerson, Booking, BookingState, Reason, Source
from parvis.appointments.rules.application_id import is_application_id, normalise
from parvis.appointments.rules.reasons import is_numbered
from parvis.appointments.selectors.facts import facts_of
from parvis.appointments.selectors.slots import AGENTS
from parvis.appointments.services.claim_slot import Wish, claim_slot
from parvis.appointments.services.note_declarations import note_declarations
from parvis.appointments.services.point_at import point_at
from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person of the appointment; `application_id` as it was dictated, "" where the reason asks for none.

    `application_state`: what the coordination service just said of it, "" when it said nothing.
    """

    first_name: str = ""
    last_name: str = ""
    application_id: str = ""
    application_state: str = ""


@dataclass(frozen=True, slots=True)
class Caller:
    """What an agent notes for somebody on the telephone or at the desk. `start` is aware.

    `on_paper`: they fill the paper form at the desk and have no pre-application number.
    """

    reason: Reason
    start: datetime
    contact_name: str
    people: tuple[Somebody, ...]
    phone: str = ""
    email: str = ""
    needs: str = ""
    on_paper: bool = False


def book_for_somebody(asked: Caller, *, actor: UUID) -> Booking:
    """Takes a slot for somebody and confirms it at once; agents go past least notice and release (selectors/slots.py).

    A letter leaves where an e-mail was given; else the desk prints the slip. Raises Refusal: slot_taken, not_bookable,
    too_many, incomplete, bad_application_id.
    """
    reason, agenda = asked.reason, asked.reason.agenda
    numbers = _numbers(asked)
    if not asked.contact_name.strip():
        raise Refusal("incomplete", _("Il manque le nom de la personne."), "contact_name")
    with transaction.atomic():
        booking_id, now = new_id(), clock.now()
        wish = Wish(booking_id, reason, len(asked.people), asked.start, audiences=AGENTS, public=False)
        ends_at = claim_slot(wish)
        booking: Booking = Booking.objects.create(
            id=booking_id, place_id=agenda.place_id, agenda=agenda, reason=reason, persons=len(asked.people),
            starts_at=asked.start, ends_at=ends_at, state=BookingState.BOOKED, source=Source.DESK, booked_at=now,
            contact_name=asked.contact_name.strip(), phone=asked.phone.strip(), email=asked.email.strip(),
            needs=asked.needs.strip(), desk_note=_("Formulaire papier au guichet") if asked.on_paper else "",
        )  # fmt: skip
        for rank, (one, number) in enumerate(zip(asked.people, numbers, strict=True), start=1):
            BookedPerson.objects.create(
                booking=booking, rank=rank, first_name=one.first_name.strip(), last_name=one.last_name.strip(),
                application_id=number, application_state=one.application_state,
                checked_at=now if one.application_state else None,
            )  # fmt: skip
        point_at(booking)
        note_declarations(booking)
        tell_booked(booking)
        audit.record("appointment.booked", subject=booking.id, data=facts_of(booking), actor=actor)
    return booking


def _numbers(asked: Caller) -> list[str]:
    """Raises Refusal for a number that is missing, badly written, or given twice."""
    numbers = [normalise(one.application_id) for one in asked.people]
    if not is_numbered(asked.reason.code):
        return [""] * len(numbers)
    for rank, number in enumerate(numbers, start=1):
        field = f"application_id_{rank}"
        if not number and not asked.on_paper:
            message = _("Il manque un numéro de pré-demande. Sans numéro, cochez «\u202fFormulaire papier\u202f».")
            raise Refusal("incomplete", message, field)
        if number and not is_application_id(number):
            message = _(
                "Un numéro de pré-demande compte dix lettres ou chiffres. Vous avez écrit «\u202f{text}\u202f»."
            )
            raise Refusal("bad_application_id", message.format(text=number[:20]), field)
    given = [one for one in numbers if one]
    if len(set(given)) < len(given):
        message = _("Le même numéro est écrit deux fois\u202f: chaque personne a le sien.")
        raise Refusal("bad_application_id", message, f"application_id_{len(numbers)}")
    return numbers
