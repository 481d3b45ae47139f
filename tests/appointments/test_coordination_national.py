"""The client against a server that says what a script tells it, good and bad."""

import json
import logging
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from parvis.appointments.coordination.national import NationalCoordination
from parvis.appointments.coordination.port import ApplicationState, Declaration, Elsewhere, Status
from parvis.appointments.coordination.reading import MAX_APPOINTMENTS
from parvis.appointments.coordination.registry import coordination
from parvis.appointments.wire import MAX_ANSWER
from parvis.kit.errors import Permanent, RetryLater
from tests.appointments.coordination_world import RawServer, raw_server, reply

NUMBER = "AB12CD34EF"
URL = "https://parvis.example/rendez-vous/7?personne=1"
OURS = {"management_url": URL, "meeting_point": "Mairie d’Essai", "appointment_date": "2026-12-19 10:00:00"}
OTHER = {
    "management_url": "https://autre.example/9",
    "meeting_point": "Ailleurs",
    "appointment_date": "2026-12-20T09:40:00",
}
AT_OTHER = OTHER["management_url"]
DECLARATION = Declaration(NUMBER, "mp-1", "Mairie d’Essai", datetime(2026, 12, 19, 9, 0, tzinfo=UTC), URL)
DONE = reply("200 OK", '{"success": true}')
DELETED = reply("200 OK", '{"rowcount": 1}')
NOTHING_DELETED = reply("200 OK", '{"rowcount": 0}')


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as one:
        yield one


def client(server: RawServer, seconds: float = 3.0) -> NationalCoordination:
    return NationalCoordination(f"{server.url}/api/", "jeton", status_seconds=seconds, write_seconds=seconds)


def says(state: Any = "validated", *appointments: Any, number: str = NUMBER) -> bytes:
    return reply("200 OK", json.dumps({number: {"status": state, "appointments": list(appointments)}}))


def methods(server: RawServer) -> list[str]:
    return [method for method, _path, _query in server.calls]


def test_status_asks_by_the_contract(server: RawServer) -> None:
    said = {"status": "validated", "appointments": [OTHER]}, {"status": "consumed", "appointments": []}
    server.answers(reply("200 OK", json.dumps({NUMBER: said[0], "ZZ00000000": said[1]})))
    found = client(server).status([NUMBER, "ZZ00000000", NUMBER], "mp-1")
    there = Elsewhere("https://autre.example/9", "Ailleurs", datetime(2026, 12, 20, 8, 40, tzinfo=UTC))
    assert found == {
        NUMBER: Status(NUMBER, ApplicationState.VALIDATED, (there,)),
        "ZZ00000000": Status("ZZ00000000", ApplicationState.CONSUMED, ()),
    }
    assert server.calls == [
        ("GET", "/api/status", {"application_ids": [NUMBER, "ZZ00000000"], "meeting_point_id": ["mp-1"]})
    ]
    assert "x-rdv-opt-auth-token: jeton\r\n" in server.heads[0]
    assert client(server).status([], "mp-1") == {}
    assert len(server.calls) == 1


def test_declare_and_withdraw_by_the_contract(server: RawServer) -> None:
    server.answers(says(), DONE, DELETED)
    client(server).declare(DECLARATION)
    client(server).withdraw(DECLARATION)
    place = {"application_id": [NUMBER], "meeting_point_id": ["mp-1"], "meeting_point": ["Mairie d’Essai"]}
    hour = {"appointment_date": ["2026-12-19 10:00:00"]}
    assert server.calls[1:] == [
        ("POST", "/api/appointments", {**place, **hour, "management_url": [URL]}),
        ("DELETE", "/api/appointments", {**place, **hour}),
    ]
    assert "Content-Length: 0\r\n" in server.heads[1]
    assert quote(URL, safe="") in server.heads[1]


@pytest.mark.parametrize("state", list(ApplicationState))
def test_every_state_of_the_contract_is_known(server: RawServer, state: ApplicationState) -> None:
    server.answers(says(state.value))
    assert client(server).status([NUMBER], "mp-1")[NUMBER].state is state


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"AB12CD34EF": null}',
        b'{"AB12CD34EF": []}',
        b'{"AB12CD34EF": {"status": 3}}',
        b'{"AB12CD34EF": {"status": "in_progress", "appointments": []}}',
        b'{"OTHER00000": {"status": "validated", "appointments": []}}',
    ],
    ids=["missing", "null", "list", "number", "unknown word", "another number"],
)
def test_what_is_not_understood_is_left_out(server: RawServer, body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    server.answers(reply("200 OK", body))
    assert client(server).status([NUMBER], "mp-1") == {}
    assert "does not say" in caplog.text
    assert NUMBER not in caplog.text


@pytest.mark.parametrize(
    ("appointments", "shown"),
    [
        (None, ()),
        ("x", ()),
        ([None, 3, "x", []], ()),
        ([{}], (Elsewhere("", "", None),)),
        ([{**OTHER, "appointment_date": 5, "meeting_point": None}], (Elsewhere(AT_OTHER, "", None),)),
        (
            [{**OTHER, "management_url": "javascript:alert(1)", "appointment_date": "demain"}],
            (Elsewhere("", "Ailleurs", None),),
        ),
        (
            [{**OTHER, "meeting_point": " Mairie\n\x00 \u202e X ", "appointment_date": ""}],
            (Elsewhere(AT_OTHER, "Mairie X", None),),
        ),
    ],
    ids=["null", "text", "no objects", "empty", "types", "script", "control signs"],
)
def test_appointments_in_any_shape_are_shown_safely(server: RawServer, appointments: Any, shown: Any) -> None:
    server.answers(reply("200 OK", json.dumps({NUMBER: {"status": "validated", "appointments": appointments}})))
    assert client(server).status([NUMBER], "mp-1")[NUMBER].appointments == shown


def test_a_long_list_is_cut(server: RawServer) -> None:
    server.answers(says("validated", *[OTHER] * 100))
    assert len(client(server).status([NUMBER], "mp-1")[NUMBER].appointments) == MAX_APPOINTMENTS


ANSWERS = {
    "html": (reply("200 OK", "<html>Maintenance</html>"), RetryLater),
    "empty": (reply("200 OK", ""), RetryLater),
    "half of it": (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{", RetryLater),
    "list": (reply("200 OK", "[]"), RetryLater),
    "deep": (reply("200 OK", "[" * 100_000), RetryLater),
    "not utf-8": (reply("200 OK", b"\xff\xfe{}"), RetryLater),
    "long number": (reply("200 OK", '{"x": ' + "9" * 9000 + "}"), RetryLater),
    "huge": (reply("200 OK", " " * (MAX_ANSWER + 1)), RetryLater),
    "not http": (b"SSH-2.0-OpenSSH\r\n", RetryLater),
    "nothing": (b"", RetryLater),
    "301": (reply("301 Moved Permanently", "", "Location: https://ailleurs.example/"), RetryLater),
    "400": (reply("400 Bad Request", "{}"), Permanent),
    "401": (reply("401 Unauthorized", "{}"), RetryLater),
    "403": (reply("403 Forbidden", "{}"), RetryLater),
    "404": (reply("404 Not Found", "{}"), Permanent),
    "422": (reply("422 Unprocessable Entity", "{}"), Permanent),
    "429": (reply("429 Too Many Requests", "{}"), RetryLater),
    "500": (reply("500 Internal Server Error", "oups"), RetryLater),
    "503": (reply("503 Service Unavailable", "<html>"), RetryLater),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_bad_answer_is_one_of_two_failures(server: RawServer, name: str) -> None:
    answer, failure = ANSWERS[name]
    server.answers(answer)
    for call in (
        lambda: client(server).status([NUMBER], "mp-1"),
        lambda: client(server).declare(DECLARATION),
        lambda: client(server).withdraw(DECLARATION),
    ):
        with pytest.raises((RetryLater, Permanent)) as caught:
            call()
        assert isinstance(caught.value, failure)


def test_the_token_stays_with_the_service(server: RawServer) -> None:
    with raw_server() as thief:
        thief.answers(says())
        server.answers(reply("307 Temporary Redirect", "", f"Location: {thief.url}/api/status"))
        with pytest.raises(RetryLater, match="307"):
            client(server).status([NUMBER], "mp-1")
        assert thief.heads == []


def test_a_refused_token_is_told_to_the_operator(server: RawServer, caplog: pytest.LogCaptureFixture) -> None:
    server.answers(reply("401 Unauthorized", json.dumps({"detail": f"header invalid for {NUMBER}"})))
    with caplog.at_level(logging.ERROR), pytest.raises(RetryLater):
        client(server).declare(DECLARATION)
    assert "PARVIS_ANTS_COORDINATION_TOKEN" in caplog.text
    assert "jeton" not in caplog.text
    assert NUMBER not in caplog.text


def drip_body(wire: socket.socket, head: str) -> None:
    wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n")
    _drip(wire, b"{")


def drip_head(wire: socket.socket, head: str) -> None:
    _drip(wire, b"HTTP/1.1 200 OK\r\nX-Slow: ")


def silent(wire: socket.socket, head: str) -> None:
    wire.recv(1)  # until the client leaves


def _drip(wire: socket.socket, first: bytes) -> None:
    wire.sendall(first)
    for _ in range(300):
        time.sleep(0.02)
        wire.sendall(b" ")


@pytest.mark.parametrize("script", [silent, drip_head, drip_body], ids=lambda script: script.__name__)
def test_the_limit_is_on_the_whole_call(server: RawServer, script: Any) -> None:
    server.scripts = [script]
    for call in (
        lambda: client(server, 0.2).status([NUMBER], "mp-1"),
        lambda: client(server, 0.2).declare(DECLARATION),
        lambda: client(server, 0.2).withdraw(DECLARATION),
    ):
        began = time.monotonic()
        with pytest.raises(RetryLater):
            call()
        assert time.monotonic() - began < 1.0


def test_the_limit_is_shared_by_the_calls_of_one_verb(server: RawServer) -> None:
    def slowly(wire: socket.socket, head: str) -> None:
        time.sleep(0.15)
        wire.sendall(says() if head.startswith("GET") else DONE)

    server.scripts = [slowly]
    began = time.monotonic()
    with pytest.raises(RetryLater):
        client(server, 0.25).declare(DECLARATION)
    assert time.monotonic() - began < 0.6


def test_nobody_listens() -> None:
    with raw_server() as gone:
        at = gone.url
    with pytest.raises(RetryLater):
        NationalCoordination(at, "jeton").status([NUMBER], "mp-1")


def test_declare_again_changes_nothing(server: RawServer) -> None:
    server.answers(says("consumed", OTHER, {**OURS, "appointment_date": "2026-12-19T10:00Z"}))
    client(server).declare(DECLARATION)
    assert methods(server) == ["GET"]


@pytest.mark.parametrize(
    "old",
    [{"appointment_date": "2026-12-18T08:15:00"}, {"meeting_point": "Ancien nom"}, {"appointment_date": "?"}],
    ids=["moved", "renamed", "unreadable date"],
)
def test_what_stood_at_our_address_is_replaced(server: RawServer, old: dict[str, str]) -> None:
    server.answers(says("validated", OTHER, {**OURS, **old}), DELETED, DONE)
    client(server).declare(DECLARATION)
    assert methods(server) == ["GET", "DELETE", "POST"]
    deleted, made = (query for _method, _path, query in server.calls[1:])
    assert {**OURS, **old, "management_url": None} == {
        **{name: deleted[name][0] for name in ("meeting_point", "appointment_date")},
        "management_url": None,
    }
    assert made["appointment_date"] == ["2026-12-19 10:00:00"]


@pytest.mark.parametrize("status", ["400 Bad Request", "409 Conflict", "500 Internal Server Error"])
def test_a_hidden_twin_is_deleted_first(server: RawServer, status: str) -> None:
    """Seen by other editors: /status shows nothing, and the address is said to exist already."""
    twin = reply(status, '{"detail": "Appointment Already Exists in database"}')
    server.answers(says(), twin, DELETED, DONE)
    client(server).declare(DECLARATION)
    assert methods(server) == ["GET", "POST", "DELETE", "POST"]


def test_an_address_taken_by_another_number_is_refused_for_good(server: RawServer) -> None:
    twin = reply("400 Bad Request", '{"detail": "already exists"}')
    server.answers(says(), twin, NOTHING_DELETED, twin)
    with pytest.raises(Permanent, match="already exists"):
        client(server).declare(DECLARATION)
    assert methods(server) == ["GET", "POST", "DELETE", "POST"]


@pytest.mark.parametrize("state", [s for s in ApplicationState if s is not ApplicationState.VALIDATED])
def test_only_a_validated_number_is_declared(server: RawServer, state: ApplicationState) -> None:
    server.answers(says(state.value, OTHER))
    with pytest.raises(Permanent, match=state.value):
        client(server).declare(DECLARATION)
    assert methods(server) == ["GET"]


@pytest.mark.parametrize("body", ["{}", '{"success": false}', '{"success": "true"}', "null"])
def test_a_declaration_is_done_when_the_service_says_so(server: RawServer, body: str) -> None:
    server.answers(says(), reply("200 OK", body))
    with pytest.raises(RetryLater):
        client(server).declare(DECLARATION)


@pytest.mark.parametrize("gone", [NOTHING_DELETED, reply("404 Not Found", "{}")], ids=["no row", "404"])
def test_what_is_not_there_is_withdrawn(server: RawServer, gone: bytes) -> None:
    server.answers(gone, says("consumed", OTHER, {**OURS, "appointment_date": "2027-01-04T08:15:00"}))
    client(server).withdraw(DECLARATION)
    assert methods(server) == ["DELETE", "GET"]


def test_what_is_still_shown_is_deleted_in_the_service_s_words(server: RawServer) -> None:
    left = {**OURS, "meeting_point": "Ancien nom", "appointment_date": "2026-12-19T10:00"}
    server.answers(NOTHING_DELETED, says("validated", OTHER, left), DELETED)
    client(server).withdraw(DECLARATION)
    assert server.calls[2][2]["meeting_point"] == ["Ancien nom"]
    assert server.calls[2][2]["appointment_date"] == ["2026-12-19T10:00"]
    server.heads.clear()
    server.answers(NOTHING_DELETED, says("validated", left), NOTHING_DELETED)
    with pytest.raises(RetryLater, match="does not delete"):
        client(server).withdraw(DECLARATION)


@pytest.mark.parametrize("body", ["{}", '{"rowcount": true}', '{"rowcount": "1"}'])
def test_a_deletion_is_counted(server: RawServer, body: str) -> None:
    server.answers(reply("200 OK", body))
    with pytest.raises(RetryLater):
        client(server).withdraw(DECLARATION)


@pytest.mark.parametrize("number", ["", "ab12cd34ef", "AB12CD34E", "AB12CD34EF\n", "AB12CD34É9"])
def test_what_is_no_number_is_never_sent(server: RawServer, number: str) -> None:
    wrong = Declaration(number, "mp-1", "Mairie", DECLARATION.at, URL)
    for call in (
        lambda: client(server).status([NUMBER, number], "mp-1"),
        lambda: client(server).declare(wrong),
        lambda: client(server).withdraw(wrong),
    ):
        with pytest.raises(Permanent):
            call()
    assert server.heads == []


@pytest.mark.parametrize(
    ("url", "token"), [("", "x"), ("ftp://a.example", "x"), ("https://", "x"), ("https://a.example", "x\r\ny: z")]
)
def test_settings_that_cannot_work_are_refused(url: str, token: str) -> None:
    with pytest.raises(ValueError, match="PARVIS_ANTS_COORDINATION"):
        NationalCoordination(url, token)


def test_without_configuration_there_is_none(settings: Any) -> None:
    assert isinstance(coordination(), NationalCoordination)
    settings.ANTS_COORDINATION_URL = ""
    assert coordination() is None


def test_an_appointment_has_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Declaration(NUMBER, "mp-1", "Mairie", datetime(2026, 12, 19, 9, 0), URL)  # noqa: DTZ001
