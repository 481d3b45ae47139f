"""The places that the national search may show."""

import logging
from collections.abc import Iterable
from math import isfinite
from uuid import UUID

from parvis.appointments.contracts import PlaceView
from parvis.appointments.models import Place
from parvis.appointments.rules.reasons import BY_HUB
from parvis.appointments.selectors.places import places, reasons
from parvis.authorities.facade import authorities

logger = logging.getLogger(__name__)

_REQUIRED = ("name", "address", "postcode", "city")
_said: set[tuple[UUID, str]] = set()


def meeting_places() -> list[PlaceView]:
    """Active national places with a national reason. The hub drops one that lacks something: it is left out here, and
    the log says so once in each process.
    """
    codes = {one.code for one in BY_HUB.values()}
    serving = {one.place_id for one in reasons() if one.code in codes}
    return [place for place in places(national=True) if place.id in serving and _whole(place)]


def known_places(place_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Of each place that exists, its authority's slug, or "" when the network may not see it (any more)."""
    found = Place.objects.filter(id__in=list(place_ids)).values_list("id", "authority_id", "national", "active")
    rows = list(found)
    slugs = {one.id: one.slug for one in authorities({row[1] for row in rows})}
    return {row[0]: slugs[row[1]] if row[2] and row[3] else "" for row in rows}


def _whole(place: PlaceView) -> bool:
    missing = [name for name in _REQUIRED if not getattr(place, name).strip()]
    if not (isfinite(place.latitude) and isfinite(place.longitude)) or (place.latitude, place.longitude) == (0, 0):
        missing.append("latitude, longitude")
    lacks = ", ".join(missing)
    if missing and (place.id, lacks) not in _said:
        _said.add((place.id, lacks))
        logger.warning("Place %s is left out of the national search: it lacks %s", place.id, lacks)
    return not missing
