"""The stand-in, word for word, then the real client led to it."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client

from parvis.appointments.coordination import national
from parvis.appointments.coordination.national import NationalCoordination
from parvis.appointments.coordination.port import ApplicationState, Coordination, Declaration
from parvis.appointments.coordination.registry import coordination
from parvis.kit.errors import Permanent, RetryLater
from parvis.site.web import local_coordination
from tests.appointments.coordination_world import through_the_client

pytestmark = pytest.mark.django_db

TOKEN = {"x-rdv-opt-auth-token": "demonstration"}
AT = datetime(2027, 1, 12, 9, 20, tzinfo=UTC)
PLACE = {"application_id": "AB12CD34EF", "meeting_point_id": "mp-1", "meeting_point": "Mairie d’Essai"}
WHEN = {"appointment_date": "2027-01-12 10:20:00"}
LINK = {"management_url": "https://parvis.example/rendez-vous/7?personne=1"}
DECLARED = Declaration("AB12CD34EF", "mp-1", "Mairie d’Essai", AT, LINK["management_url"])


def call(method: str, path: str, headers: dict[str, str] = TOKEN, **asked: Any) -> Any:
    query = urlencode(asked, doseq=True)
    return Client(enforce_csrf_checks=True).generic(method, f"/demo/coordination/{path}?{query}", headers=headers)


def shown(number: str) -> Any:
    return call("GET", "status", application_ids=number, meeting_point_id="mp-1").json()[number]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Coordination:
    monkeypatch.setattr(national, "exchange", through_the_client)
    found = coordination()
    assert found is not None
    return found


@pytest.mark.parametrize("headers", [{}, {"x-rdv-opt-auth-token": "autre"}], ids=["none", "wrong"])
@pytest.mark.parametrize(("method", "path"), [("GET", "status"), ("POST", "appointments"), ("DELETE", "appointments")])
def test_a_wrong_token_opens_nothing(method: str, path: str, headers: dict[str, str]) -> None:
    asked = {"application_ids": "AB12CD34EF"} if path == "status" else {**WHEN, **LINK}
    assert call(method, path, headers, **{**PLACE, **asked}).status_code == 401


@pytest.mark.parametrize(
    ("number", "state"),
    [
        ("SOLOCAL001", "validated"), ("SOLOCAL003", "validated"), ("SOLOCAL007", "consumed"),
        ("SOLOCAL009", "consumed"), ("SOLOCAL010", "expired"), ("SOLOCAL012", "expired"), ("INCONNUE01", "unknown"),
        ("XXXXXXXXXX", "validated"),
        ("xxxxxxxxxx", "unknown"),
    ],
)  # fmt: skip
def test_the_number_decides(number: str, state: str) -> None:
    assert shown(number) == {"status": state, "appointments": []}


@pytest.mark.parametrize(("number", "state"), [("AILLEURS01", "validated"), ("DECLAREE07", "declared")])
def test_an_appointment_elsewhere(number: str, state: str) -> None:
    found = shown(number)
    assert found["status"] == state
    assert [sorted(one) for one in found["appointments"]] == [["appointment_date", "management_url", "meeting_point"]]


def test_several_numbers_in_one_call() -> None:
    found = call("GET", "status", application_ids=["SOLOCAL001", "SOLOCAL007"], meeting_point_id="mp-1").json()
    assert {number: one["status"] for number, one in found.items()} == {
        "SOLOCAL001": "validated",
        "SOLOCAL007": "consumed",
    }


def test_the_parameters_of_the_query_make_and_delete() -> None:
    assert call("POST", "appointments", **PLACE, **WHEN, **LINK).json() == {"success": True}
    assert shown("AB12CD34EF")["appointments"] == [
        {"meeting_point": "Mairie d’Essai", "appointment_date": "2027-01-12T10:20:00", **LINK}
    ]
    again = call("POST", "appointments", **{**PLACE, "application_id": "ZZZZZZZZZZ"}, **WHEN, **LINK)
    assert (again.status_code, "already exists" in again.content.decode()) == (400, True)
    assert call("DELETE", "appointments", **{**PLACE, "meeting_point": "Autre"}, **WHEN).json() == {"rowcount": 0}
    assert call("DELETE", "appointments", **PLACE, **WHEN).json() == {"rowcount": 1}
    assert call("DELETE", "appointments", **PLACE, **WHEN).json() == {"rowcount": 0}


@pytest.mark.parametrize("missing", [*PLACE, *WHEN, *LINK])
def test_each_parameter_is_needed(missing: str) -> None:
    asked = {name: value for name, value in {**PLACE, **WHEN, **LINK}.items() if name != missing}
    assert call("POST", "appointments", **asked).status_code == 422
    assert call("DELETE", "appointments", **asked).status_code == (200 if missing in LINK else 422)


@pytest.mark.parametrize("date", ["demain", "2027-01-12T10:20:00+01:00", "2027-01-12T10:20Z"])
def test_an_hour_with_an_offset_is_refused(date: str) -> None:
    assert call("POST", "appointments", **PLACE, **LINK, appointment_date=date).status_code == 422


def test_status_needs_its_parameters() -> None:
    assert call("GET", "status", application_ids="AB12CD34EF").status_code == 422
    assert call("GET", "status", meeting_point_id="mp-1").status_code == 422


def test_every_family_is_of_ten_signs_and_meets_its_example() -> None:
    for family in local_coordination.FAMILIES:
        assert {local_coordination.play_of(one) for one in (family.first, family.last)} == {family.play}
        assert len(family.first) == len(family.last) == 10


@pytest.mark.parametrize("number", ["ERREUR0001", "CHARABIA01", "REFUSEE001", "GOUTTES001"])
def test_faults_reach_the_client_as_retry_later(
    service: Coordination, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    monkeypatch.setattr(local_coordination, "DRIP", (24, 0))
    with pytest.raises(RetryLater):
        service.status([number], "mp-1")
    with pytest.raises(RetryLater):
        service.declare(Declaration(number, "mp-1", "Mairie", AT, "https://parvis.example/8"))


def test_the_client_declares_once_moves_and_withdraws(service: Coordination) -> None:
    service.declare(DECLARED)
    service.declare(DECLARED)
    assert len(shown("AB12CD34EF")["appointments"]) == 1
    found = service.status(["AB12CD34EF"], "mp-1")["AB12CD34EF"]
    assert (found.state, found.appointments[0].at) == (ApplicationState.VALIDATED, AT)
    assert found.appointments[0].management_url == LINK["management_url"]
    later = Declaration("AB12CD34EF", "mp-1", "Mairie d’Essai", AT.replace(day=14), LINK["management_url"])
    service.declare(later)
    service.withdraw(DECLARED)
    assert [one["appointment_date"] for one in shown("AB12CD34EF")["appointments"]] == ["2027-01-14T10:20:00"]
    service.withdraw(later)
    service.withdraw(later)
    assert shown("AB12CD34EF")["appointments"] == []


def test_one_address_is_of_one_number(service: Coordination) -> None:
    """Why two persons of one booking need two addresses."""
    service.declare(DECLARED)
    with pytest.raises(Permanent):
        service.declare(Declaration("ZZZZZZZZZZ", "mp-1", "Mairie d’Essai", AT, DECLARED.management_url))


@pytest.mark.parametrize("number", ["SOLOCAL007", "SOLOCAL010", "INCONNUE01", "DECLAREE01"])
def test_a_number_that_is_not_valid_is_never_declared(service: Coordination, number: str) -> None:
    with pytest.raises(Permanent):
        service.declare(Declaration(number, "mp-1", "Mairie", AT, "https://parvis.example/8"))


def test_the_page_teaches_and_its_switch_breaks_the_service(service: Coordination) -> None:
    browser = Client()
    page = browser.get("/demo/coordination/").content.decode()
    assert all(family.first in page for family in local_coordination.FAMILIES)
    assert "Rien n’est déclaré" in page
    service.declare(DECLARED)
    page = browser.get("/demo/coordination/").content.decode()
    assert "mardi 12 janvier 2027 à 10\u00a0h\u00a020" in page
    assert browser.post("/demo/coordination/", {"fault": "down"}).status_code == 302
    assert "déréglé" in browser.get("/demo/coordination/").content.decode()
    with pytest.raises(RetryLater, match="500"):
        service.status(["SOLOCAL001"], "mp-1")
    browser.post("/demo/coordination/", {"fault": "nonsense"})
    with pytest.raises(RetryLater, match="JSON"):
        service.status(["SOLOCAL001"], "mp-1")
    browser.post("/demo/coordination/", {"fault": "anything"})
    assert cache.get("local-coordination:fault") == "nonsense"
    browser.post("/demo/coordination/", {"fault": "none"})
    browser.post("/demo/coordination/", {"forget": "1"})
    assert service.status(["AB12CD34EF"], "mp-1")["AB12CD34EF"].appointments == ()


def test_the_switch_is_not_thrown_by_another_site() -> None:
    assert Client(enforce_csrf_checks=True).post("/demo/coordination/", {"fault": "down"}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_by_a_real_connection(live_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the bridge cannot show: slow and dripping answers against the client's limits."""
    settings.PUBLIC_URL = live_server.url
    settings.ANTS_COORDINATION_URL = f"{live_server.url}/demo/coordination/"
    monkeypatch.setattr(local_coordination, "SLOW", 1.0)
    monkeypatch.setattr(local_coordination, "DRIP", (24, 0.1))
    real = coordination()
    assert real is not None
    assert real.status(["SOLOCAL010"], "mp-1")["SOLOCAL010"].state is ApplicationState.EXPIRED
    real.declare(DECLARED)
    real.withdraw(DECLARED)
    hurried = NationalCoordination(settings.ANTS_COORDINATION_URL, "demonstration", status_seconds=0.3)
    for number in ("LENTEUR001", "GOUTTES001"):
        began = time.monotonic()
        with pytest.raises(RetryLater):
            hurried.status([number], "mp-1")
        assert time.monotonic() - began < 0.9
    assert real.status(["LENTEUR001"], "mp-1")["LENTEUR001"].state is ApplicationState.VALIDATED
    assert (
        NationalCoordination(settings.ANTS_COORDINATION_URL, "demonstration")
        .status(["AILLEURS01"], "mp-1")["AILLEURS01"]
        .appointments[0]
        .management_url.startswith(live_server.url)
    )


@pytest.mark.django_db(transaction=True)
def test_declarations_at_the_same_moment_are_all_kept(live_server: Any) -> None:
    real = NationalCoordination(f"{live_server.url}/demo/coordination/", "demonstration")
    crowd = [
        Declaration(f"FOULE{rank:05d}", "mp-1", "Mairie d’Essai", AT, f"https://parvis.example/{rank}")
        for rank in range(8)
    ]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(real.declare, crowd)) == [None] * 8
    found = real.status([one.application_id for one in crowd], "mp-1")
    assert [len(one.appointments) for one in found.values()] == [1] * 8
