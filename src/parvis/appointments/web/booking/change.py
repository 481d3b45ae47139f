"""Moving an appointment to another hour of the same agenda, and cancelling it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.accounts import facade as accounts
from parvis.appointments.models import Booking, BookingState
from parvis.appointments.rules.paris import read_slot_text
from parvis.appointments.services.cancel_booking import cancel_booking
from parvis.appointments.services.move_booking import move_booking
from parvis.appointments.states import BOOKING, after
from parvis.appointments.web.booking.door import booking_page
from parvis.appointments.web.booking.slots import nearest, week
from parvis.appointments.web.booking.steps import go
from parvis.kit import clock
from parvis.kit.errors import Refusal

# Each move sends a letter or an SMS to an address that nobody proved to be theirs.
A_NETWORK = accounts.Limit(60, timedelta(hours=1))
A_BOOKING, AN_ADDRESS = accounts.Limit(10, timedelta(days=1)), accounts.Limit(20, timedelta(days=1))


@require_http_methods(["GET", "HEAD", "POST"])
@booking_page
def move(request: Any, booking: Booking) -> HttpResponse:
    """`semaine=2026-W48` shows a week; a POST moves to `debut`, a Paris hour."""
    if not _is_movable(booking):
        return go(request, booking)
    if request.method != "POST":
        return _move_page(request, booking)
    start = read_slot_text(request.POST.get("debut", ""))
    if start is None:
        return _move_page(request, booking, _("Choisissez d’abord une heure, puis appuyez sur le bouton."), 422)
    try:
        _slow_down(request, booking)
        booking = move_booking(booking, start)
    except Refusal as refusal:
        return _move_page(request, booking, refusal.message, 429 if refusal.code == "too_often" else 409)
    messages.success(request, _("Votre rendez-vous est déplacé. L’ancienne heure est rendue."))
    return go(request, booking)


def _slow_down(request: Any, booking: Booking) -> None:
    """Raises Refusal too_often."""
    reached = booking.email or booking.phone or str(booking.id)
    accounts.slow_down(request, "move", A_NETWORK, booking=(str(booking.id), A_BOOKING), reached=(reached, AN_ADDRESS))


def _is_movable(booking: Booking) -> bool:
    if booking.state == BookingState.BOOKED and booking.ends_at <= clock.now():
        return False
    return after(BOOKING, booking.state, "move_booking") is not None


def _move_page(request: Any, booking: Booking, problem: str = "", status: int = 200) -> HttpResponse:
    asked = request.GET.get("semaine", "")
    context = {
        "booking": booking,
        "week": week(booking, asked),
        "hours": [] if asked else nearest(booking)[:3],
        "displaced": booking.state == BookingState.DISPLACED,
        "problem": problem,
    }
    return render(request, "appointments/booking/move.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@booking_page
def cancel(request: Any, booking: Booking) -> HttpResponse:
    if request.method == "POST":
        try:
            booking = cancel_booking(booking)
        except Refusal as refusal:
            messages.warning(request, refusal.message)
            return go(request, booking)
        messages.success(request, _("Votre rendez-vous est annulé."))
        return go(request, booking)
    if after(BOOKING, booking.state, "cancel_booking") is None or booking.ends_at <= clock.now():
        return go(request, booking)
    return render(request, "appointments/booking/cancel.html", {"booking": booking})
