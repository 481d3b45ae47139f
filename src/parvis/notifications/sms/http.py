"""Brevo's transactional SMS: one JSON object posted, 201 when it is taken (docs/adr/0028-sms.md)."""

import json
from http.client import HTTPException
from typing import IO, Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from parvis.kit.errors import Permanent, RetryLater
from parvis.notifications.rules.sms import is_gsm

TIMEOUT = 10.0
MAX_ANSWER = 64 * 1024
# Ours to put right (address, key, credit) or theirs to recover from: the text is kept meanwhile.
PASSING = frozenset({401, 402, 403, 404, 408, 425, 429})


class _StayThere(HTTPRedirectHandler):
    """The key and the number go to the configured address and nowhere else."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        return None


class HttpCarrier:
    def __init__(self, url: str, token: str, sender: str) -> None:
        self._url, self._token, self._sender = url, token, sender

    def send(self, to: str, text: str) -> None:
        """Raises RetryLater, Permanent."""
        if not self._url.startswith(("https://", "http://")):
            raise Permanent("PARVIS_SMS_URL is not an http address")
        body = {
            "sender": self._sender,
            "recipient": to,
            "content": text,
            "type": "transactional",
            "unicodeEnabled": not is_gsm(text),
        }
        headers = {"api-key": self._token, "Content-Type": "application/json", "Accept": "application/json"}
        request = Request(self._url, json.dumps(body).encode(), headers, method="POST")  # noqa: S310
        try:
            with build_opener(_StayThere()).open(request, timeout=TIMEOUT) as answer:
                answer.read(MAX_ANSWER)
        except HTTPError as error:
            raise _failure(error) from error
        except (HTTPException, OSError) as error:
            raise RetryLater(f"the SMS provider does not answer: {error}") from error


def _failure(error: HTTPError) -> Exception:
    """What it answered, in its own words: {"code": …, "message": …}."""
    try:
        said = json.loads(error.read(MAX_ANSWER))
        code, message = str(said["code"]), str(said["message"])
    except (ValueError, KeyError, TypeError, HTTPException, OSError):
        code, message = "", ""
    passing = error.code >= 500 or error.code in PASSING or error.code < 400 or code == "not_enough_credits"
    return (RetryLater if passing else Permanent)(" ".join(f"{error.code} {code} {message}".split()))
