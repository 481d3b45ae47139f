import logging
import re
import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from parvis.appointments.coordination import dates
from parvis.appointments.coordination.port import ApplicationState, Declaration, Status
from parvis.appointments.coordination.reading import Entry, Known, known, parsed
from parvis.appointments.rules.application_id import is_application_id
from parvis.appointments.wire import Answer, exchange
from parvis.kit.errors import Permanent, RetryLater

logger = logging.getLogger(__name__)

STATUS_SECONDS = 4.0
WRITE_SECONDS = 10.0
HEADER = "x-rdv-opt-auth-token"
_REFUSED_TOKEN = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
_NUMBER = re.compile(r"[A-Z0-9]{10}")


class _AlreadyThere(Permanent):
    """The service has this address already: declared before, sometimes without showing it."""


class _NotThere(Permanent):
    """404."""


class NationalCoordination:
    """The service by HTTP. `base_url` is what stands before `/status`; limits are in seconds, for a whole call.

    Raises ValueError for an address or a token that could not be sent.
    """

    def __init__(
        self, base_url: str, token: str, *, status_seconds: float = STATUS_SECONDS, write_seconds: float = WRITE_SECONDS
    ) -> None:
        if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).hostname:
            raise ValueError("PARVIS_ANTS_COORDINATION_URL is not an http address")
        if not (token.isascii() and token.isprintable()):
            raise ValueError("PARVIS_ANTS_COORDINATION_TOKEN holds a sign that no header carries")
        self._base = base_url.rstrip("/")
        self._headers = ["Accept: application/json", f"{HEADER}: {token}"]
        self._status_seconds, self._write_seconds = status_seconds, write_seconds

    def status(self, application_ids: Iterable[str], meeting_point_id: str) -> dict[str, Status]:
        wanted = list(dict.fromkeys(application_ids))
        if not wanted:
            return {}
        found = self._look(wanted, meeting_point_id, time.monotonic() + self._status_seconds)
        return {
            number: Status(number, one.state, tuple(entry.shown() for entry in one.entries))
            for number, one in found.items()
            if one.state is not None
        }

    def declare(self, declaration: Declaration) -> None:
        until = time.monotonic() + self._write_seconds
        found = self._look([declaration.application_id], declaration.meeting_point_id, until)
        one = found.get(declaration.application_id, Known(None, ()))
        ours = [entry for entry in one.entries if entry.management_url == declaration.management_url]
        if any(_same(entry, declaration) for entry in ours):
            return
        if one.state not in (None, ApplicationState.VALIDATED):
            raise Permanent(f"the number is {one.state}: the coordination service takes no appointment for it")
        for entry in ours:  # there is no update
            self._delete(declaration, entry.meeting_point, entry.appointment_date, until)
        try:
            self._create(declaration, until)
        except _AlreadyThere:
            # Seen by other editors: an appointment that /status hides keeps its address taken until it is deleted.
            self._delete(declaration, declaration.meeting_point, dates.written(declaration.at), until)
            self._create(declaration, until)

    def withdraw(self, declaration: Declaration) -> None:
        _check_numbers([declaration.application_id])
        until = time.monotonic() + self._write_seconds
        if self._delete(declaration, declaration.meeting_point, dates.written(declaration.at), until):
            return
        found = self._look([declaration.application_id], declaration.meeting_point_id, until)
        for entry in found.get(declaration.application_id, Known(None, ())).entries:
            # The place may have been renamed, or the date written otherwise: deleted by the service's own words.
            ours = entry.management_url == declaration.management_url and _at_the_same_hour(entry, declaration)
            if ours and not self._delete(declaration, entry.meeting_point, entry.appointment_date, until):
                raise RetryLater("the coordination service shows the appointment and does not delete it")

    def _look(self, numbers: list[str], meeting_point_id: str, until: float) -> dict[str, Known]:
        _check_numbers(numbers)
        asked = [*(("application_ids", number) for number in numbers), ("meeting_point_id", meeting_point_id)]
        answer = self._call("GET", "/status", asked, until)
        found = {number: one for number in numbers if (one := known(answer, number)) is not None}
        if len(found) < len(numbers) or any(one.state is None for one in found.values()):
            logger.warning("The coordination service does not say, or not in known words, what a number is worth")
        return found

    def _create(self, declaration: Declaration, until: float) -> None:
        asked = [
            *_place_and_hour(declaration, declaration.meeting_point, dates.written(declaration.at)),
            ("management_url", declaration.management_url),
        ]
        answer = self._call("POST", "/appointments", asked, until)
        if answer.get("success") is not True:
            raise RetryLater("the coordination service did not say that it took the appointment")

    def _delete(self, declaration: Declaration, meeting_point: str, appointment_date: str, until: float) -> bool:
        """Whether something was deleted."""
        try:
            answer = self._call(
                "DELETE", "/appointments", _place_and_hour(declaration, meeting_point, appointment_date), until
            )
        except _NotThere:
            return False
        count = answer.get("rowcount")
        if not isinstance(count, int) or isinstance(count, bool):
            raise RetryLater("the coordination service did not say whether it deleted the appointment")
        return count > 0

    def _call(self, method: str, path: str, asked: list[tuple[str, str]], until: float) -> dict[str, Any]:
        left = until - time.monotonic()
        if left <= 0:
            raise RetryLater("the coordination service took all the time there was")
        answer = exchange(method, f"{self._base}{path}?{urlencode(asked)}", self._headers, left)
        if not 200 <= answer.status < 300:
            raise _refusal(answer, f"{method} {path}")
        return parsed(answer.body)


def _refusal(answer: Answer, call: str) -> Exception:
    """What a status outside 2xx means. Numbers are taken out of the message: it goes to logs."""
    said = _NUMBER.sub("…", " ".join(answer.body[:160].decode(errors="replace").split()))
    message = f"the coordination service answered {answer.status} to {call}: {said}"
    if answer.status in _REFUSED_TOKEN:
        logger.error("The coordination service refuses our token: look at PARVIS_ANTS_COORDINATION_TOKEN. %s", message)
        return RetryLater(message)
    if answer.status < 400:
        logger.error("The coordination service has moved: look at PARVIS_ANTS_COORDINATION_URL. %s", message)
        return RetryLater(message)
    if "already exist" in said.lower():
        return _AlreadyThere(message)
    if answer.status >= 500 or answer.status in _PASSING:
        return RetryLater(message)
    return (_NotThere if answer.status == HTTPStatus.NOT_FOUND else Permanent)(message)


def _place_and_hour(declaration: Declaration, meeting_point: str, appointment_date: str) -> list[tuple[str, str]]:
    return [
        ("application_id", declaration.application_id),
        ("meeting_point_id", declaration.meeting_point_id),
        ("meeting_point", meeting_point),
        ("appointment_date", appointment_date),
    ]


def _same(entry: Entry, declaration: Declaration) -> bool:
    here, there = (" ".join(name.split()).casefold() for name in (entry.meeting_point, declaration.meeting_point))
    return here == there and _at_the_same_hour(entry, declaration)


def _at_the_same_hour(entry: Entry, declaration: Declaration) -> bool:
    return dates.read(entry.appointment_date) == dates.read(dates.written(declaration.at))


def _check_numbers(numbers: list[str]) -> None:
    if not all(is_application_id(number) for number in numbers):
        raise Permanent("the coordination service was to be asked about something that is not an application number")
