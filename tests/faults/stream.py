"""Companies that deposit without end over HTTP, and remember every word of what the server promised them."""

import base64
import hashlib
import http.client
import json
import os
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.races.live import HOST

CSRF = "f" * 32
SIZE = 40_000


@dataclass
class Deposit:
    """What the company holds in its hand once the server answered 201 (or 200 to a second try)."""

    upload: str
    sha256: str
    key: str
    file: dict[str, Any]


@dataclass
class Company:
    """One browser: it tries again whatever breaks, with the same key, and never gives up an acknowledged upload."""

    port: int
    cookie: str
    base: str
    promised: list[Deposit] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    recovered: int = 0  # seals written whose first answer never came: the second try got the same receipt

    def run(self, until: threading.Event) -> None:
        while not until.is_set():
            data = os.urandom(SIZE)
            upload = self._uploaded(data, until)
            if upload is None:
                continue
            self._sealed(upload, hashlib.sha256(data).hexdigest(), until)

    def _uploaded(self, data: bytes, until: threading.Event) -> str | None:
        """The id of an upload whose last byte was acknowledged."""
        head = {"Upload-Length": str(len(data))}
        status, headers, _ = self._ask("POST", f"{self.base}/televersements/", head, b"")
        if status != 201:
            time.sleep(0.1)
            return None
        location, offset = headers["location"], 0
        while not until.is_set():
            sent = data[offset:]
            checksum = base64.b64encode(hashlib.sha256(sent).digest()).decode()
            head = {
                "Content-Type": "application/offset+octet-stream",
                "Upload-Offset": str(offset),
                "Upload-Checksum": f"sha256 {checksum}",
            }
            status, headers, body = self._ask("PATCH", location, head, sent)
            if status == 204:
                return location.rstrip("/").rpartition("/")[2]
            if status in {403, 404, 410}:
                if status == 403:  # whole already: the answer to the first try was lost
                    return location.rstrip("/").rpartition("/")[2]
                self.lost.append(f"upload {location}: {status} {body[:200]!r}")
                return None
            time.sleep(0.1)
            status, headers, _ = self._ask("HEAD", location, {}, b"")
            if status == 200:
                offset = int(headers["upload-offset"])
                if offset == len(data):
                    return location.rstrip("/").rpartition("/")[2]
        return None

    def _sealed(self, upload: str, sha256: str, until: threading.Event) -> None:
        key = str(uuid4())
        line = {"kind": "bid", "lot": None, "upload": upload, "size": SIZE, "sha256": sha256, "commitment": "b" * 64}
        body = json.dumps({"key": key, "envelopes": [line]}).encode()
        while True:
            head = {"Content-Type": "application/json"}
            status, _, answer = self._ask("POST", f"{self.base}/sceller/", head, body)
            if status in {200, 201}:
                self.recovered += status == 200
                self.promised.append(Deposit(upload, sha256, key, json.loads(answer)))
                return
            if status == 409:
                self.lost.append(f"seal of {upload}: {answer[:300]!r}")
                return
            if until.is_set():
                return
            time.sleep(0.1)

    def _ask(self, method: str, path: str, more: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Status 0 when nobody answers."""
        headers = {
            "Host": HOST,
            "Cookie": f"sessionid={self.cookie}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "Tus-Resumable": "1.0.0",
            "Content-Length": str(len(body)),
            **more,
        }
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, {}, b""
        finally:
            line.close()
