"""The places and agendas of an authority, and one agenda with all that makes it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from parvis.accounts.facade import people
from parvis.appointments.models import Agenda, Booking, HoursException, Reason, Resource
from parvis.appointments.rules.reasons import is_numbered
from parvis.appointments.selectors.agendas import coming_exceptions, grids, kept_outside, missing, place_rows, to_call
from parvis.appointments.services.replace_outside import ReplaceOutside
from parvis.appointments.web.agendas.changing import Asked, change_page
from parvis.appointments.web.agendas.guide import crumbs, guide, next_step
from parvis.appointments.web.agendas.own import own_agenda
from parvis.appointments.web.agendas.words import (
    day_and_hour,
    exception_words,
    people_words,
    release_words,
    terms_words,
    week_words,
)
from parvis.authorities.facade import desk_page


@require_safe
@desk_page("agendas.manage")
def agendas(request: Any) -> HttpResponse:
    house = request.authority
    rows = [
        {
            "place": row.place,
            "agendas": [
                {
                    "agenda": one.agenda,
                    "url": reverse("agenda", args=[house.slug, one.agenda.id]),
                    "missing": _missing_words(one.missing),
                    "next": next_step(house, one.agenda),
                    "attention": len(kept_outside(one.agenda.id)) + len(to_call(one.agenda.id)),
                }
                for one in row.agendas
            ],
            "exceptions": [_exception(house.slug, one) for one in row.exceptions],
            "edit": reverse("agenda_place", args=[house.slug, row.place.id]),
            "close": reverse("agenda_close", args=[house.slug, row.place.id]),
            "new_agenda": reverse("agenda_new", args=[house.slug, row.place.id]),
        }
        for row in place_rows(house.id)
    ]
    context = {"rows": rows, "new_place": reverse("agenda_new_place", args=[house.slug])}
    return render(request, "appointments/agendas/list.html", context)


@require_safe
@never_cache
@desk_page("agendas.manage")
def agenda(request: Any, agenda: UUID) -> HttpResponse:
    """One agenda: what it lacks, whom to look after, its settings, desks, reasons and dated changes."""
    found, house = own_agenda(request, agenda), request.authority
    args = [house.slug, found.id]
    context = {
        "agenda": found,
        "crumbs": crumbs(house, (found.name, "")),
        "missing": _missing_words(missing(found)),
        "next": next_step(house, found),
        "steps": guide(house, found.place, found),
        "desks": _desks(house.slug, found),
        "reasons": [
            {"reason": one, "numbered": is_numbered(one.code), "url": reverse("agenda_reason", args=[*args, one.id])}
            for one in Reason.objects.filter(agenda=found).order_by("-active", "rank", "label")
        ],
        "exceptions": [_exception(house.slug, one) for one in coming_exceptions(found.place_id, found.id)],
        "outside": _people(request, kept_outside(found.id)),
        "to_call": _people(request, to_call(found.id)),
        "release": release_words(found),
        "lead": _lead_words(found),
        "urls": {
            name: reverse(name, args=args)
            for name in ("agenda_settings", "agenda_new_resource", "agenda_reasons", "agenda_open", "agenda_outside")
        }
        | {
            "agenda_close": reverse("agenda_close", args=[house.slug, found.place_id]),
            "place": reverse("place", args=[house.slug, found.place_id]),
        },
    }
    return render(request, "appointments/agendas/agenda.html", context)


@require_http_methods(["POST"])
@desk_page("agendas.manage")
def outside(request: Any, agenda: UUID) -> HttpResponse:
    """Proposes a slot to each appointment that was kept, or found, outside the hours."""
    found, house = own_agenda(request, agenda), request.authority
    here = reverse("agenda", args=[house.slug, found.id])
    title = _("Replacer les rendez-vous hors horaires")
    asked = Asked(
        title=title,
        crumbs=crumbs(house, (title, ""), agenda=found),
        back=here,
        done=_("C’est fait."),
        next=here,
        why=_("Nos horaires ont changé."),
        editable=False,
    )
    return change_page(request, ReplaceOutside(found), asked)


def _people(request: Any, bookings: list[Booking]) -> list[dict[str, Any]]:
    """Who has these appointments; each opens at the reception, for those who serve there."""
    serves = request.actor.may("reception.serve", request.authority.id)
    return [
        {
            "booking": one,
            "people": people_words(one),
            "when": day_and_hour(one.starts_at),
            "url": reverse("reception_booking", args=[request.authority.slug, one.id]) if serves else "",
        }
        for one in bookings
    ]


def _desks(slug: str, agenda: Agenda) -> list[dict[str, Any]]:
    found = list(Resource.objects.filter(agenda=agenda).order_by("-active", "rank", "name"))
    names = {key: one.full_name for key, one in people({r.person_id for r in found if r.person_id}).items()}
    return [
        {
            "desk": one,
            "who": names.get(one.person_id, "") if one.person_id else "",
            "edit": reverse("agenda_resource", args=[slug, agenda.id, one.id]),
            "hours": reverse("agenda_hours", args=[slug, agenda.id, one.id]),
            "grids": [
                {"grid": grid, "terms": terms_words(grid.terms), "lines": week_words(grid)} for grid in grids(one)
            ],
        }
        for one in found
    ]


def _exception(slug: str, one: HoursException) -> dict[str, Any]:
    return {
        "row": one,
        "what": one.resource.name if one.resource else _("Tout le lieu"),
        "when": exception_words(one),
        "end": reverse("agenda_exception", args=[slug, one.id]),
    }


def _missing_words(missing: tuple[str, ...]) -> list[str]:
    words = {"resources": _("au moins un guichet"), "reasons": _("au moins un motif"), "hours": _("les horaires")}
    return [words[one] for one in missing]


def _lead_words(agenda: Agenda) -> str:
    minutes = agenda.lead_minutes
    if minutes == 0:
        return _("jusqu’à la dernière minute")
    if minutes % 1440 == 0:
        return ngettext("au moins {count} jour avant", "au moins {count} jours avant", minutes // 1440).format(
            count=minutes // 1440
        )
    if minutes % 60 == 0:
        return _("au moins {count}\u00a0h avant").format(count=minutes // 60)
    return _("au moins {count}\u00a0min avant").format(count=minutes)
