from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.accounts import facade as accounts
from parvis.appointments.models import Booking
from parvis.appointments.selectors.checklist import checklist
from parvis.appointments.services.confirm_booking import confirm_booking
from parvis.appointments.services.release_hold import release_hold
from parvis.appointments.web.booking.door import booking_page
from parvis.appointments.web.booking.steps import go, is_fillable, next_step, not_now, step_context
from parvis.appointments.web.booking.words import answers_given, person_rows
from parvis.kit.errors import Refusal

# A letter or an SMS leaves for each address that anyone writes. A whole library may book behind one network.
A_NETWORK = accounts.Limit(200, timedelta(hours=1))
AN_ADDRESS = accounts.Limit(20, timedelta(hours=1))


@require_http_methods(["GET", "HEAD", "POST"])
@booking_page
def check(request: Any, booking: Booking) -> HttpResponse:
    """Third step: everything once more, then the button. Sent twice, it confirms once."""
    if request.method == "POST":
        return _confirm(request, booking)
    return not_now(request, booking, "booking_check") or _page(request, booking)


def _confirm(request: Any, booking: Booking) -> HttpResponse:
    if not is_fillable(booking):
        return go(request, booking)
    try:
        reached = {"email": booking.email, "phone": booking.phone}
        accounts.slow_down(
            request, "book", A_NETWORK, **{name: (value, AN_ADDRESS) for name, value in reached.items() if value}
        )
    except Refusal as refusal:
        return _page(request, booking, refusal.message, 429)
    try:
        booking = confirm_booking(booking)
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        if refusal.code == "incomplete":
            return go(request, booking, next_step(booking))
        release_hold(booking)
        return go(request, booking)
    messages.success(request, _("Votre rendez-vous est confirmé."))
    return go(request, booking)


def _page(request: Any, booking: Booking, problem: str = "", status: int = 200) -> HttpResponse:
    context = {
        **step_context(request, booking, "booking_check"),
        "people": person_rows(booking),
        "contact": answers_given(booking),
        "items": checklist(booking),
        "problem": problem,
    }
    return render(request, "appointments/booking/check.html", context, status=status)
