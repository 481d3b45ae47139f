"""How an agenda lets its slots out, its desks, and why people come."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.appointments.models import Agenda, Place
from parvis.appointments.selectors.agendas import missing
from parvis.appointments.services.save_agenda import SaveAgenda, create_agenda
from parvis.appointments.services.save_resource import SaveResource, add_resource
from parvis.appointments.web.agendas.changing import Asked, change_page
from parvis.appointments.web.agendas.forms import AgendaForm, ResourceForm
from parvis.appointments.web.agendas.guide import crumbs, guide, next_step
from parvis.appointments.web.agendas.own import own_agenda, own_place, own_resource
from parvis.appointments.web.forms import add_refusal
from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal


def _first_name(place: Place) -> str:
    return _("Titres d’identité") if place.national and not Agenda.objects.filter(place=place).exists() else ""


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("agendas.manage")
def new_agenda(request: Any, place: UUID) -> HttpResponse:
    house, found = request.authority, own_place(request, place)
    form = AgendaForm(
        request.POST if request.method == "POST" else None, instance=Agenda(place=found, name=_first_name(found))
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = create_agenda(found, form.cleaned_data, actor=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            return HttpResponseRedirect(next_step(house, made))
    context = {
        "form": form, "agenda": None, "place": found, "steps": guide(house, found, None),
        "crumbs": crumbs(house, (_("Nouvel agenda"), "")), "back": reverse("agendas", args=[house.slug]),
    }  # fmt: skip
    return render(request, "appointments/agendas/settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("agendas.manage")
def agenda_settings(request: Any, agenda: UUID) -> HttpResponse:
    house, found = request.authority, own_agenda(request, agenda)
    form = AgendaForm(request.POST if request.method == "POST" else None, instance=own_agenda(request, agenda))
    steps, title = guide(house, found.place, found), _("Réglages")
    here = reverse("agenda", args=[house.slug, found.id])
    trail = crumbs(house, (title, ""), agenda=found)
    if request.method == "POST" and form.is_valid() and "edit" not in request.POST:
        asked = Asked(
            title=_("Réglages de l’agenda"), crumbs=trail, back=here, done=_("Les réglages sont enregistrés."),
            next=next_step(house, found), why=_("Nos jours d’ouverture changent."), quick=True,
        )  # fmt: skip
        try:
            return change_page(request, SaveAgenda(found, form.cleaned_data), asked)
        except Refusal as refusal:
            add_refusal(form, refusal)
    context = {
        "form": form, "agenda": found, "place": found.place, "steps": steps, "crumbs": trail, "back": here,
    }  # fmt: skip
    return render(request, "appointments/agendas/settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("agendas.manage")
def new_resource(request: Any, agenda: UUID) -> HttpResponse:
    house, found = request.authority, own_agenda(request, agenda)
    desks = list(found.resources.all())
    form = ResourceForm(request.POST if request.method == "POST" else None, found, house)
    if request.method == "GET" and not found.collective:
        form.initial["name"] = _("Guichet {number}").format(number=len(desks) + 1)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_resource(found, form.cleaned_data, actor=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("{name} est ajouté.").format(name=made.name))
            again = reverse("agenda_new_resource", args=[house.slug, found.id])
            return HttpResponseRedirect(again if "again" in request.POST else next_step(house, found))
    context = {
        "form": form, "agenda": found, "resource": None, "desks": desks, "steps": guide(house, found.place, found),
        "crumbs": crumbs(house, (_("Nouveau guichet"), ""), agenda=found),
        "next": next_step(house, found) if desks and missing(found) else "",
        "back": reverse("agenda", args=[house.slug, found.id]),
    }  # fmt: skip
    return render(request, "appointments/agendas/resource.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("agendas.manage")
def edit_resource(request: Any, agenda: UUID, resource: UUID) -> HttpResponse:
    house, found = request.authority, own_agenda(request, agenda)
    desk = own_resource(found, resource)
    form = ResourceForm(request.POST if request.method == "POST" else None, found, house, own_resource(found, resource))
    back = reverse("agenda", args=[house.slug, found.id])
    trail = crumbs(house, (desk.name, ""), agenda=found)
    if request.method == "POST" and form.is_valid() and "edit" not in request.POST:
        asked = Asked(
            title=desk.name, crumbs=trail, back=back, done=_("{name} est enregistré.").format(name=desk.name),
            next=back, why=_("Un de nos guichets ferme."), quick=True,
        )  # fmt: skip
        try:
            return change_page(request, SaveResource(desk, form.cleaned_data), asked)
        except Refusal as refusal:
            add_refusal(form, refusal)
    context = {
        "form": form, "agenda": found, "resource": desk, "desks": [], "steps": [], "crumbs": trail, "next": "",
        "back": back,
    }  # fmt: skip
    return render(request, "appointments/agendas/resource.html", context)
