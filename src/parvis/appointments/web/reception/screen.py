"""The waiting room's screen: tickets and desks in large letters, never a name. It asks again by itself."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from parvis.appointments.links import wall_key, wall_of
from parvis.appointments.models import Place
from parvis.appointments.selectors.today import last_called, waiting_count
from parvis.authorities.facade import authority_page, desk_page
from parvis.kit import clock

# Seconds between two looks. An HTTP header, so that the page without it (`?pause=1`) is the same page standing still.
EVERY = 10


@require_safe
@never_cache
@desk_page("reception.serve")
def screen(request: Any, place: UUID) -> HttpResponse:
    """What the screen shows, standing still, and the address to open in the waiting room."""
    found = _place(request, place)
    address = reverse("reception_wall", args=[request.authority.slug, wall_key(found.id)])
    return _render(request, found, wall_url=f"{settings.PUBLIC_URL}{address}", moving=False, pause_url="")


@require_safe
@never_cache
@authority_page
def wall(request: Any, key: str) -> HttpResponse:
    """The same without any session, for whoever has its address."""
    place_id = wall_of(key)
    if place_id is None:
        raise Http404(_("Cette adresse d’écran n’existe pas. Ouvrez-la depuis l’accueil."))
    moving = "pause" not in request.GET
    pause_url = f"{request.path}?pause=1" if moving else request.path
    response = _render(request, _place(request, place_id), wall_url="", moving=moving, pause_url=pause_url)
    if moving:
        response["Refresh"] = str(EVERY)
    response["X-Robots-Tag"] = "noindex"
    return response


def _place(request: Any, place: UUID) -> Place:
    found = Place.objects.filter(id=place, authority_id=request.authority.id).first()
    if found is None:
        raise Http404(_("Ce lieu n’existe pas ici."))
    return found


def _render(request: Any, place: Place, *, wall_url: str, moving: bool, pause_url: str) -> HttpResponse:
    context = {
        "place": place,
        "calls": last_called(place.id),
        "waiting": waiting_count(place.id),
        "now": clock.now(),
        "wall_url": wall_url,
        "moving": moving,
        "pause_url": pause_url,
        "every": EVERY,
        "reception_url": reverse("reception", args=[request.authority.slug]),
    }
    return render(request, "appointments/reception/screen.html", context)
