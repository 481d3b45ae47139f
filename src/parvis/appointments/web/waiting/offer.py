"""The link of a freed slot: what it is and whether it is still there. Only a POST takes it: filters follow links."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parvis.appointments.links import booking_path, offer_of, waiting_key
from parvis.appointments.models import Booking, BookingState, WaitingState
from parvis.appointments.selectors.nearest import nearest_slots
from parvis.appointments.selectors.offers import OfferView, offer_view
from parvis.appointments.services.take_offer import take_offer
from parvis.appointments.web.booking.door import private
from parvis.appointments.web.public import cards
from parvis.appointments.web.public.take_slot import remember_hold
from parvis.appointments.web.waiting.waiting import missing
from parvis.appointments.words import persons_words
from parvis.authorities.facade import authority
from parvis.kit.errors import Refusal


@private
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: Any, key: str) -> HttpResponse:
    offer_id = offer_of(key)
    found = offer_view(offer_id) if offer_id else None
    if found is None:
        return missing(request)
    if request.method == "POST":
        try:
            booking = take_offer(found.offer.id)
        except Refusal:
            return _page(request, offer_view(found.offer.id) or found, 409)
        remember_hold(request, booking)
        return HttpResponseRedirect(_booking_url(booking))
    return _page(request, found)


def _page(request: Any, found: OfferView, code: int = 200) -> HttpResponse:
    booking, reason, waiting = found.booking, found.reason, found.offer.waiting
    groups = []
    if not found.mine and not found.is_open and reason is not None:
        near = nearest_slots(reason, waiting.persons, found.offer.starts_at)
        groups = cards.near_groups(near, waiting.persons)
    context = {
        "offer": found.offer,
        "starts_at": booking.starts_at if found.mine else found.offer.starts_at,
        "place": booking.place,
        "open": found.is_open,
        "mine": found.mine,
        "confirmed": booking.state == BookingState.BOOKED,
        "booking_url": _booking_url(booking) if found.mine else "",
        "waiting_url": reverse("waiting", args=[waiting_key(waiting.id)]),
        "still_waits": waiting.state == WaitingState.WAITING,
        "label": found.label,
        "persons": waiting.persons,
        "persons_words": persons_words(waiting.persons),
        "groups": groups,
    }
    return render(request, "appointments/waiting/offer.html", context, status=code)


def _booking_url(booking: Booking) -> str:
    return booking_path(authority(booking.authority_id).slug, booking.id)
