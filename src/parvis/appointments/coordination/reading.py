"""What the service answers, taken for what it is: text by strangers, shown to people."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from parvis.appointments.coordination import dates
from parvis.appointments.coordination.port import ApplicationState, Elsewhere
from parvis.kit.errors import RetryLater

MAX_APPOINTMENTS = 20
MAX_URL = 2000
MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One appointment word for word: a deletion must repeat its texts."""

    management_url: str
    meeting_point: str
    appointment_date: str

    def shown(self) -> Elsewhere:
        name = " ".join("".join(c for c in self.meeting_point if c.isprintable()).split())[:MAX_NAME]
        return Elsewhere(safe_link(self.management_url), name, dates.read(self.appointment_date))


@dataclass(frozen=True, slots=True)
class Known:
    """`state` is None for a word that is not in the contract."""

    state: ApplicationState | None
    entries: tuple[Entry, ...]


def parsed(body: bytes) -> dict[str, Any]:
    """Raises RetryLater for anything but a JSON object: an error page, half an answer."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RetryLater("the coordination service answered something that is not JSON") from error
    if not isinstance(found, dict):
        raise RetryLater("the coordination service answered something that is not an object")
    return found


def known(answer: dict[str, Any], application_id: str) -> Known | None:
    """What the answer says of one number, or None when it says nothing that can be understood."""
    found = answer.get(application_id)
    if not isinstance(found, dict) or not isinstance(found.get("status"), str):
        return None
    try:
        state = ApplicationState(found["status"])
    except ValueError:
        state = None
    listed = found.get("appointments")
    entries = (_entry(one) for one in (listed if isinstance(listed, list) else [])[:MAX_APPOINTMENTS])
    return Known(state, tuple(one for one in entries if one is not None))


def _entry(found: object) -> Entry | None:
    if not isinstance(found, dict):
        return None
    texts = (found.get(name) for name in ("management_url", "meeting_point", "appointment_date"))
    return Entry(*(one if isinstance(one, str) else "" for one in texts))


def safe_link(url: str) -> str:
    """The address when it is a plain http(s) one that a person may follow, else ""."""
    if len(url) > MAX_URL or "\\" in url or any(c.isspace() or not c.isprintable() for c in url):
        return ""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        return url if fits and parts.port != 0 else ""
    except ValueError:
        return ""
