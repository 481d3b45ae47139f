"""Asks to be told of earlier slots, across communes, without an account."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from parvis.accounts import facade as accounts
from parvis.appointments.rules.waiting import OFFERED_TO
from parvis.appointments.selectors.waiting import WaitedFor, shared_choices, waited_for, waiting_code
from parvis.appointments.services.join_waiting import join_waiting
from parvis.appointments.web.forms import add_refusal
from parvis.appointments.web.waiting.forms import JoinForm, read_places
from parvis.authorities.facade import agglomeration
from parvis.kit.errors import Refusal

# A letter leaves for each address that anyone writes: neither a sender of many, nor many for one mailbox.
A_NETWORK = accounts.Limit(30, timedelta(hours=1))
AN_ADDRESS = accounts.Limit(5, timedelta(hours=1))
SENT_TO = "waiting_sent_to"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    if agglomeration() is None:
        raise Http404(_("Cette plateforme ne tient pas de liste d’attente."))
    if "envoye" in request.GET and request.session.get(SENT_TO):
        return render(request, "appointments/waiting/sent.html", {"email": request.session[SENT_TO]})
    said = request.POST if request.method == "POST" else request.GET
    chosen = read_places(request.GET.get("lieux", ""))
    wanted = waited_for(waiting_code(said.get("motif", ""), chosen))
    if wanted is None:
        return _choose_reason(request, bool(said.get("motif")))
    if request.method != "POST":
        initial: dict[str, Any] = {"lieux": [str(one) for one in chosen if one in wanted.place_ids]}
        persons = request.GET.get("personnes", "")
        if persons.isdecimal() and 1 <= int(persons[:4]) <= wanted.max_persons:
            initial["personnes"] = int(persons[:4])
        return _form_page(request, JoinForm(None, wanted, initial), wanted)
    return _join(request, JoinForm(request.POST, wanted, {}), wanted)


def _join(request: HttpRequest, form: JoinForm, wanted: WaitedFor) -> HttpResponse:
    if not form.is_valid():
        return _form_page(request, form, wanted, 422)
    email = form.cleaned_data["email"]
    try:
        phone = form.cleaned_data.get("phone", "")
        reached = {"email": email, "phone": phone}  # the telephone is not asked to confirm
        accounts.slow_down(
            request, "waiting", A_NETWORK, **{name: (value, AN_ADDRESS) for name, value in reached.items() if value}
        )
        join_waiting(form.wish(), email, phone)
    except Refusal as refusal:
        add_refusal(form, refusal)
        return _form_page(request, form, wanted, 429 if refusal.code == "too_often" else 422)
    request.session[SENT_TO] = email
    return HttpResponseRedirect(f"{reverse('join_waiting')}?envoye")


def _form_page(request: HttpRequest, form: JoinForm, wanted: WaitedFor, code: int = 200) -> HttpResponse:
    context = {"form": form, "wanted": wanted, "told": OFFERED_TO}
    return render(request, "appointments/waiting/join.html", context, status=code)


def _choose_reason(request: HttpRequest, unknown: bool) -> HttpResponse:
    address = reverse("join_waiting")
    choices = [(one.label, f"{address}?motif={one.code}") for one in shared_choices()]
    context = {"choices": choices, "unknown": unknown}
    return render(request, "appointments/waiting/reasons.html", context, status=404 if unknown else 200)
