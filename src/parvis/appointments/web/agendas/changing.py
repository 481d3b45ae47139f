"""A change of hours is shown before it is applied: whom it touches, what each is offered, the weeks as they will be."""

import contextlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.appointments.models import Resource
from parvis.appointments.rules.paris import day_of, monday_of
from parvis.appointments.selectors.agendas import DayShown, days_shown
from parvis.appointments.services.apply_change import Applied, Decision, apply_change
from parvis.appointments.services.hours_change import HoursChange
from parvis.appointments.services.preview_change import Preview, preview_change
from parvis.appointments.web.agendas.words import day_and_hour, people_words, period_words, plain_date, weekday_words
from parvis.kit import clock
from parvis.kit.errors import Refusal

_CONTROLS = {"csrfmiddlewaretoken", "confirm", "edit", "told"}
_DECISION = ("does-", "version-", "start-")


@dataclass(frozen=True, slots=True)
class Asked:
    """How a change is shown. `shows`: the desk whose four weeks from `first` on are drawn. `quick`: applied without a
    page when it touches nobody; `editable`: a form stands behind it. `why`: what people are told, unless the agent
    writes better.
    """

    title: str
    crumbs: list[tuple[str, str]]
    back: str
    done: str
    next: str
    why: str = ""
    shows: Resource | None = None
    first: date | None = None
    quick: bool = False
    editable: bool = True


def change_page(request: Any, change: HoursChange, asked: Asked) -> HttpResponse:
    """The preview of a change that a valid form asked for, or its application. Raises Refusal of the change itself."""
    decisions = _decisions(request.POST)
    told = request.POST.get("told", asked.why).strip()[:300]
    stale = ""
    if request.POST.get("confirm"):
        try:
            return _apply(request, change, asked, decisions, told)
        except Refusal as refusal:
            if refusal.code not in {"list_changed", "busy"}:
                raise
            stale = refusal.message
    keeping = {key for key, one in decisions.items() if one.does == "keep"}
    first = max(asked.first or day_of(clock.now()), day_of(clock.now()))
    shows = asked.shows
    read = (lambda: days_shown(shows, _monday(first))) if shows is not None else None
    preview = preview_change(change, keeping=keeping, read=read)
    if asked.quick and not preview.touched and not stale:
        return _apply(request, change, asked, {}, told)
    context = {
        "asked": asked,
        "stale": stale,
        "told": told,
        "touched": _rows(preview, decisions),
        "weeks": _weeks(preview.shown or []),
        "first_day": first,
        "carried": _carried(request.POST),
        "button_label": _button(preview),
    }
    shown = render(request, "appointments/agendas/preview.html", context)
    add_never_cache_headers(shown)
    return shown


def _apply(request: Any, change: HoursChange, asked: Asked, decisions: dict[UUID, Decision], told: str) -> HttpResponse:
    applied = apply_change(change, decisions, why=told, actor=request.actor.person_id)
    messages.success(request, " ".join([asked.done, *_told(applied)]))
    return HttpResponseRedirect(asked.next)


def _told(applied: Applied) -> list[str]:
    words = []
    if applied.moved:
        words.append(
            ngettext(
                "{count} rendez-vous est déplacé, et la personne prévenue.",
                "{count} rendez-vous sont déplacés, et les personnes prévenues.",
                applied.moved,
            ).format(count=applied.moved)
        )
    if applied.called:
        words.append(
            ngettext(
                "{count} personne est à rappeler\u202f: vous la trouvez sur la page de l’agenda.",
                "{count} personnes sont à rappeler\u202f: vous les trouvez sur la page de l’agenda.",
                applied.called,
            ).format(count=applied.called)
        )
    if applied.kept:
        words.append(
            ngettext(
                "{count} rendez-vous reste à son heure, hors horaires.",
                "{count} rendez-vous restent à leur heure, hors horaires.",
                applied.kept,
            ).format(count=applied.kept)
        )
    return words


def _button(preview: Preview) -> str:
    if not preview.touched:
        return _("Appliquer")
    return _("Appliquer et prévenir les personnes")


def _carried(posted: Any) -> list[tuple[str, str]]:
    """What was typed in the form, to be sent again with the decisions."""
    return [
        (name, value)
        for name, values in posted.lists()
        if name not in _CONTROLS and not name.startswith(_DECISION)
        for value in values
    ]


def _decisions(posted: Any) -> dict[UUID, Decision]:
    """What cannot be read is left out: the service then says that the list has changed."""
    found: dict[UUID, Decision] = {}
    for name in posted:
        if not name.startswith("does-") or posted[name] not in {"move", "keep", "call"}:
            continue
        with contextlib.suppress(ValueError):
            key = UUID(hex=name.removeprefix("does-"))
            start = posted.get(f"start-{key.hex}", "")
            at = datetime.fromisoformat(start) if start else None
            if at is None or at.tzinfo is not None:
                found[key] = Decision(int(posted.get(f"version-{key.hex}", "")), posted[name], at)
    return found


def _rows(preview: Preview, decisions: dict[UUID, Decision]) -> list[dict[str, Any]]:
    rows = []
    for one in preview.touched:
        booking, before = one.booking, decisions.get(one.booking.id)
        choices = [("keep", _("Garder son heure")), ("call", _("À rappeler"))]
        if one.proposal is not None:
            choices.insert(0, ("move", _("Déplacer")))
        default = "move" if one.proposal else "call"
        chosen = before.does if before and before.does in dict(choices) else default
        rows.append(
            {
                "key": booking.id.hex,
                "booking": booking,
                "when": day_and_hour(booking.starts_at),
                "people": people_words(booking),
                "proposal": day_and_hour(one.proposal) if one.proposal else "",
                "choices": choices,
                "chosen": chosen,
                "start": one.proposal.isoformat() if one.proposal else "",
            }
        )
    return rows


def _weeks(days: list[DayShown]) -> list[dict[str, Any]]:
    """A week at a time, without the days that are over."""
    today = day_of(clock.now())
    return [
        {
            "monday": plain_date(days[start].day),
            "schools_closed": any(one.schools_closed for one in days[start : start + 5]),
            "days": [
                {
                    "day": weekday_words(one.day),
                    "hours": [period_words(period) for period in one.periods],
                    "note": one.note,
                }
                for one in days[start : start + 7]
                if one.day >= today
            ],
        }
        for start in range(0, len(days), 7)
    ]


def four_weeks(resource: Resource, first: date | None = None) -> list[dict[str, Any]]:
    """The weeks of a desk as they stand."""
    return _weeks(days_shown(resource, _monday(first or day_of(clock.now()))))


def _monday(day: date) -> date:
    """Of its week; on a Sunday, when the week is over, of the next one."""
    return monday_of(day + timedelta(days=1))
