"""The edge under attack: its places cannot be held by slow senders, its date cannot be chosen by a visitor."""

import io
import threading
from collections.abc import Callable
from typing import Any

import pytest

from parvis.site.edge import MAX_SEAL, STAMP_KEY, Edge

UPLOADS = "/valbruche/consultations/5b0e8c3e-0000-7000-8000-000000000001/deposer/televersements/"
SEAL = "/valbruche/consultations/5b0e8c3e-0000-7000-8000-000000000001/deposer/sceller/"


def environ(path: str, method: str, body: bytes = b"", **more: Any) -> dict[str, Any]:
    return {
        "PATH_INFO": path, "REQUEST_METHOD": method, "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body),
        **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "method"),
    [(UPLOADS, "POST"), (f"{UPLOADS}5b0e8c3e-0000-7000-8000-000000000002/", "POST"), (UPLOADS, "PATCH")],
)
def test_slow_bodies_that_nginx_passes_on_unread_hold_no_place(path: str, method: str, settings: Any) -> None:
    """Django reads a form before it knows who sends it, so anyone could hold every place at the deadline."""
    settings.CONCURRENCY = 2
    let_go, begun, served = threading.Event(), threading.Semaphore(0), threading.Event()

    def application(given: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        if given["REQUEST_METHOD"] == "PATCH" or given["PATH_INFO"].startswith(UPLOADS):
            begun.release()
            let_go.wait(10)
        else:
            served.set()
        return []

    edge = Edge(application)
    slow = [threading.Thread(target=edge, args=(environ(path, method), lambda *_: None)) for _ in range(4)]
    for thread in slow:
        thread.start()
    for _ in slow[:2]:
        assert begun.acquire(timeout=5)
    other = threading.Thread(target=edge, args=(environ(SEAL, "POST", b"{}"), lambda *_: None), daemon=True)
    other.start()
    was_served = served.wait(3)
    let_go.set()
    for thread in (*slow, other):
        thread.join(5)
    assert was_served


def passed(given: dict[str, Any]) -> dict[str, Any]:
    seen: list[dict[str, Any]] = []

    def application(arrived: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        seen.append(arrived)
        return []

    Edge(application)(given, lambda *_: None)
    return seen[0]


@pytest.mark.parametrize("announced", ["-1", "999999999999", "²", "", "0x10"])
def test_a_length_that_lies_never_reads_more_than_a_seal(announced: str) -> None:
    given = environ(SEAL, "POST", b"x" * (4 * MAX_SEAL))
    seen = passed({**given, "CONTENT_LENGTH": announced})
    assert len(seen["wsgi.input"].read()) <= MAX_SEAL + 1


@pytest.mark.parametrize("sent", ["²³.¹", "-1.5", "1e9.0", "1764586391", "nan.0"])
def test_a_stamp_that_is_no_number_of_seconds_is_not_read(sent: str, settings: Any) -> None:
    settings.EDGE_SECRET = "s" * 40
    seen = passed(environ(SEAL, "POST", b"{}", HTTP_X_PARVIS_RECEIVED=sent, HTTP_X_PARVIS_EDGE="s" * 40))
    assert seen[STAMP_KEY] > 1_700_000_000 * 10**9


def test_the_two_headers_never_reach_the_pages(settings: Any) -> None:
    settings.EDGE_SECRET = "s" * 40
    for path in (SEAL, UPLOADS, "/"):
        seen = passed(environ(path, "POST", b"{}", HTTP_X_PARVIS_RECEIVED="1.0", HTTP_X_PARVIS_EDGE="s" * 40))
        assert not {"HTTP_X_PARVIS_RECEIVED", "HTTP_X_PARVIS_EDGE"} & set(seen)
