from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from parvis.appointments.models import Booking
from parvis.appointments.services.save_booking import save_booking
from parvis.appointments.web.booking.door import booking_page, own_details
from parvis.appointments.web.booking.forms import ContactForm
from parvis.appointments.web.booking.steps import after_saving, go, is_fillable, may_hold_again, not_now, step_context
from parvis.kit.errors import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@booking_page
def contact(request: Any, booking: Booking) -> HttpResponse:
    """Second step: how to reach who booked, and what helps to receive them well."""
    if request.method != "POST":
        form = ContactForm(None, booking, own_details(request))
        return not_now(request, booking, "booking_contact") or _page(request, booking, form)
    if not is_fillable(booking):
        return go(request, booking)
    form = ContactForm(request.POST, booking, ("", ""))
    right = form.is_valid()
    try:
        booking = save_booking(booking, contact=form.answers(), again=may_hold_again(request, booking))
    except Refusal:
        return go(request, booking)
    if not right:
        return _page(request, booking, form, 422)
    return after_saving(request, booking, "booking_check")


def _page(request: Any, booking: Booking, form: ContactForm, status: int = 200) -> HttpResponse:
    context = {**step_context(request, booking, "booking_contact"), "form": form}
    return render(request, "appointments/booking/contact.html", context, status=status)
