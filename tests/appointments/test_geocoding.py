"""Finding where a person lives: the national service as it answers on good and bad days, and our own communes."""

import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from parvis.appointments.geocoding import stand_in
from parvis.appointments.geocoding.national import NationalGeocoder
from parvis.appointments.geocoding.port import Located
from parvis.appointments.geocoding.registry import geocoder
from parvis.appointments.geocoding.stand_in import CommuneFinder
from parvis.appointments.rules.distance import distance_km
from parvis.kit.errors import RetryLater
from tests.appointments.coordination_world import RawServer, raw_server, reply
from tests.world import an_authority

SECONDS = 0.4


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as one:
        yield one


@pytest.fixture
def national(server: RawServer) -> NationalGeocoder:
    return NationalGeocoder(f"{server.url}/geocodage/", seconds=SECONDS)


def feature(label: Any = "12 Rue des Fleurs 68200 Mulhouse", point: Any = (7.33, 47.75)) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": point},
        "properties": {"label": label, "score": 0.9, "type": "housenumber"},
    }


def collection(*features: Any) -> bytes:
    return reply("200 OK", json.dumps({"type": "FeatureCollection", "features": features}))


# The national service -------------------------------------------------------------------------------------------------


def test_a_right_answer_keeps_its_order_and_turns_longitude_first_into_latitude_first(
    server: RawServer, national: NationalGeocoder
) -> None:
    server.answers(collection(feature(), feature("Mulhouse", (7.3362, 47.7499, 240.0)), feature("Illzach")))
    assert national.locate("  12 rue des Fleurs,\n68200 Mulhouse ", 2) == [
        Located("12 Rue des Fleurs 68200 Mulhouse", 47.75, 7.33),
        Located("Mulhouse", 47.7499, 7.3362),
    ]
    assert server.calls == [("GET", "/geocodage/search", {"q": ["12 rue des Fleurs, 68200 Mulhouse"], "limit": ["2"]})]


def test_nothing_found_is_no_failure(server: RawServer, national: NationalGeocoder) -> None:
    server.answers(collection(), reply("400 Bad Request", '{"code": 400}'))
    assert national.locate("nulle part", 5) == []
    assert national.locate("????", 5) == []


def test_a_question_too_short_is_not_sent_and_a_long_one_is_cut(server: RawServer, national: NationalGeocoder) -> None:
    server.answers(collection())
    assert national.locate(" a ", 5) == []
    assert server.calls == []
    national.locate("x" * 5000, 5)
    assert server.calls[0][2]["q"] == ["x" * 200]


def test_a_label_by_strangers_is_one_line_of_a_readable_length(server: RawServer, national: NationalGeocoder) -> None:
    server.answers(collection(feature("Rue\u202e du\n\x00 Puits " + "x" * 900)))
    [found] = national.locate("puits", 5)
    assert found.label.startswith("Rue du Puits xxx")
    assert len(found.label) == 200


USELESS = [
    feature(label=None),
    feature(label=" \n"),
    feature(point=(7.3,)),
    feature(point=("7.3", "47.7")),
    feature(point=(True, 47.7)),
    feature(point=(7.3, 97.7)),
    feature(point=(707.3, 47.7)),
    feature(point=(float("nan"), 47.7)),
    feature(point=(10**400, 47.7)),
    {"type": "Feature", "geometry": None, "properties": None},
    {"geometry": [], "properties": 3},
    "Mulhouse",
    None,
]


@pytest.mark.parametrize("useless", USELESS, ids=range(len(USELESS)))
def test_a_feature_that_cannot_be_used_is_left_out(
    server: RawServer, national: NationalGeocoder, useless: object
) -> None:
    server.answers(collection(useless, feature("Illzach", (7.35, 47.78))), collection(useless))
    assert national.locate("illzach", 5) == [Located("Illzach", 47.78, 7.35)]
    with pytest.raises(RetryLater):
        national.locate("illzach", 5)


BAD_ANSWERS = {
    "500": reply("500 Internal Server Error", "oups"),
    "503": reply("503 Service Unavailable", ""),
    "429": reply("429 Too Many Requests", "{}", "Retry-After: 5"),
    "404": reply("404 Not Found", "{}"),
    "redirect": reply("302 Found", "", "Location: http://127.0.0.1:9/"),
    "html": reply("200 OK", "<html>Maintenance</html>"),
    "empty": reply("200 OK", ""),
    "half": reply("200 OK", '{"type": "FeatureCollection", "features": [')[:-3],
    "list": reply("200 OK", "[]"),
    "nested": reply("200 OK", "[" * 100_000),
    "other object": reply("200 OK", '{"type": "Feature", "features": []}'),
    "features a text": reply("200 OK", '{"type": "FeatureCollection", "features": "none"}'),
    "not utf-8": reply("200 OK", b"\xff\xfe\x00"),
    "too large": reply("200 OK", json.dumps({"type": "FeatureCollection", "features": [], "x": "x" * 2_000_000})),
    "not http": b"SSH-2.0-OpenSSH_9.6\r\n",
    "hangs up": b"",
}


@pytest.mark.parametrize("name", BAD_ANSWERS)
def test_a_bad_answer_is_tried_again_later(server: RawServer, national: NationalGeocoder, name: str) -> None:
    server.answers(BAD_ANSWERS[name])
    with pytest.raises(RetryLater) as told:
        national.locate("12 rue Secrète", 5)
    assert "Secr" not in str(told.value)
    assert len(server.calls) == 1


def test_a_server_that_drips_is_left_when_the_time_is_over(server: RawServer, national: NationalGeocoder) -> None:
    def drip(wire: socket.socket, _head: str) -> None:
        for sign in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100:
            if server.over.wait(0.05):
                return
            wire.sendall(bytes([sign]))

    server.scripts = [drip]
    start = time.monotonic()
    with pytest.raises(RetryLater):
        national.locate("mulhouse", 5)
    assert SECONDS * 0.9 < time.monotonic() - start < 3


def test_nobody_there_is_tried_again_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with pytest.raises(RetryLater):
        NationalGeocoder(f"http://127.0.0.1:{port}").locate("mulhouse", 5)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "data.geopf.fr", "https://"])
def test_an_address_that_cannot_be_called_is_said_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="PARVIS_GEOCODING_URL"):
        NationalGeocoder(url)


# Our own communes -----------------------------------------------------------------------------------------------------

TOWNS = [
    ("Mulhouse", "68200"),
    ("Saint-Apollinaire", "21850"),
    ("Chenôve", "21300"),
    ("Habsheim", "68440"),
    ("Steinbrunn-le-Bas", "68440"),
    ("Fontaine", "21999"),
    ("Fontaine-lès-Dijon", "21121"),
]
ONLY = "\u202f: seule la commune est reconnue, pas l’adresse"


@pytest.fixture
def towns(db: None) -> None:
    an_authority("agglo", name="Mulhouse Alsace", kind="agglomeration", postcode="68100", latitude=47.7, longitude=7.3)
    an_authority("nulle-part", name="Nulle-Part", postcode="68998")
    for rank, (name, postcode) in enumerate(TOWNS):
        an_authority(f"ville-{rank}", name=name, postcode=postcode, latitude=47.0 + rank / 100, longitude=7.0)


@pytest.mark.usefixtures("towns")
@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Mulhouse", ["Mulhouse (68200)"]),
        ("mulh", ["Mulhouse (68200)"]),
        ("MULHOUSE CEDEX", ["Mulhouse (68200)"]),
        ("chenove", ["Chenôve (21300)"]),
        ("Chenôve", ["Chenôve (21300)"]),
        ("st apollinaire", ["Saint-Apollinaire (21850)"]),
        ("Saint Ap", ["Saint-Apollinaire (21850)"]),
        ("le bas", ["Steinbrunn-le-Bas (68440)"]),
        ("dijon", ["Fontaine-lès-Dijon (21121)"]),
        ("fontaine les dijon", ["Fontaine-lès-Dijon (21121)"]),
        ("fontaine", ["Fontaine (21999)"]),
        ("68440", ["Habsheim (68440)", "Steinbrunn-le-Bas (68440)"]),
        ("68440 habsh", ["Habsheim (68440)"]),
        ("68100 Mulhouse", ["Mulhouse (68200)"]),
        ("12 rue des Fleurs, 68200 Mulhouse", [f"Mulhouse (68200){ONLY}"]),
        ("12 rue de Mulhouse, 68440 Habsheim", [f"Habsheim (68440){ONLY}"]),
        ("3 rue de Mulhouse 68440", [f"Habsheim (68440){ONLY}", f"Steinbrunn-le-Bas (68440){ONLY}"]),
        ("rue de Mulhouse, Habsheim", [f"Habsheim (68440){ONLY}", f"Mulhouse (68200){ONLY}"]),
        ("nulle part", []),
        ("68998", []),
        ("zzz", []),
        ("", []),
        ("'; --", []),
    ],
)
def test_what_a_person_writes_is_found_among_the_communes(text: str, labels: list[str]) -> None:
    assert [one.label for one in CommuneFinder().locate(text, 5)] == labels


@pytest.mark.usefixtures("towns")
def test_a_commune_comes_with_its_town_hall_s_position_and_no_more_than_asked() -> None:
    [found] = CommuneFinder().locate("68440", 1)
    assert (found.latitude, found.longitude) == (47.03, 7.0)


@pytest.mark.usefixtures("towns")
def test_a_text_without_end_costs_no_more_than_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def words(text: str) -> list[str]:
        read.append(len(text))
        return []

    monkeypatch.setattr(stand_in, "_words", words)
    CommuneFinder().locate("mulhouse " * 100_000, 5)
    assert max(read) == stand_in.LONGEST


# Both -----------------------------------------------------------------------------------------------------------------


def test_the_setting_chooses(settings: Any) -> None:
    settings.GEOCODING_URL = ""
    assert isinstance(geocoder(), CommuneFinder)
    settings.GEOCODING_URL = "https://adresses.example/geocodage"
    assert isinstance(geocoder(), NationalGeocoder)


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ((47.75, 7.34), (47.75, 7.34), 0.0),
        ((0.0, 0.0), (1.0, 0.0), 111.195),
        ((0.0, 0.0), (0.0, 1.0), 111.195),
        ((60.0, 0.0), (60.0, 1.0), 55.595),
        ((0.0, 0.0), (0.0, 180.0), 20015.115),
        ((90.0, 0.0), (-90.0, 0.0), 20015.115),
        ((0.0, 179.5), (0.0, -179.5), 111.195),
    ],
    ids=["same", "north", "east", "east at 60", "other side", "poles", "date line"],
)
def test_distance(one: tuple[float, float], other: tuple[float, float], km: float) -> None:
    assert distance_km(one, other) == pytest.approx(km, abs=0.01)
    assert distance_km(other, one) == distance_km(one, other)
