"""Places: where people come."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.appointments.models import Agenda, Place
from parvis.appointments.services.save_place import save_place
from parvis.appointments.web.agendas.forms import PlaceForm
from parvis.appointments.web.agendas.guide import crumbs, guide
from parvis.appointments.web.agendas.own import own_place
from parvis.appointments.web.forms import add_refusal
from parvis.authorities.facade import AuthorityView, desk_page
from parvis.kit.errors import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("agendas.manage")
def new_place(request: Any) -> HttpResponse:
    house = request.authority
    blank = Place(**_known(house))
    form = PlaceForm(request.POST if request.method == "POST" else None, instance=blank)
    if request.method == "POST" and form.is_valid():
        try:
            made = save_place(form.cleaned_data, actor=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            return HttpResponseRedirect(reverse("agenda_new", args=[house.slug, made.id]))
    context = {
        "form": form, "place": None, "steps": guide(house, None, None), "located": house.latitude is not None,
        "crumbs": crumbs(house, (_("Nouveau lieu"), "")),
    }  # fmt: skip
    return render(request, "appointments/agendas/place.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("agendas.manage")
def edit_place(request: Any, place: UUID) -> HttpResponse:
    house, found = request.authority, own_place(request, place)
    form = PlaceForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            save_place(form.cleaned_data, own_place(request, place), actor=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            if not Agenda.objects.filter(place_id=place).exists():
                return HttpResponseRedirect(reverse("agenda_new", args=[house.slug, place]))
            messages.success(request, _("Le lieu est enregistré."))
            return HttpResponseRedirect(reverse("agendas", args=[house.slug]))
    bare = not Agenda.objects.filter(place_id=place).exists()
    context = {
        "form": form, "place": own_place(request, place), "steps": guide(house, None, None) if bare else [],
        "crumbs": crumbs(house, (own_place(request, place).name, "")), "located": False,
    }  # fmt: skip
    return render(request, "appointments/agendas/place.html", context)


def _known(house: AuthorityView) -> dict[str, Any]:
    """What the authority already told of itself: nobody types it again."""
    return {
        "name": _("Mairie") if house.kind == "commune" else house.name,
        "address": house.address,
        "postcode": house.postcode,
        "city": house.name,
        "latitude": house.latitude,
        "longitude": house.longitude,
    }
