"""The agglomeration and its communes, from the files of `site/data` (source and licence in its README)."""

import colorsys
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.text import slugify

from parvis.authorities.facade import AuthorityView, authority_by_slug
from parvis.kit.jinja import typo
from parvis.site.demo.numbers import town_hall_siret
from parvis.site.demo.verbs import Authority, save_authority

DATA = Path(__file__).resolve().parent.parent / "data"
# The DGCL writes the legal form before the name.
_LEGAL_FORMS = ("CA ", "CC ", "CU ", "Métropole ")
# A commune with a Protestant church keeps Good Friday in Alsace and Moselle. Set for Mulhouse; others to be confirmed.
_GOOD_FRIDAY = frozenset({"68224"})
# Invented, like every hour of the demo.
_HOURS = (
    "du lundi au vendredi, de 8 h 30 à 12 h et de 14 h à 17 h",
    "du lundi au jeudi, de 8 h à 12 h et de 13 h 30 à 17 h 30 ; le vendredi, de 8 h à 12 h",
    "lundi, mardi et jeudi, de 9 h à 12 h et de 14 h à 18 h",
    "du mardi au vendredi, de 8 h 30 à 12 h ; le mercredi jusqu’à 18 h",
    "lundi et jeudi, de 14 h à 18 h 30 ; mercredi, de 9 h à 12 h",
)


@dataclass(frozen=True, slots=True)
class Place:
    """One authority to make. `population`: the total population of 2022. `latitude`, `longitude`: of the town hall,
    degrees; the agglomeration has none.
    """

    slug: str
    name: str
    kind: str
    siren: str
    insee_code: str
    department: str
    population: int
    postcode: str
    accent: str
    address: str
    latitude: float | None = None
    longitude: float | None = None


def agglomerations() -> list[str]:
    """The names that --agglomeration takes."""
    return sorted(path.stem for path in DATA.glob("*.json"))


def places(agglomeration: str) -> list[Place]:
    """The agglomeration, then its communes in the order of their codes. Raises FileNotFoundError."""
    source = json.loads((DATA / f"{agglomeration}.json").read_text(encoding="utf-8"))
    communes = source["communes"]
    name = source["nom"]
    for form in _LEGAL_FORMS:
        name = name.removeprefix(form)
    largest = max(communes, key=lambda one: one["populationTotale"])
    whole = Place(
        slug=slugify(name), name=name, kind="agglomeration", siren=source["siren"], insee_code="",
        department=communes[0]["departement"], population=source["populationTotale"],
        postcode=largest["codesPostaux"][0], accent=_accent(0), address="Siège de l’agglomération",
    )  # fmt: skip
    return [whole, *(_commune(one, rank) for rank, one in enumerate(communes, start=1))]


def _commune(one: dict[str, Any], rank: int) -> Place:
    hall = one["mairie"]
    return Place(
        slug=slugify(one["nom"]),
        name=one["nom"],
        kind="commune",
        siren=one["siren"],
        insee_code=one["codeInsee"],
        department=one["departement"],
        population=one["populationTotale"],
        # Of the mail, some town halls give a code of their own, which no street has.
        postcode=hall["codePostal"] if hall["codePostal"] in one["codesPostaux"] else one["codesPostaux"][0],
        accent=_accent(rank),
        address=hall["adresse"].replace("'", "’"),
        latitude=hall["latitude"],
        longitude=hall["longitude"],
    )


def _accent(rank: int) -> str:
    """Sober, and far from its neighbours in the list: the hue turns by the golden angle."""
    hue = (0.58 + rank * 0.381966) % 1.0
    channels = colorsys.hls_to_rgb(hue, 0.25 + 0.04 * (rank % 3), 0.38 + 0.05 * (rank % 4))
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


def make_places(agglomeration: str, operator_id: UUID) -> list[AuthorityView]:
    """Every authority of an agglomeration, in the order of `places`."""
    for rank, place in enumerate(places(agglomeration)):
        fields = _fields(place, rank)
        house = Authority(**fields)
        save_authority(operator_id, house, sorted(fields))
    return known_places(agglomeration)


def known_places(agglomeration: str) -> list[AuthorityView]:
    """The same, where they exist. Raises LookupError when one is missing."""
    found = [authority_by_slug(place.slug) for place in places(agglomeration)]
    views = [view for view in found if view is not None]
    if len(views) < len(found):
        raise LookupError(agglomeration)
    return views


def _fields(place: Place, rank: int) -> dict[str, Any]:
    whole = place.kind == "agglomeration"
    return {
        "slug": place.slug,
        "name": place.name,
        "kind": place.kind,
        "siren": place.siren,
        "siret": town_hall_siret(place.siren),
        "insee_code": place.insee_code,
        "department": place.department,
        "population": place.population,
        "population_kind": "totale",
        "population_year": 2022,
        "address": place.address,
        "postcode": place.postcode,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "accent": place.accent,
        "good_friday": place.insee_code in _GOOD_FRIDAY,
        "desk_name": "Service de la commande publique"
        if whole or place.population > 10_000
        else "Secrétariat de la mairie",
        "desk_hours": _set(_HOURS[0] if whole else _HOURS[rank % len(_HOURS)]),
        "desk_contact": f"marches@{place.slug}.example",
    }


def _set(hours: str) -> str:
    """No line ends inside « 8 h 30 »."""
    return typo(re.sub(r"(\d) h( (?=\d))?", lambda found: f"{found[1]}\u00a0h" + ("\u00a0" if found[2] else ""), hours))
