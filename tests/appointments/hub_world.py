"""A hub that calls as the national one does."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client

TOKEN = "jeton-de-demonstration"
HEADER = "X-HUB-RDV-AUTH-TOKEN"
BASE = "/api/ants"


def call(path: str, query: list[tuple[str, str]] | None = None, token: str | None = TOKEN, **more: Any) -> HttpResponse:
    """One GET; parameters repeat their name, without brackets."""
    headers = {} if token is None else {more.pop("header", HEADER): token}
    return Client(**more).get(f"{BASE}/{path}?{urlencode(query or [])}", headers=headers)


def slots_query(
    ids: list[str], start: date, end: date, reason: str = "CNI", persons: str | None = "1"
) -> list[tuple[str, str]]:
    number = [] if persons is None else [("documents_number", persons)]
    asked = [("start_date", start.isoformat()), ("end_date", end.isoformat()), ("reason", reason), *number]
    return [*(("meeting_point_ids", one) for one in ids), *asked]


def slots(ids: list[str], start: date, end: date, reason: str = "CNI", persons: str | None = "1") -> Any:
    """Of each id, the hours as the hub reads them."""
    answer = call("availableTimeSlots", slots_query(ids, start, end, reason, persons))
    assert answer.status_code == 200, answer.content
    return {key: [one["datetime"] for one in listed] for key, listed in answer.json().items()}
