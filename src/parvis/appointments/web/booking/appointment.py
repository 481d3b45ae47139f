"""The page behind the link: the next step of a hold, or the appointment in whatever state it is."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.accounts import facade as accounts
from parvis.appointments.letters.calendar_file import calendar_file
from parvis.appointments.models import Booking, BookingState
from parvis.appointments.rules.holds import HOLD
from parvis.appointments.rules.paris import read_slot_text, slot_text
from parvis.appointments.selectors.checklist import checklist
from parvis.appointments.services.hold_again import hold_again
from parvis.appointments.states import BOOKING, after
from parvis.appointments.web.booking.door import booking_page
from parvis.appointments.web.booking.slots import is_free, nearest
from parvis.appointments.web.booking.steps import HELD_AGAIN, go, is_fillable, next_step
from parvis.appointments.web.booking.words import answers_given, person_rows, told
from parvis.kit import clock, icalendar
from parvis.kit.errors import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@booking_page
def booking(request: Any, booking: Booking) -> HttpResponse:
    """A POST holds a slot again (`debut`, a Paris hour), for a form whose time ran out."""
    if not is_fillable(booking):
        return go(request, booking) if request.method == "POST" else _appointment(request, booking)
    if request.method == "POST":
        return _hold_again(request, booking)
    if booking.is_held(clock.now()):
        return go(request, booking, next_step(booking))
    return _run_out(request, booking)


def _appointment(request: Any, booking: Booking) -> HttpResponse:
    coming = booking.ends_at > clock.now()
    displaced = booking.state == BookingState.DISPLACED
    context = {
        "booking": booking,
        "told": told(booking),
        "people": person_rows(booking),
        "contact": answers_given(booking),
        "items": checklist(booking),
        "hours": nearest(booking) if displaced else [],
        "coming": coming and booking.state == BookingState.BOOKED,
        "movable": (coming or displaced) and after(BOOKING, booking.state, "move_booking") is not None,
        "cancellable": coming and after(BOOKING, booking.state, "cancel_booking") is not None,
        "again": booking.state in {BookingState.CANCELLED, BookingState.NO_SHOW},
    }
    return render(request, "appointments/booking/appointment.html", context)


def _run_out(request: Any, booking: Booking) -> HttpResponse:
    free = is_free(booking)
    context = {
        "booking": booking,
        "free": free,
        "erased": booking.forgotten_at is not None,
        "own": slot_text(booking.starts_at),
        "hours": [] if free else nearest(booking),
        "minutes": int(HOLD.total_seconds()) // 60,
    }
    return render(request, "appointments/booking/run_out.html", context)


def _hold_again(request: Any, booking: Booking) -> HttpResponse:
    start = read_slot_text(request.POST.get("debut", ""))
    if start is None:
        messages.warning(request, _("Choisissez d’abord une heure."))
        return go(request, booking)
    try:
        accounts.slow_down(request, "hold_again", HELD_AGAIN)
        booking = hold_again(booking, start)
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return go(request, booking)
    return go(request, booking, next_step(booking))


@require_safe
@booking_page
def booking_calendar(request: Any, booking: Booking) -> HttpResponse:
    if is_fillable(booking) or booking.state == BookingState.DISPLACED:
        raise Http404(_("Ce rendez-vous n’a pas encore d’heure sûre\u202f: son fichier d’agenda viendra avec elle."))
    cancelled = booking.state == BookingState.CANCELLED
    return HttpResponse(
        calendar_file(booking),
        content_type=icalendar.media_type(cancelled=cancelled),
        headers={"Content-Disposition": 'attachment; filename="rendez-vous.ics"'},
    )
