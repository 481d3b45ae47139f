"""The communes of the demo stand where they really are."""

import json
from itertools import combinations
from statistics import median

import pytest

from parvis.appointments.rules.distance import distance_km
from parvis.site.demo.places import DATA, Place, agglomerations, places

FRANCE = {"latitude": (41.3, 51.1), "longitude": (-5.2, 9.6)}


def communes(agglomeration: str) -> dict[str, Place]:
    return {place.name: place for place in places(agglomeration) if place.kind == "commune"}


def point(place: Place) -> tuple[float, float]:
    assert place.latitude is not None
    assert place.longitude is not None
    return place.latitude, place.longitude


@pytest.mark.parametrize("agglomeration", agglomerations())
def test_every_commune_has_its_town_hall_near_the_others(agglomeration: str) -> None:
    points = [point(place) for place in communes(agglomeration).values()]
    assert len(set(points)) == len(points) >= 23
    centre = median(one[0] for one in points), median(one[1] for one in points)
    assert max(distance_km(one, centre) for one in points) < 40
    # Latitude and longitude exchanged would pass every relative check.
    assert all(FRANCE["latitude"][0] < lat < FRANCE["latitude"][1] for lat, _ in points)
    assert all(FRANCE["longitude"][0] < lon < FRANCE["longitude"][1] for _, lon in points)
    assert min(distance_km(a, b) for a, b in combinations(points, 2)) > 0.5


@pytest.mark.parametrize(
    ("agglomeration", "one", "other", "least", "most"),
    [
        ("m2a", "Mulhouse", "Illzach", 2, 6),
        ("m2a", "Mulhouse", "Riedisheim", 1, 4),
        ("m2a", "Mulhouse", "Ottmarsheim", 10, 18),
        ("m2a", "Rixheim", "Habsheim", 1, 4),
        ("m2a", "Ungersheim", "Steinbrunn-le-Bas", 18, 28),
        ("dijon", "Dijon", "Talant", 1, 5),
        ("dijon", "Dijon", "Quetigny", 4, 9),
        ("dijon", "Dijon", "Chenôve", 2, 7),
        ("dijon", "Longvic", "Ouges", 1, 5),
    ],
)
def test_known_neighbours(agglomeration: str, one: str, other: str, least: float, most: float) -> None:
    found = communes(agglomeration)
    assert least < distance_km(point(found[one]), point(found[other])) < most


@pytest.mark.parametrize("agglomeration", agglomerations())
def test_the_source_of_the_positions_is_named(agglomeration: str) -> None:
    source = json.loads((DATA / f"{agglomeration}.json").read_text(encoding="utf-8"))
    assert "DILA" in source["sourceMairies"]
    assert "Licence Ouverte" in source["licenceMairies"]


def test_the_agglomeration_s_seat_is_not_guessed() -> None:
    whole = places("m2a")[0]
    assert (whole.kind, whole.latitude, whole.longitude) == ("agglomeration", None, None)


def test_mulhouse_has_the_postcode_of_its_town_hall_and_kingersheim_that_of_its_streets() -> None:
    found = communes("m2a")
    assert (found["Mulhouse"].address, found["Mulhouse"].postcode) == ("2 rue Pierre-et-Marie-Curie", "68200")
    assert found["Kingersheim"].postcode == "68260"
