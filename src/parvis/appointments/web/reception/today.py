"""The day of a place: who comes, who is there, what to do next. On screen and on paper."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from parvis.appointments.models import BookingState
from parvis.appointments.rules.half_days import is_morning
from parvis.appointments.rules.paris import day_of
from parvis.appointments.rules.reasons import HAND_OVER
from parvis.appointments.selectors import today as selector
from parvis.appointments.selectors.places import reasons
from parvis.appointments.selectors.today import VIEWS, Row
from parvis.appointments.web.reception.house import Door, day_asked, door, list_url, query_of, uuid_of
from parvis.appointments.web.reception.words import (
    day_words,
    is_doubtful,
    minutes_words,
    number_words,
    people_words,
    state_mark,
)
from parvis.appointments.words import moment_words, persons_words
from parvis.authorities.facade import desk_page
from parvis.kit import clock

SLUGS = {"attendus": "expected", "presents": "present", "recus": "served", "absents": "absent", "tous": "all"}
# The verb of the next gesture -> (the address's word, the button's).
NEXT = {
    BookingState.BOOKED: "arrivee",
    BookingState.ARRIVED: "appel",
    BookingState.CALLED: "recu",
    BookingState.NO_SHOW: "defaire",
}


def view_labels() -> dict[str, str]:
    return {
        "attendus": _("Attendus"), "presents": _("Sur place"), "recus": _("Reçus"), "absents": _("Absents"),
        "tous": _("Tous"),
    }  # fmt: skip


def verb_label(verb: str, row: Row) -> str:
    if verb == "defaire":
        return _("Annuler l’absence")
    labels = {"arrivee": _("Arrivé"), "appel": _("Appeler"), "recu": _("Reçu"), "absent": _("Absent")}
    return labels[verb]


def next_verb(row: Row) -> str:
    """The one gesture that usually comes next; "" once there is none."""
    if row.overdue:
        return "absent"
    return NEXT.get(BookingState(row.booking.state), "")


def shown(request: Any, row: Row, today: bool) -> dict[str, Any]:
    """One line of the list."""
    booking, verb = row.booking, next_verb(row)
    where = [request.authority.slug, booking.id]
    if not today and verb in {"arrivee", "appel", "recu"}:
        verb = ""
    return {
        "row": row,
        "file_url": reverse("reception_booking", args=where),
        "mark": state_mark(row),
        "who": ", ".join(row.names) or persons_words(booking.persons),
        "more": persons_words(booking.persons) if booking.persons > 1 and row.names else "",
        "numbers": [
            (one.application_id, number_words(one), is_doubtful(one)) for one in row.people if one.application_id
        ],
        "verb": verb,
        "verb_label": verb_label(verb, row) if verb else "",
        "verb_url": reverse("reception_verb", args=[*where, verb]) if verb else "",
        "late": minutes_words(row.late_minutes) if row.late_minutes and booking.arrived_at else "",
    }


@require_safe
@never_cache
@desk_page("reception.serve")
def reception(request: Any) -> HttpResponse:
    """The list of a day: its views are links, the search stays across them."""
    here = door(request)
    if here is None:
        return render(request, "appointments/reception/no_place.html")
    day, text = day_asked(request), request.GET.get("q", "").strip()[:100]
    chosen = uuid_of(request.GET.get("guichet", ""))
    rows = [row for row in selector.day_rows(here.place.id, day, chosen) if selector.matches(row, text)]
    counts = {name: sum(_in_view(row, name) for row in rows) for name in VIEWS}
    view = _view(request.GET.get("vue", ""), counts, bool(text))
    today = day == day_of(clock.now())
    context = {
        **_frame(request, here, day, text, chosen),
        "today": today,
        "view": view,
        "view_label": view_labels()[view],
        "tabs_items": [
            (view_labels()[slug], list_url(request, vue=slug), slug == view, counts[name])
            for slug, name in SLUGS.items()
        ],
        "rows": [shown(request, row, today) for row in _viewed(rows, view)],
        "total": len(rows),
        "elsewhere": _elsewhere(request, here, day, text),
        "never_came": [(one, people_words(one)) for one in selector.never_came(here.place.id, day)],
        "displaced": len(selector.displaced([here.place.id])),
        **(_now(here) if today else NOT_NOW),
    }
    return render(request, "appointments/reception/today.html", context)


def _in_view(row: Row, name: str) -> bool:
    return not VIEWS[name] or row.booking.state in VIEWS[name]


def _viewed(rows: list[Row], view: str) -> list[Row]:
    """By hour; those who are there, agenda by agenda in the order of their call, those called first."""
    found = [row for row in rows if _in_view(row, SLUGS[view])]
    if view == "presents":
        found.sort(key=lambda row: (row.booking.agenda.name, row.turn, row.booking.called_at or row.booking.starts_at))
    return found


def _view(asked: str, counts: dict[str, int], searching: bool) -> str:
    """The view asked for; else whoever is expected while somebody is, and everybody for a search."""
    if asked in SLUGS:
        return asked
    if searching:
        return "tous"
    return next((slug for slug in ("attendus", "presents") if counts[SLUGS[slug]]), "tous")


def _frame(request: Any, here: Door, day: Any, text: str, chosen: Any) -> dict[str, Any]:
    return {
        "here": here,
        "day": day,
        "day_label": day_words(day),
        "day_before": list_url(request, date=(day - timedelta(days=1)).isoformat(), vue=""),
        "day_after": list_url(request, date=(day + timedelta(days=1)).isoformat(), vue=""),
        "today_url": list_url(request, date="", vue=""),
        "text": text,
        "chosen": chosen,
        "query": query_of(request),
        "refresh_url": request.get_full_path(),
        "print_url": f"{reverse('reception_print', args=[request.authority.slug])}?{_print_query(request, day)}",
        "may_see_figures": request.actor.may("reception.figures", request.authority.id),
    }


def _print_query(request: Any, day: Any) -> str:
    kept = {"lieu": request.GET.get("lieu", ""), "guichet": request.GET.get("guichet", ""), "date": day.isoformat()}
    return urlencode({name: value for name, value in kept.items() if value})


# What another day shows of what only today has.
NOT_NOW: dict[str, Any] = {
    "waiting": 0, "called": [], "next_one": None, "allowances": [], "hands_over": False, "morning": True,
}  # fmt: skip


def _now(here: Door) -> dict[str, Any]:
    """What only today has: who waits, who is at my desk, who comes next, who may still come without appointment."""
    waiting = selector.queue(here.place.id, here.mine.agenda_id) if here.mine else []
    return {
        "waiting": len(waiting) if here.mine else selector.waiting_count(here.place.id),
        "called": [(one, people_words(one)) for one in selector.called_to(here.mine.id)] if here.mine else [],
        "next_one": (waiting[0], people_words(waiting[0])) if waiting else None,
        "allowances": selector.allowances(here.place.id),
        "hands_over": any(one.code == HAND_OVER for one in reasons(place_ids=[here.place.id])),
        "morning": is_morning(clock.now()),
    }


def _elsewhere(request: Any, here: Door, day: Any, text: str) -> list[tuple[str, str, str]]:
    """(who, when, address) of the appointments of other days that answer the search."""
    slug = request.authority.slug
    return [
        (people_words(one), moment_words(one.starts_at), reverse("reception_booking", args=[slug, one.id]))
        for one in selector.other_days(here.place.id, text, day)
    ]


@require_safe
@never_cache
@desk_page("reception.serve")
def printed(request: Any) -> HttpResponse:
    """The day on paper, agenda by agenda: who is expected, with room to tick."""
    here = door(request)
    if here is None:
        return render(request, "appointments/reception/no_place.html")
    day, chosen = day_asked(request), uuid_of(request.GET.get("guichet", ""))
    rows = [
        r for r in selector.day_rows(here.place.id, day, chosen) if r.booking.state not in {"cancelled", "displaced"}
    ]
    by_agenda: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_agenda.setdefault(row.booking.agenda.name, []).append(shown(request, row, today=True))
    context = {
        **_frame(request, here, day, "", chosen),
        "groups": sorted(by_agenda.items()),
        "total": len(rows),
        "back_url": list_url(request),
    }
    return render(request, "appointments/reception/print.html", context)
