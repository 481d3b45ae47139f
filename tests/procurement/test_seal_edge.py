"""The edge inside the server: dates the last byte, never believes a visitor, and queues after the date is taken."""

import io
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from parvis.site.edge import MAX_SEAL, STAMP_KEY, Edge

SEAL = "/valbruche/consultations/x/deposer/sceller/"


def environ(path: str = SEAL, method: str = "POST", body: bytes = b"{}", **more: Any) -> dict[str, Any]:
    return {
        "PATH_INFO": path, "REQUEST_METHOD": method, "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body),
        **more,
    }  # fmt: skip


def passed(given: dict[str, Any]) -> dict[str, Any]:
    """What the application behind the edge receives."""
    seen: list[dict[str, Any]] = []

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        seen.append(environ)
        return []

    Edge(application)(given, lambda *_: None)
    return seen[0]


def test_a_seal_is_dated_once_its_last_byte_is_read() -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            time.sleep(0.05)
            return super().read(size)

    before = time.time_ns()
    seen = passed({**environ(), "wsgi.input": Slow(b"{}")})
    assert seen[STAMP_KEY] - before >= 50_000_000
    assert seen["wsgi.input"].read() == b"{}"
    assert seen["parvis.cut_short"] is False


def test_nothing_else_is_dated() -> None:
    assert STAMP_KEY not in passed(environ(path="/valbruche/"))
    assert STAMP_KEY not in passed(environ(method="GET"))


@pytest.mark.parametrize(
    ("secret", "given", "sent", "vouched"),
    [
        ("right", "right", "1764586391.123", True),
        ("right", "wrong", "1764586391.123", False),
        ("right", "", "1764586391.123", False),
        ("right", "é", "1764586391.123", False),
        ("right", "right", "tomorrow", False),
        ("right", "right", "-1.5", False),
        ("right", "right", "1764586391", False),
        ("", "", "1764586391.123", False),
    ],
)
def test_a_date_from_outside_needs_the_secret(settings: Any, secret: str, given: str, sent: str, vouched: bool) -> None:
    settings.EDGE_SECRET = secret
    seen = passed(environ(HTTP_X_PARVIS_RECEIVED=sent, HTTP_X_PARVIS_EDGE=given))
    assert (seen[STAMP_KEY] == 1764586391_123_000_000) is vouched
    assert vouched or abs(seen[STAMP_KEY] - time.time_ns()) < 10**9
    assert not [name for name in seen if name.startswith("HTTP_X_PARVIS")]


def test_a_body_cut_short_or_too_long_is_told_apart() -> None:
    assert passed(environ(CONTENT_LENGTH="9"))["parvis.cut_short"] is True
    long = passed(environ(body=bytes(MAX_SEAL * 3)))
    assert long["parvis.cut_short"] is False
    assert len(long["wsgi.input"].read()) == MAX_SEAL + 1
    assert passed(environ(CONTENT_LENGTH="x"))["wsgi.input"].read() == b""


def test_the_queue_comes_after_the_date_and_uploads_do_not_queue(settings: Any) -> None:
    settings.CONCURRENCY = 1
    go, seen = threading.Event(), []

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            assert go.wait(10)
            seen.append(environ[STAMP_KEY])
        return []

    edge = Edge(application)
    threads = [threading.Thread(target=edge, args=(environ(), lambda *_: None)) for _ in range(5)]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    released = time.time_ns()
    part = environ(path="/x/consultations/1/deposer/televersements/1/", method="PATCH")
    assert list(edge(part, lambda *_: None)) == []
    go.set()
    for thread in threads:
        thread.join()
    assert len(seen) == 5
    assert all(stamp < released for stamp in seen)
