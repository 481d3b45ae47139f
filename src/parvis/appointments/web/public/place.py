"""One place: how to come, why one comes, and its free slots by week."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from parvis.appointments.contracts import PlaceView, ReasonView, Slot
from parvis.appointments.models import Agenda
from parvis.appointments.rules.paris import PARIS, day_of, monday_of, slot_text, week_name, week_named
from parvis.appointments.rules.reasons import SHARED
from parvis.appointments.selectors.places import places, reasons
from parvis.appointments.selectors.search import all_slots, announced_closures, first_slots, next_release
from parvis.appointments.web.public import cards, words
from parvis.appointments.words import persons_words
from parvis.authorities.facade import authority_page
from parvis.kit.jinja import hour
from parvis.kit.money import NO_BREAK

MAP = "https://www.openstreetmap.org/?mlat={latitude:.5f}&mlon={longitude:.5f}#map=17/{latitude:.5f}/{longitude:.5f}"


@dataclass(frozen=True, slots=True)
class Day:
    words: str
    choices: list[cards.Choice]


@require_safe
@cache_control(private=True, no_cache=True)
@authority_page
def place(request: Any, place: UUID) -> HttpResponse:
    shown = next((one for one in places(ids=[place]) if one.authority_id == request.authority.id), None)
    if shown is None:
        raise Http404(_("Ce lieu ne prend pas de rendez-vous."))
    offered = reasons(place_ids=[shown.id])
    chosen = _chosen(offered, request.GET.get("motif", ""))
    context: dict[str, Any] = {
        "place": shown,
        "house": request.authority,
        "map_url": MAP.format(latitude=shown.latitude, longitude=shown.longitude),
        "closures": [
            (words.closure_words(one.during.lower, one.during.upper), one.why) for one in announced_closures(shown.id)
        ],
        "chosen": chosen,
        "reasons": _lines(shown, offered, chosen),
        "slots": _slots(shown, chosen, request.GET) if chosen else None,
        "several": len(offered) > 1,
    }
    return render(request, "appointments/public/place.html", context)


def _chosen(offered: list[ReasonView], motif: str) -> ReasonView | None:
    """The reason of the address, by its id or its shared code; the only one where there is no choice."""
    if len(offered) == 1:
        return offered[0]
    return next((one for one in offered if motif in (str(one.id), one.code)), None)


def _lines(shown: PlaceView, offered: list[ReasonView], chosen: ReasonView | None) -> list[dict[str, Any]]:
    others = [one for one in offered if one != chosen]
    first = {} if chosen else first_slots(one.id for one in others)
    return [cards.reason_line(shown, one, first.get(one.id)) for one in others]


def _slots(shown: PlaceView, chosen: ReasonView, query: QueryDict) -> dict[str, Any]:
    """What is free for a reason, one week of it, and the ways to the other weeks that have something."""
    persons = read_persons(query.get("personnes", ""), chosen.max_persons)
    free = all_slots(chosen.id, persons)
    weeks = sorted({monday_of(day_of(one.starts_at)) for one in free})
    week = _week(query.get("semaine", ""), weeks)
    agenda = Agenda.objects.get(id=chosen.agenda_id)
    found: dict[str, Any] = {
        "persons": persons,
        "choices": [(number, persons_words(number)) for number in range(1, chosen.max_persons + 1)],
        "need": words.need_words(chosen, persons),
        "intro": agenda.intro,
        "agenda": agenda.name,
        "first": words.slot_words(free[0].starts_at) if free else "",
        "take_url": cards.take_url(shown),
        "waiting_url": cards.waiting_url(chosen.code, persons, [shown.id]) if agenda.keeps_waiting_list else "",
        "elsewhere_url": _elsewhere(chosen, persons, shown),
        "days": [],
    }
    if week is None:
        return {
            **found,
            "release": _release_words(next_release(agenda.id)),
            "fewer_url": _fewer(shown, chosen, persons),
        }
    this_week = [one for one in free if monday_of(day_of(one.starts_at)) == week]
    before, after = [one for one in weeks if one < week], [one for one in weeks if one > week]
    return {
        **found,
        "week": words.span_words(week, week + timedelta(days=6)),
        "days": list(_days(this_week, chosen.collective)),
        "before_url": _week_url(shown, chosen, persons, before[-1]) if before else "",
        "after_url": _week_url(shown, chosen, persons, after[0]) if after else "",
        "count": len(this_week),
    }


def read_persons(text: str, most: int) -> int:
    """How many persons the address says, brought back between one and `most`."""
    return min(max(int(text), 1), most) if text.isdecimal() and len(text) <= 3 else 1


def _week(text: str, weeks: list[date]) -> date | None:
    """The Monday of the week asked (2026-W48), or of the next one that has free slots, or of the last one."""
    wanted = week_named(text) or date.min
    return next((one for one in weeks if one >= wanted), weeks[-1] if weeks else None)


def _week_url(shown: PlaceView, chosen: ReasonView, persons: int, monday: date) -> str:
    return cards.place_url(shown, chosen.id, persons, semaine=week_name(monday)) + "#places"


def _days(slots: Iterable[Slot], collective: bool) -> Iterable[Day]:
    for day, group in groupby(slots, key=lambda one: day_of(one.starts_at)):
        name = words.near_day_words(day)
        full = words.day_words(day) if name == words.day_words(day) else f"{name}, {words.day_words(day)}"
        spoken = words.day_words(day)
        yield Day(
            full[0].upper() + full[1:],
            [cards.Choice(slot_text(one.starts_at), spoken, _label(one, collective)) for one in group],
        )


def _label(slot: Slot, collective: bool) -> str:
    if not collective:
        return hour(slot.starts_at)
    seats = ngettext("{count} place", "{count} places", slot.left).format(count=slot.left).replace(" ", NO_BREAK)
    return _("{first} à {last} · {seats}").format(first=hour(slot.starts_at), last=hour(slot.ends_at), seats=seats)


def _release_words(at: datetime | None) -> str:
    if at is None:
        return ""
    local = day_of(at)
    if at.astimezone(PARIS).hour == 0:
        return _("De nouvelles places sortent {day}, à minuit.").format(day=_on(local))
    return _("De nouvelles places sortent {day} à {hour}.").format(day=_on(local), hour=hour(at))


def _on(day: date) -> str:
    near = words.near_day_words(day)
    return near if near != words.day_words(day) else _("le {day}").format(day=near)


def _fewer(shown: PlaceView, chosen: ReasonView, persons: int) -> str:
    """The same place for one person, where several find nothing together and one would."""
    return cards.place_url(shown, chosen.id, 1) if persons > 1 and all_slots(chosen.id, 1) else ""


def _elsewhere(chosen: ReasonView, persons: int, shown: PlaceView) -> str:
    if chosen.code not in SHARED:
        return ""
    point = f"{shown.latitude:.5f},{shown.longitude:.5f}"
    return cards.find_url(motif=chosen.code, personnes=str(persons), pres=shown.city, point=point)
