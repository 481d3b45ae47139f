"""The link of somebody who waits: confirm, see, change, leave. A GET changes nothing: mail filters follow links."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.appointments.letters.waiting import wish_facts
from parvis.appointments.links import waiting_of
from parvis.appointments.models import Waiting, WaitingState
from parvis.appointments.rules.paris import day_of
from parvis.appointments.rules.waiting import OFFERED_TO
from parvis.appointments.selectors.waiting import find_waiting, waited_for
from parvis.appointments.services.join_waiting import change_waiting, confirm_waiting
from parvis.appointments.services.leave_waiting import leave_waiting
from parvis.appointments.web.booking.door import private
from parvis.appointments.web.forms import add_refusal
from parvis.appointments.web.waiting.forms import WishForm, initial_of
from parvis.kit import clock
from parvis.kit.errors import Refusal


@private
@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request: Any, key: str) -> HttpResponse:
    waiting_id = waiting_of(key)
    found = find_waiting(waiting_id) if waiting_id else None
    if found is None:
        return missing(request)
    if request.method != "POST":
        return _page(request, found, _form(None, found))
    verb = request.POST.get("geste", "")
    if verb == "changer":
        return _change(request, found, key)
    try:
        if verb == "confirmer":
            confirm_waiting(found.id)
            messages.success(request, _("C’est noté\u202f: nous vous écrirons dès qu’une place se libère."))
        elif verb == "arreter":
            leave_waiting(found.id)
            messages.success(request, _("C’est fait\u202f: nous ne vous écrirons plus."))
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    return _again(key)


def missing(request: Any) -> HttpResponse:
    """404 that says what to do."""
    return render(request, "appointments/waiting/missing.html", status=404)


def _change(request: Any, found: Waiting, key: str) -> HttpResponse:
    form = _form(request.POST, found)
    if form is None:
        return _again(key)
    if form.is_valid():
        try:
            change_waiting(found.id, form.wish())
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Votre demande est changée. Vous gardez votre rang."))
            return _again(key)
    return _page(request, found, form, 422)


def _form(data: Any, found: Waiting) -> WishForm | None:
    """None once its reason is no longer offered."""
    wanted = waited_for(found.reason_code)
    return WishForm(data, wanted, initial_of(found)) if wanted else None


def _again(key: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("waiting", args=[key]))


def _page(request: Any, found: Waiting, form: WishForm | None, code: int = 200) -> HttpResponse:
    live = found.state == WaitingState.WAITING and found.before >= day_of(clock.now())
    context = {
        "waiting": found,
        "live": live,
        "to_confirm": live and found.confirmed_at is None,
        "facts": wish_facts(found),
        "form": form if live else None,
        "told": OFFERED_TO,
    }
    return render(request, "appointments/waiting/waiting.html", context, status=code)
