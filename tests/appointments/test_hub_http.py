"""The national hub's calls word for word, over HTTP, to a Parvis that runs by itself."""

import http.client
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection

from parvis.appointments.models import Reason
from parvis.appointments.rules.paris import day_of, midnight
from parvis.appointments.selectors.hub_slots import CACHE, Wanted, hub_slots
from parvis.appointments.services.cancel_booking import cancel_booking
from parvis.kit import clock, scope
from parvis.site.launch.postgres import Urls
from tests.appointments.agenda_world import a_booking, a_place, a_reason, an_agenda
from tests.races.live import Live
from tests.world import an_authority

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "jeton-de-la-recherche-nationale"
IN_TIME = {"getManagedMeetingPoints": 20, "availableTimeSlots": 15, "searchApplicationIds": 5}  # seconds, the hub's own


class Hub:
    """One connection, kept; the path and the query are sent as written."""

    def __init__(self, port: int) -> None:
        self._port = port

    def get(self, call: str, token: str | None = TOKEN) -> tuple[int, Any]:
        path, _, query = call.partition("?")
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=IN_TIME[path])
        try:
            headers = {"Accept": "application/json"} | ({"X-HUB-RDV-AUTH-TOKEN": token} if token else {})
            line.request("GET", f"/api/ants/{path}{'?' if query else ''}{query}", headers=headers)
            answer = line.getresponse()
            assert answer.getheader("Content-Type") == "application/json"
            assert answer.getheader("Set-Cookie") is None
            return answer.status, json.loads(answer.read())
        finally:
            line.close()


@pytest.fixture
def hub(postgres: Urls, tmp_path: Path) -> Iterator[Hub]:
    """A server with its own memory of slots: that of this process is another one."""
    live = Live(tmp_path, postgres, workers=1, more={"PARVIS_ANTS_HUBS": f"National||{TOKEN}"})
    live.start_web()
    try:
        live.wait()
        yield Hub(live.port)
    finally:
        live.stop()


@pytest.fixture
def reasons() -> list[Reason]:
    """Two town halls, open every weekday."""
    made = []
    for name in ("valbruche", "illzach"):
        agenda = an_agenda(a_place(an_authority(name), f"Mairie de {name}"), closed_on_holidays=False)
        made.append(a_reason(agenda))
    return made


def next_month() -> tuple[date, date]:
    """From tomorrow, widened to the end of the next month as the hub does."""
    tomorrow = day_of(clock.now()) + timedelta(days=1)
    return tomorrow, ((tomorrow.replace(day=1) + timedelta(days=62)).replace(day=1)) - timedelta(days=1)


def slots_call(ids: list[str], more: str = "") -> str:
    first, last = next_month()
    places = "&".join(f"meeting_point_ids={one}" for one in ids)
    return f"availableTimeSlots?{places}&start_date={first}&end_date={last}&reason=CNI&documents_number=1{more}"


def test_the_hub_finds_an_hour_and_a_person_books_it(hub: Hub, reasons: list[Reason]) -> None:
    status, points = hub.get("getManagedMeetingPoints")
    assert status == 200
    assert [point["city_name"] for point in points] == ["Illzach", "Valbruche"]
    needed = ("id", "name", "longitude", "latitude", "public_entry_address", "zip_code", "city_name")
    assert all(point[name] not in (None, "") for point in points for name in needed)

    ids = [point["id"] for point in points]
    status, found = hub.get(slots_call(ids))
    assert (status, list(found)) == (200, ids)
    for listed in found.values():
        hours = [one["datetime"] for one in listed]
        assert hours
        assert hours == sorted(set(hours))
        assert all(len(hour) == len("2026-12-19T10:00Z") and hour.endswith("Z") for hour in hours)

    first = found[ids[0]][0]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(first["callback_url"]).query).items()}
    assert (asked["lieu"], f"{asked['debut']}Z") == (ids[0], first["datetime"])
    reason = next(one for one in reasons if str(one.id) == asked["motif"])
    start = midnight(date.fromisoformat(asked["debut"][:10])) + hour_of(asked["debut"])
    for desk in range(2):  # another process than the server's
        booking = a_booking(reason, start, numbers=(f"CONTRAT00{desk}",))
    status, after = hub.get(slots_call(ids))
    assert [one["datetime"] for one in after[ids[0]]] == [one["datetime"] for one in found[ids[0]]][1:]
    assert after[ids[1]] == found[ids[1]]

    status, told = hub.get("searchApplicationIds?application_ids=CONTRAT001&application_ids=CONTRAT999")
    (entry,) = told["CONTRAT001"]
    assert (status, told["CONTRAT999"]) == (200, [])
    assert (entry["meeting_point"], entry["datetime"]) == ("Mairie de illzach", first["datetime"])
    assert f"{booking.id.hex}~" in entry["management_url"]
    assert entry["cancel_url"].endswith("/annuler/")

    with scope.authority(booking.authority_id):
        cancel_booking(booking)
    assert hub.get(slots_call(ids))[1] == found
    assert hub.get("searchApplicationIds?application_ids=CONTRAT001")[1] == {"CONTRAT001": []}


def hour_of(wall: str) -> timedelta:
    return timedelta(hours=int(wall[11:13]), minutes=int(wall[14:16]))


def test_two_processes_never_tell_two_stories(hub: Hub, reasons: list[Reason]) -> None:
    """The server's memory and ours, each filled before what changes."""
    place_id, (first, last) = reasons[0].agenda.place_id, next_month()
    asked = Wanted((place_id,), "id-card", 1, first, last)

    def both() -> tuple[list[str], list[str]]:
        ours = [f"{one.wall}Z" for one in hub_slots(asked)[place_id]]
        theirs = [one["datetime"] for one in hub.get(slots_call([str(place_id)]))[1][str(place_id)]]
        return ours, theirs

    CACHE.clear()
    ours, theirs = both()
    assert ours == theirs
    assert len(ours) > 100
    with scope.authority(reasons[0].authority_id):
        Reason.objects.filter(id=reasons[0].id).update(minutes=60)
    connection.close()
    longer, theirs = both()
    assert longer == theirs
    assert len(longer) < len(ours)


def test_what_is_asked_wrongly(hub: Hub, reasons: list[Reason]) -> None:
    place = str(reasons[0].agenda.place_id)
    call = slots_call([place])
    assert hub.get("getManagedMeetingPoints", token=None)[0] == 401
    assert hub.get(call, token="un-autre-jeton")[0] == 401
    assert hub.get("searchApplicationIds?application_ids=CONTRAT001", token="")[0] == 401
    assert hub.get(slots_call([place, "0d3c4d0e-9f3a-4a52-9a51-5ef1b4c1d1aa"]))[0] == 404
    assert hub.get(slots_call([f"[{place}]"]))[0] == 404
    assert hub.get(call.replace("meeting_point_ids", "meeting_point_ids[]"))[0] == 400
    assert hub.get(call.replace("reason=CNI", "reason=PERMIS"))[0] == 400
    assert hub.get(call.replace("documents_number=1", "documents_number=0"))[0] == 400
    first, last = next_month()
    backwards = call.replace(f"start_date={first}&end_date={last}", f"start_date={last}&end_date={first}")
    assert hub.get(backwards)[0] == 400
