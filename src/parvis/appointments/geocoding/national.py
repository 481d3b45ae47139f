import json
from math import isfinite
from typing import Any
from urllib.parse import urlencode, urlsplit

from parvis.appointments.geocoding.port import Located
from parvis.appointments.wire import exchange
from parvis.kit.errors import RetryLater

SECONDS = 2.0
# The service refuses a shorter question, and a longer one (400).
SHORTEST, LONGEST = 3, 200
MAX_LABEL = 200


class NationalGeocoder:
    """The national address service (Géoplateforme) by HTTP. `base_url` is what stands before `/search`; `seconds` is
    for the whole call.

    Raises ValueError for an address that could not be called. No message holds what the person wrote: messages go to
    logs.
    """

    def __init__(self, base_url: str, *, seconds: float = SECONDS) -> None:
        if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).hostname:
            raise ValueError("PARVIS_GEOCODING_URL is not an http address")
        self._base = base_url.rstrip("/")
        self._seconds = seconds

    def locate(self, text: str, limit: int) -> list[Located]:
        asked = " ".join(text.split())[:LONGEST].strip()
        if len(asked) < SHORTEST:
            return []
        url = f"{self._base}/search?{urlencode({'q': asked, 'limit': limit})}"
        try:
            answer = exchange("GET", url, ["Accept: application/json"], self._seconds)
        except RetryLater as error:
            raise RetryLater("the address service does not answer in time, or answers too much") from error
        if answer.status == 400:  # a question that it cannot read, such as signs without a letter: nothing is there
            return []
        if answer.status != 200:
            raise RetryLater(f"the address service answered {answer.status}")
        return _places(answer.body)[:limit]


def _places(body: bytes) -> list[Located]:
    """Raises RetryLater for anything but a GeoJSON FeatureCollection in which at least one of the features, if there
    are some, can be used.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RetryLater("the address service answered something that is not JSON") from error
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or found.get("type") != "FeatureCollection":
        raise RetryLater("the address service answered something that is not a FeatureCollection")
    places = [place for one in features if (place := _place(one)) is not None]
    if features and not places:
        raise RetryLater("the address service answered features without a label or a position")
    return places


def _place(feature: object) -> Located | None:
    label = _at(feature, "properties", "label")
    position = _at(feature, "geometry", "coordinates")
    if not isinstance(label, str) or not isinstance(position, list) or len(position) < 2:
        return None
    shown = " ".join("".join(c if c.isprintable() else " " for c in label).split())[:MAX_LABEL]
    longitude, latitude = (_degrees(figure, most) for figure, most in zip(position, (180, 90), strict=False))
    if not shown or longitude is None or latitude is None:
        return None
    return Located(shown, latitude, longitude)


def _at(feature: Any, group: str, name: str) -> object:
    inside = feature.get(group) if isinstance(feature, dict) else None
    return inside.get(name) if isinstance(inside, dict) else None


def _degrees(figure: object, most: int) -> float | None:
    if isinstance(figure, bool) or not isinstance(figure, int | float):
        return None
    return float(figure) if -most <= figure <= most and isfinite(figure) else None
