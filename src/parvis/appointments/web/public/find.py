"""One search over all the places of the agglomeration, for anybody, without an account."""

from dataclasses import dataclass
from math import isfinite
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from parvis.appointments.geocoding.port import Located
from parvis.appointments.geocoding.registry import geocoder
from parvis.appointments.rules.reasons import SHARED
from parvis.appointments.selectors.places import places, reasons
from parvis.appointments.selectors.search import PlaceFound, Wanted, offered, search
from parvis.appointments.web.public import cards, words
from parvis.appointments.web.public.advice import advice
from parvis.appointments.web.public.forms import FindForm
from parvis.appointments.words import persons_words
from parvis.authorities.facade import platform_page
from parvis.kit.errors import RetryLater

# Candidates for an address; the list shown at once; the places that a person near an address would wait for.
CANDIDATES, SHOWN, WAITED_FOR = 5, 8, 12
BY_TIME = "tot"


@dataclass(frozen=True, slots=True)
class Nearby:
    """Where one looks from. `trouble`: "" or why there is no position: "unknown" words, or "later" (service silent)."""

    text: str = ""
    label: str = ""
    point: tuple[float, float] | None = None
    others: tuple[Located, ...] = ()
    trouble: str = ""


@require_safe
@cache_control(private=True, no_cache=True)
@platform_page
def find_appointment(request: HttpRequest) -> HttpResponse:
    choices = offered()
    asked = "personnes" in request.GET or "motif" in request.GET
    form = FindForm(request.GET, choices, asked=asked)
    context: dict[str, Any] = {"form": form, "asked": asked, "choices": choices, "results": None}
    if asked and form.is_valid():
        context["results"] = _results(request.GET, form)
    context["other_places"] = _other_places()
    return render(request, "appointments/public/find.html", context)


def _results(query: QueryDict, form: FindForm) -> dict[str, Any]:
    near = _locate(form.cleaned_data["pres"].strip(), query.get("point", ""))
    by_time = near.point is None or query.get("ordre") == BY_TIME
    wanted = form.wanted(near.point, by_time)
    found = search(wanted)
    shown = [cards.card(one, rank, wanted.persons, near.point) for rank, one in enumerate(found, 1)]
    return {
        "wanted": wanted,
        "near": near,
        "others": [(one.label, _same(query, pres=one.label, point=_point_text(one))) for one in near.others],
        "label": SHARED[wanted.code].label,
        "persons": persons_words(wanted.persons),
        "filters": _filters(form),
        "first": shown[:SHOWN],
        "rest": shown[SHOWN:],
        "advice": advice(found, wanted),
        "orders": _orders(query, near, by_time),
        "any_time_url": _same(query, quand="", avant=""),
        "with_steps_url": _same(query, sans_marche=""),
        "waiting_url": cards.waiting_url(wanted.code, wanted.persons, _worth_waiting(found, wanted)),
    }


def _filters(form: FindForm) -> list[str]:
    """What else was chosen, as a sentence says it."""
    values = form.cleaned_data
    said = {
        "semaine": _("dans les 7 jours"),
        "prochaine": _("la semaine prochaine"),
        "samedi": _("un samedi"),
    }.get(values["quand"])
    last = values["avant"]
    return [
        *([said] if said else []),
        *([_("au plus tard le {day}").format(day=words.day_words(last))] if last else []),
        *([_("accès sans marche")] if values["sans_marche"] else []),
    ]


def _locate(text: str, point: str) -> Nearby:
    """Where the words lead, unless one of our own links already says so. Calls the address service."""
    if not text:
        return Nearby()
    known = _read_point(point)
    if known is not None:
        return Nearby(text, text, known)
    try:
        found = geocoder().locate(text, CANDIDATES)
    except RetryLater:
        return Nearby(text, trouble="later")
    if not found:
        return Nearby(text, trouble="unknown")
    first = found[0]
    return Nearby(text, first.label, (first.latitude, first.longitude), tuple(found[1:]))


def _read_point(text: str) -> tuple[float, float] | None:
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        return None
    fits = isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    return (latitude, longitude) if fits else None


def _point_text(one: Located) -> str:
    return f"{one.latitude:.5f},{one.longitude:.5f}"


def _same(query: QueryDict, **changes: str) -> str:
    """The address of this search with some answers changed, or taken out where they are empty."""
    kept = {name: query[name] for name in query if name in FindForm.base_fields or name in ("ordre", "point")}
    if "pres" in changes or "point" in changes:
        kept.pop("point", None)
    kept = {name: value for name, value in {**kept, **changes}.items() if value}
    return f"{reverse('find_appointment')}?{urlencode(kept)}"


def _orders(query: QueryDict, near: Nearby, by_time: bool) -> list[tuple[str, bool]]:
    """(address, current) of both orders, the nearest first; none without a position."""
    if near.point is None:
        return []
    return [(_same(query, ordre=""), not by_time), (_same(query, ordre=BY_TIME), by_time)]


def _worth_waiting(found: list[PlaceFound], wanted: Wanted) -> list[Any]:
    """Places near the person; none (which means any place) where no position is known or all are asked for."""
    if wanted.point is None and not wanted.step_free:
        return []
    nearest = sorted(found, key=lambda one: one.km or 0.0)
    return [one.place.id for one in nearest[:WAITED_FOR]]


def _other_places() -> list[dict[str, Any]]:
    """Whoever receives for something else than the shared reasons: a pool, a social worker."""
    by_place: dict[Any, list[str]] = {}
    for one in reasons():
        if one.code not in SHARED:
            by_place.setdefault(one.place_id, []).append(one.label)
    houses: dict[str, dict[str, Any]] = {}
    for place in places(ids=by_place):
        house = houses.setdefault(
            place.authority_slug,
            {"name": place.authority_name, "url": reverse("appointments", args=[place.authority_slug]), "labels": []},
        )
        house["labels"] += [label for label in by_place[place.id] if label not in house["labels"]]
    return sorted(houses.values(), key=lambda one: one["name"])
