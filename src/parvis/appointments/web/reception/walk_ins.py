"""Somebody comes without an appointment: a reason, a ticket, nothing more. Beyond the quota, the next free hours."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from parvis.appointments.models import Booking
from parvis.appointments.rules.half_days import is_morning
from parvis.appointments.rules.paris import slot_text
from parvis.appointments.rules.reasons import HAND_OVER
from parvis.appointments.selectors.slots import AGENTS, free_slots
from parvis.appointments.selectors.today import allowances
from parvis.appointments.services.add_walk_in import WalkIn, add_walk_in
from parvis.appointments.web.reception.forms import WalkInForm
from parvis.appointments.web.reception.house import Door, door, list_url, reasons_of
from parvis.appointments.words import moment_words
from parvis.authorities.facade import desk_page
from parvis.kit import clock
from parvis.kit.errors import Refusal

# How far the next free hours are looked for.
AHEAD = timedelta(days=92)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page("reception.serve")
def walk_in(request: Any) -> HttpResponse:
    here = door(request)
    reasons = reasons_of(here) if here else []
    if here is None or not reasons:
        return render(request, "appointments/reception/no_place.html")
    over = request.method == "POST" and "why" in request.POST
    form = WalkInForm(
        request.POST if request.method == "POST" else None, reasons, over=over, several=len(here.agendas) > 1
    )
    if request.method != "POST" or not form.is_valid():
        return _page(request, here, form, status=422 if form.errors else 200)
    typed = form.cleaned_data
    asked = WalkIn(form.chosen(), typed["persons"], typed["first_name"], typed["needs"], typed.get("why", ""))
    try:
        booking = add_walk_in(asked, actor=request.actor.person_id)
    except Refusal as refusal:
        if refusal.code == "quota_reached":
            if not over:
                form = WalkInForm(request.POST, reasons, over=True, several=len(here.agendas) > 1)
                form.is_valid()
            return _page(request, here, form, refused=refusal, asked=asked, status=409)
        form.add_error(refusal.field, refusal.message)
        return _page(request, here, form, status=422)
    return _welcomed(request, booking)


@require_POST
@desk_page("reception.serve")
def hand_over(request: Any) -> HttpResponse:
    """A ready title is handed over: one gesture, no number, no name."""
    here = door(request)
    reason = next((one for one in reasons_of(here) if one.code == HAND_OVER), None) if here else None
    if reason is None:
        messages.warning(request, _("Aucun agenda de ce lieu ne propose la remise d’un titre."))
        return HttpResponseRedirect(list_url(request))
    try:
        return _welcomed(request, add_walk_in(WalkIn(reason), actor=request.actor.person_id))
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return HttpResponseRedirect(list_url(request))


def _welcomed(request: Any, booking: Booking) -> HttpResponse:
    message = _("Ticket {ticket}\u202f: {reason}. La personne peut s’asseoir, l’écran l’appellera.")
    messages.success(request, message.format(ticket=booking.ticket, reason=booking.reason.label))
    return HttpResponseRedirect(list_url(request, vue="presents"))


def _page(
    request: Any,
    here: Door,
    form: WalkInForm,
    *,
    refused: Refusal | None = None,
    asked: WalkIn | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "here": here,
        "form": form.for_page(),
        "refused": refused,
        "free": _free(request, asked) if asked else [],
        "allowances": allowances(here.place.id),
        "morning": is_morning(clock.now()),
        "back_url": list_url(request),
        "query": request.POST.get("retour", "") or request.GET.urlencode(),
    }
    return render(request, "appointments/reception/walk_in.html", context, status=status)


def _free(request: Any, asked: WalkIn) -> list[tuple[str, str]]:
    """(hour in words, address) of the next free hours, each leading to its booking."""
    now, base = clock.now(), reverse("reception_book", args=[request.authority.slug])
    slots = free_slots([asked.reason.id], asked.persons, now, now + AHEAD, audiences=AGENTS, public=False, each=3)
    fixed = {"lieu": str(asked.reason.agenda.place_id), "motif": str(asked.reason.id), "personnes": asked.persons}
    return [
        (moment_words(one.starts_at), f"{base}?{urlencode({**fixed, 'debut': slot_text(one.starts_at)})}")
        for one in slots
    ]
