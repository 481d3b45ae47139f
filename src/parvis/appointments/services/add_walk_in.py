from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.appointments.models import Booking, BookingState, Reason, Source
from parvis.appointments.rules.lengths import length
from parvis.appointments.rules.reasons import HAND_OVER
from parvis.appointments.selectors.facts import facts_of
from parvis.appointments.selectors.today import walk_ins_taken
from parvis.appointments.services.visits import hold_counter, ticket_for
from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class WalkIn:
    """Somebody who comes without an appointment: nothing of them is asked. `why`: the agent goes past the quota."""

    reason: Reason
    persons: int = 1
    first_name: str = ""
    needs: str = ""
    why: str = ""


def add_walk_in(asked: WalkIn, *, actor: UUID) -> Booking:
    """They are there at once, with a ticket. They take no slot: they promise themselves no hour, and are called after
    those whose hour it is (rules/queue.py).

    The agenda's quota counts persons per half-day; handing over a ready title is outside it. Raises Refusal:
    quota_reached, too_many, not_bookable.
    """
    reason, agenda = asked.reason, asked.reason.agenda
    with transaction.atomic():
        hold_counter(agenda.place_id)
        if not reason.active or not agenda.active:
            raise Refusal("not_bookable", _("Ce motif n’est plus proposé. Choisissez-en un autre."), "reason")
        if not 1 <= asked.persons <= reason.max_persons:
            message = _("Ce motif accueille {count} personnes au plus.").format(count=reason.max_persons)
            raise Refusal("too_many", message, "persons")
        now = clock.now()
        over = _beyond_quota(asked)
        if over and not asked.why.strip():
            message = _(
                "Le nombre de personnes reçues sans rendez-vous est atteint pour cette demi-journée."
                " Proposez un des prochains créneaux, ou écrivez pourquoi vous recevez cette personne quand même."
            )
            raise Refusal("quota_reached", message, "why")
        booking: Booking = Booking(
            id=new_id(), place_id=agenda.place_id, agenda=agenda, reason=reason, persons=asked.persons,
            starts_at=now, ends_at=now + length(reason, asked.persons), state=BookingState.ARRIVED,
            source=Source.WALK_IN, booked_at=now, arrived_at=now, contact_name=asked.first_name.strip(),
            needs=asked.needs.strip(), desk_note=asked.why.strip() if over else "",
        )  # fmt: skip
        booking.ticket = ticket_for(booking)
        booking.save(force_insert=True)
        data = {**facts_of(booking), "ticket": booking.ticket, "beyond_quota": over}
        audit.record("appointment.walk_in", subject=booking.id, data=data, actor=actor)
    return booking


def _beyond_quota(asked: WalkIn) -> bool:
    if asked.reason.code == HAND_OVER:
        return False
    taken = walk_ins_taken(asked.reason.agenda_id, clock.now())
    return taken + asked.persons > int(asked.reason.agenda.walk_in_quota)
