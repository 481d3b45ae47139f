"""A freed slot that nobody took in twenty minutes is shown once more, to the next ones; then it is free for all."""

from datetime import datetime
from uuid import UUID

from parvis.appointments.models import Booking, Occupancy, Offer, Reason, Source, Waiting
from parvis.appointments.rules.lengths import taking
from parvis.appointments.rules.paris import day_of
from parvis.appointments.rules.waiting import GRACE, OFFER, OFFERED_TO, ROUNDS
from parvis.appointments.selectors.agglomeration_scope import agglomeration_scope
from parvis.appointments.selectors.waiting import busy_with_another, code_of, waiting_for
from parvis.appointments.services.offer_freed import make_offers
from parvis.appointments.services.release_hold import release_hold
from parvis.authorities.facade import agglomeration
from parvis.kit import clock, scope


def offer_again() -> int:
    """Looks at every offer whose time has just run out, in all authorities; how many slots were offered once more.

    A hold past its hour needs nobody: it counts for nothing any more.
    """
    if agglomeration() is None:
        return 0
    now = clock.now()
    with agglomeration_scope():
        over = Offer.objects.filter(expires_at__lte=now, expires_at__gt=now - GRACE, taken_at__isnull=True)
        found = set(over.values_list("place_authority_id", "booking_id"))
    return sum(_next_round(authority_id, booking_id) for authority_id, booking_id in sorted(found))


def _next_round(authority_id: UUID, booking_id: UUID) -> bool:
    with scope.authority(authority_id):
        rows = Booking.objects.select_for_update(of=("self",)).select_related("agenda", "agenda__place", "reason")
        booking = rows.get(id=booking_id)
        now = clock.now()
        if booking.source != Source.WAITING or not booking.is_held(now):
            return False
        with agglomeration_scope():
            offers = list(Offer.objects.filter(booking_id=booking.id))
        if any(one.taken_at is not None or one.expires_at > now for one in offers):
            return False
        rounds = len({one.expires_at for one in offers})
        people = _next_ones(booking, {one.waiting_id for one in offers}, now) if rounds < ROUNDS else []
        if not people:
            release_hold(booking)
            return False
        booking.held_until = now + OFFER + GRACE
        booking.save(update_fields=["held_until"])
        Occupancy.objects.filter(booking_id=booking.id).update(held_until=booking.held_until)
        make_offers(booking, people)
    return True


def _next_ones(booking: Booking, seen: set[UUID], now: datetime) -> list[Waiting]:
    """Those whose appointment fits within what is held, at the same hour."""
    agenda = booking.agenda
    if booking.starts_at.timestamp() < now.timestamp() + agenda.lead_minutes * 60:
        return []
    reasons: dict[str, Reason] = {code_of(one): one for one in agenda.reasons.filter(active=True)}
    room = taking(booking.reason, booking.persons)
    with agglomeration_scope():
        people = waiting_for(agenda, day_of(booking.starts_at), besides=[*seen, *busy_with_another(now)])
    return [
        one
        for one in people
        if one.persons <= (booking.persons if agenda.collective else reasons[one.reason_code].max_persons)
        and reasons[one.reason_code].units == booking.reason.units
        and taking(reasons[one.reason_code], one.persons) <= room
    ][:OFFERED_TO]
