"""What every page of the desk begins with: which place, which day, which desk; the last ones chosen are remembered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.appointments.models import Agenda, Booking, Place, Reason, Resource
from parvis.appointments.rules.paris import day_of, read_day
from parvis.appointments.states import UNCONFIRMED
from parvis.kit import clock
from parvis.kit.errors import Refusal

PLACE_KEY, DESKS_KEY = "reception_place", "reception_desks"
# What the address of a list may carry, and so what a button may lead back to.
KEPT = ("lieu", "date", "guichet", "vue", "q")


@dataclass(frozen=True, slots=True)
class Door:
    """One place of the authority in scope, as an agent stands in it. `mine`: the desk where they receive."""

    places: list[Place]
    place: Place
    agendas: list[Agenda]
    desks: list[Resource]
    mine: Resource | None


def uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def places_of(authority_id: UUID) -> list[Place]:
    return list(Place.objects.filter(authority_id=authority_id, active=True).order_by("city", "name"))


def door(request: Any) -> Door | None:
    """The place asked for (`lieu`), or the last one, or the first; None for an authority without any."""
    places = places_of(request.authority.id)
    if not places:
        return None
    by_id = {one.id: one for one in places}
    asked = uuid_of(request.GET.get("lieu", "") or request.POST.get("lieu", ""))
    wanted = asked or uuid_of(request.session.get(PLACE_KEY, ""))
    place = by_id[wanted] if wanted in by_id else places[0]
    if asked == place.id and request.session.get(PLACE_KEY) != str(place.id):
        request.session[PLACE_KEY] = str(place.id)
    return inside(request, places, place)


def inside(request: Any, places: list[Place], place: Place) -> Door:
    agendas = list(Agenda.objects.filter(place=place, active=True))
    found = Resource.objects.filter(agenda__in=agendas, active=True).select_related("agenda")
    desks = list(found.order_by("agenda__name", "rank", "name"))
    kept = uuid_of(request.session.get(DESKS_KEY, {}).get(str(place.id), ""))
    return Door(places, place, agendas, desks, next((one for one in desks if one.id == kept), None))


def reasons_of(here: Door) -> list[Reason]:
    """Why people may come to this place, agenda by agenda."""
    found = Reason.objects.filter(agenda__in=here.agendas, active=True).select_related("agenda")
    return list(found.order_by("agenda__name", "rank", "label"))


def remember_desk(request: Any, place: Place, desk: Resource | None) -> None:
    kept = dict(request.session.get(DESKS_KEY, {}))
    kept[str(place.id)] = str(desk.id) if desk else ""
    request.session[DESKS_KEY] = kept


def day_asked(request: Any) -> date:
    return read_day(request.GET.get("date", "")) or day_of(clock.now())


def booking_of_house(request: Any, booking: UUID) -> Booking:
    """Raises Http404 for a booking of another authority."""
    found: Booking | None = (
        Booking.objects.filter(id=booking).select_related("place", "agenda", "reason", "called_to").first()
    )
    if found is None or found.state in UNCONFIRMED:
        raise Http404(_("Ce rendez-vous n’existe pas ici."))
    return found


def list_url(request: Any, **changes: str) -> str:
    """The list, as it was before the button was pressed (`retour`), or as this page shows it."""
    back = parse_qsl(request.POST.get("retour", "")) if request.method == "POST" else request.GET.items()
    kept = {name: value for name, value in back if name in KEPT and value}
    kept = {name: value for name, value in {**kept, **changes}.items() if value}
    return reverse("reception", args=[request.authority.slug]) + (f"?{urlencode(kept)}" if kept else "")


def query_of(request: Any) -> str:
    return urlencode({name: request.GET[name] for name in KEPT if request.GET.get(name)})


def done(request: Any, url: str, verb: Callable[[], str]) -> HttpResponseRedirect:
    """Does it, says it or says why not, and goes back."""
    try:
        message = verb()
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    else:
        if message:
            messages.success(request, message)
    return HttpResponseRedirect(url)
