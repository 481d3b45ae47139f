"""The edge inside the server: stamps a seal when its last byte is read, then lets a bounded number of requests work.

Granian gives each request a thread of its own; the queue is here, after the stamp, so that a crowd at the deadline
delays nobody's time.
"""

import hmac
import io
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

STAMPED_PATH_END = "/deposer/sceller/"
# As in ops/nginx.conf, which passes the bodies of these requests on unread.
UPLOADS_PATH = re.compile(r"/[^/]+/consultations/[^/]+/deposer/televersements/")
MAX_SEAL = 16 * 1024
STAMP_KEY = "parvis.stamp_ns"
_HEADERS = ("HTTP_X_PARVIS_RECEIVED", "HTTP_X_PARVIS_EDGE")

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Edge:
    def __init__(self, application: Wsgi) -> None:
        self._application = application
        self._places = threading.BoundedSemaphore(settings.CONCURRENCY)
        # The thread that dates a seal waits at most this long (s) behind each one at work, instead of 5 ms.
        sys.setswitchinterval(0.001)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        received, secret = (environ.pop(name, "") for name in _HEADERS)
        if environ.get("PATH_INFO", "").endswith(STAMPED_PATH_END) and environ.get("REQUEST_METHOD") == "POST":
            self._take_body(environ)
            environ[STAMP_KEY] = _vouched(received, secret) or time.time_ns()
        if UPLOADS_PATH.match(environ.get("PATH_INFO", "")):
            # A part of an upload lasts as long as its sender's network: it takes nobody's place, and no connection to
            # the database either. Nor does a POST there: Django reads a slow form before it knows who sends it.
            return self._application(environ, start_response)
        with self._places:
            return self._application(environ, start_response)

    @staticmethod
    def _take_body(environ: dict[str, Any]) -> None:
        try:
            announced = max(0, int(environ.get("CONTENT_LENGTH") or 0))
        except ValueError:
            announced = 0
        body = environ["wsgi.input"].read(min(announced, MAX_SEAL + 1))
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ["parvis.cut_short"] = len(body) < min(announced, MAX_SEAL + 1)


def _vouched(received: str, secret: str) -> int | None:
    """The edge's stamp ("1764586391.123", seconds) in nanoseconds, if the shared secret comes with it."""
    if not settings.EDGE_SECRET or not hmac.compare_digest(secret.encode(), settings.EDGE_SECRET.encode()):
        return None
    seconds, _, fraction = received.partition(".")
    if not (seconds.isdecimal() and fraction.isdecimal()):
        return None
    return int(seconds) * 10**9 + int(fraction[:9].ljust(9, "0"))
