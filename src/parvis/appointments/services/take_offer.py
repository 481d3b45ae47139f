from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.appointments.models import Booking, Occupancy, Offer, Reason, Source, Waiting, WaitingState
from parvis.appointments.rules.holds import hold_until
from parvis.appointments.selectors.agglomeration_scope import agglomeration_scope
from parvis.appointments.selectors.waiting import code_of
from parvis.appointments.services.claim_slot import Wish, claim_slot, release_seats
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal


def take_offer(offer_id: UUID) -> Booking:
    """The first of those who were offered a slot gets its hold, for as long as a form takes; the same person again
    gets the same booking.

    The booking's row, taken for update before anything is read, lets one in at a time. Raises Refusal offer_gone,
    NoAgglomeration.
    """
    with agglomeration_scope():
        offer: Offer | None = Offer.objects.filter(id=offer_id).first()
    if offer is None:
        raise _gone()
    with scope.authority(offer.place_authority_id):
        rows = Booking.objects.select_for_update(of=("self",)).select_related("agenda", "reason")
        booking: Booking = rows.get(id=offer.booking_id)
        now = clock.now()
        with agglomeration_scope():
            offers = {one.id: one for one in Offer.objects.filter(booking_id=booking.id).select_related("waiting")}
            mine = offers.get(offer_id)
            if mine is None:
                raise _gone()
            if mine.taken_at is not None:
                return booking
            if not _is_open(mine, booking, now) or any(one.taken_at for one in offers.values()):
                raise _gone()
            mine.taken_at = now
            mine.save(update_fields=["taken_at"])
        return _handed_over(booking, mine.waiting, now)


def _is_open(offer: Offer, booking: Booking, now: datetime) -> bool:
    return bool(
        offer.expires_at > now
        and offer.waiting.state == WaitingState.WAITING
        and booking.source == Source.WAITING
        and booking.is_held(now)
    )


def _handed_over(booking: Booking, waiting: Waiting, now: datetime) -> Booking:
    """Made to the measure of who takes it. From now on it is a form's hold, as any other (rules/holds.py)."""
    reason = _reason(booking, waiting)
    until = hold_until(now, now)
    if (reason.id, waiting.persons) == (booking.reason_id, booking.persons):
        Occupancy.objects.filter(booking_id=booking.id).update(held_until=until)
    else:
        release_seats(booking.id)
        # Held already under the public's rules: the least notice does not run while one reads one's mails.
        wish = Wish(booking.id, reason, waiting.persons, booking.starts_at, held_until=until, public=False)
        booking.ends_at = claim_slot(wish)
        booking.reason, booking.persons = reason, waiting.persons
    booking.held_until, booking.created_at = until, now
    booking.email, booking.phone = waiting.email, waiting.phone
    booking.wants_sms = bool(waiting.phone)
    booking.save()
    return booking


def _reason(booking: Booking, waiting: Waiting) -> Reason:
    found = [one for one in booking.agenda.reasons.filter(active=True) if code_of(one) == waiting.reason_code]
    if not found or waiting.persons > found[0].max_persons:
        raise _gone()
    reason: Reason = found[0]
    return reason


def _gone() -> Refusal:
    return Refusal("offer_gone", _("Cette place n’est plus à prendre. Vous restez sur la liste d’attente."))
