"""Who may come in: whoever has the link. Its pages are neither kept by caches nor indexed."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from parvis.appointments.links import booking_of
from parvis.appointments.models import Booking, BookingState
from parvis.authorities.facade import authority_page

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponseBase]


def private(view: View[P]) -> View[P]:
    """For every page under a booking's link."""

    @never_cache
    @wraps(view)
    def kept_out_of_sight(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    return kept_out_of_sight


def booking_page(view: Callable[[Any, Booking], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page of one booking, in the scope of its authority; the view is given the booking. 404 for any other key."""

    @private
    @authority_page
    @wraps(view)
    def inside(request: Any, /, key: str) -> HttpResponseBase:
        booking = booking_behind(key)
        return missing(request) if booking is None else view(request, booking)

    return inside


def booking_behind(key: str) -> Booking | None:
    """The booking of the authority in scope that a key opens; None once a past appointment was erased. An erased form
    may be filled again: its slot is still known.
    """
    booking_id = booking_of(key)
    if booking_id is None:
        return None
    kept = Q(forgotten_at__isnull=True) | Q(state=BookingState.EXPIRED)
    found = Booking.objects.filter(kept, id=booking_id)
    return found.select_related("place", "agenda", "reason").first()


def missing(request: Any) -> HttpResponse:
    """404 that says what to do."""
    return render(request, "appointments/booking/missing.html", status=404)


def own_details(request: Any) -> tuple[str, str]:
    """Name and address of somebody signed in for themselves; agents book for others: they get empty texts."""
    actor = request.actor
    return (actor.full_name, actor.email) if actor and actor.hat is None else ("", "")
