"""Takes the slot that somebody chose, here or on the national search, and leads to the next step.

A GET takes it too: the national network's address must open with the slot held. What only looks (HEAD, a browser that
fetches ahead, a mail filter that asks for the head) takes nothing.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from parvis.accounts import facade as accounts
from parvis.appointments.contracts import PlaceView
from parvis.appointments.models import Booking, BookingState, Reason, Source
from parvis.appointments.rules.paris import read_slot_text
from parvis.appointments.selectors.nearest import nearest_slots
from parvis.appointments.selectors.places import places
from parvis.appointments.services.hold_slot import Held, hold_slot
from parvis.appointments.services.release_hold import release_hold
from parvis.appointments.web.booking.steps import go, next_step
from parvis.appointments.web.public import cards, words
from parvis.appointments.words import persons_words
from parvis.authorities.facade import authority_page
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal

# One network takes that many slots an hour: a library's, or a telephone company's that many people share. Whoever
# changes their mind gives one back and is not counted.
A_NETWORK = accounts.Limit(60, timedelta(hours=1))
# The session's only word of us: the authority and the booking that this browser holds.
HOLD = "appointment_hold"
LOOKING_ONLY = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
# Programs that say what they are: search engines, the previews of messaging services, scanners of mail.
PROGRAMS = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|embedly|safelinks", re.IGNORECASE
)


class Unreadable(Exception):
    """The address or the form is not one of ours: cut, or written by hand."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address or the form says; nothing is checked against the agendas yet."""

    place_id: UUID
    reason_id: UUID
    persons: int
    start: datetime
    source: Source


@dataclass(frozen=True, slots=True)
class Mine:
    """The slot that this browser holds already."""

    authority_id: UUID
    booking_id: UUID


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@authority_page
def take_slot(request: Any) -> HttpResponse:
    if request.method == "GET" and _only_looks(request):
        # A browser that fetched ahead drops such an answer, and asks again when the person really comes.
        return HttpResponse(status=503, content_type="text/plain", headers={"X-Robots-Tag": "noindex, nofollow"})
    try:
        asked = _read(request)
    except Unreadable:
        return _sorry(request, 400, _("Ce lien est incomplet."), _("Choisissez votre rendez-vous sur cette page."))
    reason = _reason(request, asked)
    if reason is None:
        return _sorry(
            request, 404, _("Ce rendez-vous n’est plus proposé."), _("Voici ce que l’on peut réserver aujourd’hui.")
        )
    if request.method == "HEAD":
        return HttpResponse()
    return _take(request, asked, reason)


def _only_looks(request: HttpRequest) -> bool:
    """A page that was fetched ahead, a program, or an image or a frame of somebody else's page."""
    if request.headers.get("Sec-Fetch-Dest", "document") != "document":
        return True
    if PROGRAMS.search(request.headers.get("User-Agent", "")):
        return True
    said = " ".join(request.headers.get(name, "") for name in LOOKING_ONLY).lower()
    return any(word in said for word in ("prefetch", "prerender", "preview"))


def _read(request: HttpRequest) -> Asked:
    """Raises Unreadable."""
    said = request.POST if request.method == "POST" else request.GET
    try:
        start, persons = read_slot_text(said["debut"]), said.get("personnes", "1")
        if start is None or not (persons.isdecimal() and len(persons) <= 3 and int(persons) > 0):
            raise Unreadable
        from_hub = request.method == "GET" and said.get("source") == Source.HUB
        return Asked(
            UUID(said["lieu"]),
            UUID(said["motif"]),
            int(persons),
            start,
            Source.HUB if from_hub else Source.ONLINE,
        )
    except (KeyError, ValueError) as error:
        raise Unreadable from error


def _reason(request: Any, asked: Asked) -> Reason | None:
    """The reason where it is still offered, at this very place of this authority."""
    found: Reason | None = (
        Reason.objects.select_related("agenda__place")
        .filter(
            id=asked.reason_id, authority_id=request.authority.id, agenda__place_id=asked.place_id, active=True,
            agenda__active=True, agenda__place__active=True,
        )
        .first()
    )  # fmt: skip
    return found


def _take(request: Any, asked: Asked, reason: Reason) -> HttpResponse:
    mine = _mine(request)
    held = _held(mine)
    if held is not None and mine is not None and mine.authority_id == request.authority.id and _same(held, asked):
        return _next_step(request, held)
    try:
        # Together, so that who was too slow for a slot is not counted for it.
        with transaction.atomic():
            if held is None:
                accounts.slow_down(request, "hold_slot", A_NETWORK)
            earlier = mine.booking_id if mine and mine.authority_id == request.authority.id else None
            booking = hold_slot(Held(reason, asked.persons, asked.start, source=asked.source, instead_of=earlier))
    except Refusal as refusal:
        return _refused(request, asked, reason, refusal)
    if mine is not None and mine.authority_id != request.authority.id:
        _give_back(mine)
    remember_hold(request, booking)
    return _next_step(request, booking)


def remember_hold(request: HttpRequest, booking: Booking) -> None:
    """From now on this is the slot that the browser holds."""
    request.session[HOLD] = [str(booking.authority_id), str(booking.id)]


def _mine(request: HttpRequest) -> Mine | None:
    kept = request.session.get(HOLD)
    return Mine(UUID(kept[0]), UUID(kept[1])) if kept else None


def _held(mine: Mine | None) -> Booking | None:
    """The booking that this browser keeps now, in whatever authority."""
    if mine is None:
        return None
    with scope.authority(mine.authority_id):
        found: Booking | None = Booking.objects.filter(
            id=mine.booking_id, state=BookingState.HELD, held_until__gt=clock.now()
        ).first()
    return found


def _same(held: Booking, asked: Asked) -> bool:
    return (held.reason_id, held.persons, held.starts_at) == (asked.reason_id, asked.persons, asked.start)


def _give_back(mine: Mine) -> None:
    """One browser keeps one slot, wherever it is."""
    with scope.authority(mine.authority_id):
        for booking in Booking.objects.filter(id=mine.booking_id, state=BookingState.HELD):
            release_hold(booking)


def _next_step(request: Any, booking: Booking) -> HttpResponse:
    # Straight to the step: one turn less on a slow line.
    return go(request, booking, next_step(booking))


def _refused(request: Any, asked: Asked, reason: Reason, refusal: Refusal) -> HttpResponse:
    """Says what happened, with the nearest slots for as many persons."""
    if refusal.code == "too_often":
        title = _("Beaucoup de places ont été gardées depuis votre connexion.")
        return _sorry(request, 429, title, _("Réessayez dans une heure, ou réservez par téléphone."), reason)
    when = words.whole_slot_words(asked.start)
    titles = {
        "slot_taken": _("La place choisie vient d’être prise"),
        "not_bookable": _("La place choisie n’est plus proposée"),
        "too_many": _("C’est trop de personnes pour un seul rendez-vous."),
    }
    lead = refusal.message if refusal.code == "too_many" else _("Vous aviez choisi le {when}.").format(when=when)
    near = nearest_slots(reason, asked.persons, asked.start)
    if getattr(request, "host_authority", None) is not None:
        # The other authorities' pages do not exist under this one's own host name.
        near = [one for one in near if one.place.authority_id == request.authority.id]
    return _sorry(
        request, 409, titles[refusal.code], lead, reason, cards.near_groups(near, asked.persons), asked.persons
    )


def _sorry(
    request: Any,
    status: int,
    title: str,
    lead: str,
    reason: Reason | None = None,
    groups: list[dict[str, Any]] | None = None,
    persons: int = 1,
) -> HttpResponse:
    """A page that goes on: the nearest slots where we know what was wanted, else where to choose."""
    shown: PlaceView | None = next(iter(places(ids=[reason.agenda.place_id])), None) if reason else None
    context = {
        "title": title,
        "lead": lead,
        "reason": reason,
        "persons": persons,
        "need": persons_words(persons),
        "groups": groups or [],
        "place": shown,
        "place_url": cards.place_url(shown, reason.id, persons) if shown and reason else "",
        "waiting_url": (
            cards.waiting_url(reason.code, persons, [shown.id])
            if shown and reason and reason.agenda.keeps_waiting_list
            else ""
        ),
        "house": request.authority,
    }
    return render(request, "appointments/public/not_held.html", context, status=status)
