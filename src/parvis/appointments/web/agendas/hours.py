"""The weekly hours of a desk, its closures and what opens beside them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.appointments.models import HoursException, Resource, WeeklyHours
from parvis.appointments.selectors.agendas import Grid, grids, missing
from parvis.appointments.services.end_exception import EndException
from parvis.appointments.web.agendas.changing import Asked, change_page, four_weeks
from parvis.appointments.web.agendas.guide import crumbs, guide
from parvis.appointments.web.agendas.hours_forms import ClosureForm, ExtraForm, HoursForm
from parvis.appointments.web.agendas.own import own_agenda, own_exception, own_place, own_resource
from parvis.appointments.web.agendas.words import exception_words, terms_words, week_words
from parvis.appointments.web.forms import add_refusal
from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("agendas.manage")
def hours(request: Any, agenda: UUID, resource: UUID) -> HttpResponse:
    """One grid of a desk's hours: `?grille=<id>` an existing one, `?grille=nouvelle` another, else the first."""
    house, found = request.authority, own_agenda(request, agenda)
    desk = own_resource(found, resource)
    known = grids(desk)
    asked_grid = request.GET.get("grille", "")
    if asked_grid not in {"", "nouvelle", *(str(one.id) for one in known)}:
        messages.info(request, _("Ces horaires ont été remplacés. Voici ceux d’aujourd’hui."))
        return HttpResponseRedirect(reverse("agenda_hours", args=[house.slug, found.id, desk.id]))
    grid = _chosen(asked_grid, known)
    form = HoursForm(request.POST if request.method == "POST" else None, desk, grid, ticked=_alone(desk))
    here = reverse("agenda_hours", args=[house.slug, found.id, desk.id])
    back = reverse("agenda", args=[house.slug, found.id])
    trail = crumbs(house, (_("Horaires\u202f: {name}").format(name=desk.name), ""), agenda=found)
    if request.method == "POST" and form.is_valid() and "edit" not in request.POST:
        opens = _("L’agenda est ouvert\u202f: on peut prendre rendez-vous.")
        asked = Asked(
            title=_("Horaires\u202f: {name}").format(name=desk.name), crumbs=trail, back=here,
            done=opens if missing(found) == ("hours",) else _("Les horaires sont enregistrés."),
            next=back, why=_("Nos horaires changent."), shows=desk, first=form.cleaned_data["valid_from"],
        )  # fmt: skip
        try:
            return change_page(request, form.change(), asked)
        except Refusal as refusal:
            add_refusal(form, refusal)
    context = {
        "form": form, "agenda": found, "resource": desk, "grid": grid, "crumbs": trail, "back": back,
        "steps": guide(house, found.place, found), "weeks": four_weeks(desk) if known else [],
        "others": [
            {"url": f"{here}?grille={one.id}", "terms": terms_words(one.terms), "lines": week_words(one)}
            for one in known if grid is None or one.id != grid.id
        ],
        "another": f"{here}?grille=nouvelle" if grid is not None else "",
    }  # fmt: skip
    return render(request, "appointments/agendas/hours.html", context)


def _chosen(asked: str, known: list[Grid]) -> Grid | None:
    if asked == "nouvelle" or not known:
        return None
    if not asked:
        return known[0]
    return next(one for one in known if str(one.id) == asked)


def _alone(desk: Resource) -> bool:
    """Nobody has hours yet: what is written for one desk is meant for all."""
    return not WeeklyHours.objects.filter(resource__agenda_id=desk.agenda_id).exists()


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("agendas.manage")
def close(request: Any, place: UUID) -> HttpResponse:
    """Closes a place, or one of its desks (`?guichet=<id>`)."""
    house, found = request.authority, own_place(request, place)
    form = ClosureForm(request.POST if request.method == "POST" else None, found, request.GET.get("guichet", ""))
    title, back = _("Fermer\u202f: {name}").format(name=found.name), reverse("agendas", args=[house.slug])
    trail = crumbs(house, (title, ""))
    if request.method == "POST" and form.is_valid() and "edit" not in request.POST:
        change = form.change()
        asked = Asked(
            title=title, crumbs=trail, back=back, done=_("La fermeture est enregistrée."), next=back,
            why=change.reason or _("Nous sommes fermés ce jour-là."), shows=change.resource,
            first=form.cleaned_data["first_day"],
        )  # fmt: skip
        try:
            return change_page(request, change, asked)
        except Refusal as refusal:
            add_refusal(form, refusal)
    context = {"form": form, "place": found, "crumbs": trail, "back": back}
    return render(request, "appointments/agendas/close.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("agendas.manage")
def open_more(request: Any, agenda: UUID) -> HttpResponse:
    house, found = request.authority, own_agenda(request, agenda)
    form = ExtraForm(request.POST if request.method == "POST" else None, found)
    title, back = _("Ouvrir en plus"), reverse("agenda", args=[house.slug, found.id])
    trail = crumbs(house, (title, ""), agenda=found)
    if request.method == "POST" and form.is_valid() and "edit" not in request.POST:
        change = form.change()
        asked = Asked(
            title=title, crumbs=trail, back=back, done=_("L’ouverture est enregistrée."), next=back, quick=True,
            shows=change.resource, first=form.cleaned_data["day"],
        )  # fmt: skip
        try:
            return change_page(request, change, asked)
        except Refusal as refusal:
            add_refusal(form, refusal)
    context = {"form": form, "agenda": found, "crumbs": trail, "back": back}
    return render(request, "appointments/agendas/open.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("agendas.manage")
def end_exception(request: Any, exception: UUID) -> HttpResponse:
    """Ends a closure early, or takes an extra opening back."""
    house = request.authority
    if request.method == "POST" and not HoursException.objects.filter(id=exception).exists():
        messages.info(request, _("C’est déjà fait."))
        return HttpResponseRedirect(reverse("agendas", args=[house.slug]))
    found = own_exception(request, exception)
    title = _("Rouvrir") if found.closed else _("Retirer l’ouverture")
    back = reverse("agendas", args=[house.slug])
    trail = crumbs(house, (title, ""))
    refused = ""
    if request.method == "POST" and "edit" not in request.POST:
        asked = Asked(
            title=title, crumbs=trail, back=back, next=back, quick=True, why=_("Nos horaires changent."),
            done=_("La fermeture est terminée.") if found.closed else _("L’ouverture est retirée."),
        )  # fmt: skip
        try:
            return change_page(request, EndException(found), asked)
        except Refusal as refusal:
            refused = refusal.message
    context = {
        "exception": found, "title": title, "when": exception_words(found), "crumbs": trail, "back": back,
        "refused": refused,
    }  # fmt: skip
    return render(request, "appointments/agendas/exception.html", context)
