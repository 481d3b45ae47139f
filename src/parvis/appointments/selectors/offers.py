from dataclasses import dataclass
from uuid import UUID

from parvis.appointments.models import Booking, Offer, Reason, Source, WaitingState
from parvis.appointments.selectors.waiting import code_of, label_of
from parvis.authorities.facade import agglomeration
from parvis.kit import clock, scope


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer as its link shows it. `mine`: this person took it; `is_open`: it may still be taken, as far as a look
    can tell (services/take_offer.py decides). `reason` None when it is served there no more.
    """

    offer: Offer
    booking: Booking
    reason: Reason | None
    label: str
    is_open: bool
    mine: bool


def offer_view(offer_id: UUID) -> OfferView | None:
    """None for an offer that is gone, with the wait that it belonged to."""
    whole, now = agglomeration(), clock.now()
    if whole is None:
        return None
    with scope.authority(whole.id):
        offer = Offer.objects.select_related("waiting").filter(id=offer_id).first()
        if offer is None:
            return None
        taken = Offer.objects.filter(booking_id=offer.booking_id, taken_at__isnull=False).exists()
    with scope.authority(offer.place_authority_id):
        booking = Booking.objects.select_related("place", "agenda").get(id=offer.booking_id)
        reasons = list(booking.agenda.reasons.filter(active=True))
    return OfferView(
        offer=offer,
        booking=booking,
        reason=next((one for one in reasons if code_of(one) == offer.waiting.reason_code), None),
        label=label_of(offer.waiting.reason_code),
        is_open=bool(
            booking.is_held(now)
            and not taken
            and booking.source == Source.WAITING
            and offer.expires_at > now
            and offer.waiting.state == WaitingState.WAITING
        ),
        mine=offer.taken_at is not None,
    )
