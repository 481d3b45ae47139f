from datetime import timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parvis.accounts import facade as accounts
from parvis.appointments.web.booking.forms import FindForm
from parvis.authorities.facade import authority_page
from parvis.kit import outbox
from parvis.kit.errors import Refusal

A_VISITOR = accounts.Limit(30, timedelta(hours=1))
AN_ADDRESS = accounts.Limit(5, timedelta(hours=1))


@require_http_methods(["GET", "HEAD", "POST"])
@authority_page
def find(request: Any) -> HttpResponse:
    """The links leave by mail, from the worker: the page says and lasts the same whether there are any or not."""
    if request.method != "POST":
        return _page(request, FindForm(None))
    form = FindForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    email = form.cleaned_data["email"]
    try:
        accounts.slow_down(request, "find_booking", A_VISITOR, email=(email, AN_ADDRESS))
    except Refusal as refusal:
        form.add_error("email", refusal.message)
        return _page(request, form, 429)
    outbox.enqueue("appointments.send_links", email=email)
    return HttpResponseRedirect(f"{reverse('find_booking', args=[request.authority.slug])}?envoye=1")


def _page(request: Any, form: FindForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "sent": "envoye" in request.GET and not form.is_bound}
    return render(request, "appointments/booking/find.html", context, status=status)
