"""The three calls of the national hub: what it is given, and what it is told when it asks wrongly."""

import logging
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from parvis.appointments.models import Agenda, Booking, Place, Reason, WeeklyHours
from parvis.appointments.rules.paris import PARIS
from parvis.appointments.selectors import hub_places
from parvis.appointments.selectors.hub_slots import CACHE
from parvis.appointments.services.cancel_booking import cancel_booking
from parvis.appointments.services.materialise_openings import materialise_openings
from parvis.appointments.services.move_booking import move_booking
from parvis.kit import clock, scope
from parvis.site.settings import ants_hubs
from tests.appointments.agenda_world import (
    MONDAY,
    a_booking,
    a_hold,
    a_place,
    a_reason,
    add_hours,
    an_agenda,
    at,
)  # fmt: skip
from tests.appointments.hub_world import BASE, HEADER, TOKEN, call, slots, slots_query
from tests.world import an_authority

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
PATHS = ("getManagedMeetingPoints", "availableTimeSlots", "searchApplicationIds")


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    CACHE.clear()


@pytest.fixture
def place(reason: Reason) -> str:
    return str(reason.agenda.place_id)


# The token.


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "token", [None, "", "jeton-de-demonstratio", "jeton-de-demonstrationé"], ids=["none", "empty", "short", "odd"]
)
def test_without_its_token_nobody_gets_anything(path: str, token: str | None) -> None:
    answer = call(path, token=token)
    assert answer.status_code == 401
    assert answer.json() == {"error": "unauthorized", "detail": "Jeton absent ou inconnu."}


def test_each_hub_has_its_header_and_token(settings: Any) -> None:
    settings.ANTS_HUBS = ants_hubs("National||abcdefghijklmnop, Essai|X-Essai|ponmlkjihgfedcba")
    assert call(PATHS[0], token="abcdefghijklmnop").status_code == 200
    assert call(PATHS[0], token="ponmlkjihgfedcba", header="X-Essai").status_code == 200
    assert call(PATHS[0], token="ponmlkjihgfedcba").status_code == 401
    assert call(PATHS[0]).status_code == 401


def test_without_hubs_nobody_comes_in(settings: Any) -> None:
    settings.ANTS_HUBS = ants_hubs("")
    assert call(PATHS[0], token="").status_code == 401


@pytest.mark.parametrize(
    "written",
    ["National|jeton-de-seize-signes", "National||court", "||jeton-de-seize-signes", "National||jeton-de-seize-signés"],
    ids=["two-parts", "short", "no-name", "accent"],
)
def test_a_hub_that_is_not_safe_stops_the_start(written: str) -> None:
    with pytest.raises(ValueError, match="PARVIS_ANTS_HUBS"):
        ants_hubs(written)


# The door.


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_kept_and_nobody_is_followed(path: str, place: str) -> None:
    query = {
        "availableTimeSlots": slots_query([place], MONDAY, MONDAY),
        "searchApplicationIds": [("application_ids", "ESSAI00001")],
    }
    answer = call(path, query.get(path))
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        200,
        "application/json",
        "no-store",
    )
    assert not answer.cookies
    assert "Vary" not in answer


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_only_reading(path: str, method: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(f"{BASE}/{path}", headers={HEADER: TOKEN})
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


def test_head_is_answered_and_changes_nothing(place: str) -> None:
    answer = Client().head(f"{BASE}/{PATHS[0]}", headers={HEADER: TOKEN})
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_log_says_who_called_and_holds_neither_token_nor_number(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        call("searchApplicationIds", [("application_ids", "ESSAI00001")])
        call("searchApplicationIds", [("application_ids", "ESSAI00001")], token="un-autre-jeton-inconnu")
    assert "Hub Démonstration: application_ids, 200" in caplog.text
    assert "Hub unknown: application_ids, 401" in caplog.text
    assert not any(secret in caplog.text for secret in (TOKEN, "un-autre-jeton", "ESSAI00001"))


# Meeting points.


def test_a_meeting_point_has_all_that_the_hub_wants(reason: Reason) -> None:
    place = reason.agenda.place
    (found,) = call("getManagedMeetingPoints").json()
    assert found == {
        "id": str(place.id), "name": "Mairie", "longitude": 7.34, "latitude": 47.75,
        "public_entry_address": "1 place de la Mairie", "zip_code": "68100", "city_name": "Valbruche",
        "website": f"http://127.0.0.1:8000/valbruche/rendez-vous/{place.id}/",
        "city_logo": "http://127.0.0.1:8000/blason/valbruche.svg",
    }  # fmt: skip
    assert Client().get(urlsplit(found["city_logo"]).path).status_code == 200
    assert resolve(urlsplit(found["website"]).path).url_name == "place"


@pytest.mark.parametrize("lacking", ["name", "address", "postcode", "city"])
def test_a_place_that_lacks_something_is_left_out_and_said_once(
    lacking: str, reason: Reason, caplog: pytest.LogCaptureFixture
) -> None:
    with scope.authority(reason.authority_id):
        Place.objects.update(**{lacking: " "})
    hub_places._said.clear()
    assert [call("getManagedMeetingPoints").json() for _n in range(3)] == [[], [], []]
    assert caplog.text.count(f"it lacks {lacking}") == 1


def test_a_place_without_a_position_is_left_out(reason: Reason) -> None:
    with scope.authority(reason.authority_id):
        Place.objects.update(latitude=0, longitude=0)
    assert call("getManagedMeetingPoints").json() == []


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Place, {"national": False}),
        (Place, {"active": False}),
        (Agenda, {"active": False}),
        (Reason, {"active": False}),
        (Reason, {"code": "title-collection"}),
    ],
    ids=["not-national", "closed-place", "closed-agenda", "closed-reason", "local-reason"],
)
def test_only_what_the_network_may_send_people_to(
    model: Any, fields: dict[str, Any], reason: Reason, place: str
) -> None:
    with scope.authority(reason.authority_id):
        model.objects.update(**fields)
    assert call("getManagedMeetingPoints").json() == []
    assert slots([place], MONDAY, MONDAY) == {place: []}


# Slots.


def test_the_hours_of_paris_with_a_literal_z_in_order(place: str) -> None:
    found = slots([place], MONDAY, MONDAY)[place]
    assert found == [
        f"2026-11-23T{hour}Z"
        for hour in ("08:30", "08:50", "09:10", "09:30", "09:50", "10:10", "10:30", "10:50", "11:10")
    ]


def test_both_dates_are_included_and_both_seasons_show_the_hour_of_the_wall() -> None:
    with clock.frozen_at(at(date(2027, 3, 26), "7:00")):  # the Friday before the spring night
        reason = a_reason(an_agenda(a_place(an_authority()), lead_minutes=0))
        place = str(reason.agenda.place_id)
        found = slots([place], date(2027, 3, 26), date(2027, 3, 30))[place]
        firsts = [one for one in found if one.endswith("T08:30Z")]
        assert firsts == [f"2027-03-{day}T08:30Z" for day in (26, 30)]  # Easter Monday is a holiday


def test_the_link_opens_the_page_of_that_very_slot(reason: Reason, place: str) -> None:
    answer = call("availableTimeSlots", slots_query([place], MONDAY, MONDAY, persons="2")).json()[place][0]
    at_page = urlsplit(answer["callback_url"])
    assert (at_page.scheme, at_page.netloc, resolve(at_page.path).url_name) == ("http", "127.0.0.1:8000", "take_slot")
    assert parse_qs(at_page.query) == {
        "lieu": [place], "motif": [str(reason.id)], "personnes": ["2"], "debut": ["2026-11-23T08:30"],
        "source": ["hub"],
    }  # fmt: skip


def test_every_listed_link_holds_its_slot(reason: Reason, place: str) -> None:
    listed = call("availableTimeSlots", slots_query([place], MONDAY, MONDAY, persons="2")).json()[place]
    for one in (listed[0], listed[-1]):
        at_page = urlsplit(one["callback_url"])
        answer = Client().get(f"{at_page.path}?{at_page.query}")
        assert answer.status_code == 302, answer.content.decode()
        assert resolve(urlsplit(answer["Location"]).path).url_name.startswith("booking")
    with scope.authority(reason.authority_id):
        held = Booking.objects.filter(state="held", source="hub", persons=2).order_by("starts_at")
        assert [row.starts_at for row in held] == [at(MONDAY, "8:30"), at(MONDAY, "10:50")]


def test_every_place_asked_is_answered_under_the_id_as_written(place: str) -> None:
    other = str(a_place(an_authority("illzach"), national=False).id)
    found = slots([place.upper(), other, other], MONDAY, MONDAY)
    assert list(found) == [place.upper(), other]
    assert (len(found[place.upper()]), found[other]) == (9, [])


@pytest.mark.parametrize(
    "unknown", ["9b2f8a4e-2d05-4a47-8a4c-0123456789ab", "12", "{0}", ""], ids=["uuid", "number", "braces", "empty"]
)
def test_an_unknown_place(unknown: str, place: str) -> None:
    answer = call("availableTimeSlots", slots_query([place, unknown], MONDAY, MONDAY))
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown_meeting_point")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("reason", "", "bad_reason"), ("reason", "cni", "bad_reason"), ("reason", "id-card", "bad_reason"),
        ("start_date", "", "bad_dates"), ("start_date", "20261123", "bad_dates"),
        ("start_date", "2026-02-30", "bad_dates"), ("end_date", "2026-W48-1", "bad_dates"),
        ("end_date", "demain", "bad_dates"), ("end_date", "2026-11-22", "bad_dates"),
        ("documents_number", "", "bad_number"), ("documents_number", "0", "bad_number"),
        ("documents_number", "-1", "bad_number"), ("documents_number", "21", "bad_number"),
        ("documents_number", "deux", "bad_number"), ("documents_number", "²", "bad_number"),
    ],
)  # fmt: skip
def test_a_bad_question(name: str, value: str, code: str, place: str) -> None:
    asked = dict(slots_query([place], MONDAY, MONDAY)) | {name: value}
    answer = call("availableTimeSlots", list(asked.items()))
    assert (answer.status_code, answer.json()["error"]) == (400, code)
    assert name in answer.json()["detail"] or code == "bad_dates"


@pytest.mark.parametrize("name", ["meeting_point_ids", "start_date", "end_date", "reason"])
def test_something_is_missing(name: str, place: str) -> None:
    asked = [(key, value) for key, value in slots_query([place], MONDAY, MONDAY) if key != name]
    assert call("availableTimeSlots", asked).status_code == 400


def test_one_person_unless_told(place: str) -> None:
    assert slots([place], MONDAY, MONDAY, persons=None) == slots([place], MONDAY, MONDAY)
    assert len(slots([place], MONDAY, MONDAY, persons="2")[place]) == 8
    assert slots([place], MONDAY, MONDAY, persons="5") == {place: []}  # more than the reason takes


def test_only_the_reason_asked(reason: Reason, place: str) -> None:
    passport = a_reason(reason.agenda, "passport", minutes=40)
    assert slots([place], MONDAY, MONDAY, "CNI-PASSPORT") == {place: []}
    answer = call("availableTimeSlots", slots_query([place], MONDAY, MONDAY, "PASSPORT")).json()[place]
    assert len(answer) == 8
    assert all(f"motif={passport.id}&" in one["callback_url"] for one in answer)


def test_nothing_in_the_past_nor_within_the_least_notice() -> None:
    place = str(a_reason(an_agenda(a_place(an_authority()), lead_minutes=60)).agenda.place_id)
    assert slots([place], date(2020, 1, 1), date(2026, 11, 22)) == {place: []}
    with clock.frozen_at(at(MONDAY, "8:50")):
        assert slots([place], date(2020, 1, 1), MONDAY)[place][0] == "2026-11-23T09:50Z"
    with clock.frozen_at(at(MONDAY, "8:50") + timedelta(seconds=1)):
        assert slots([place], date(2020, 1, 1), MONDAY)[place][0] == "2026-11-23T10:10Z"
    with clock.frozen_at(at(MONDAY, "8:50")):  # a clock set back
        assert slots([place], date(2020, 1, 1), MONDAY)[place][0] == "2026-11-23T09:50Z"


def test_the_horizon_bounds_the_widest_question() -> None:
    reason = a_reason(an_agenda(a_place(an_authority()), lead_minutes=0, horizon_days=40))
    place = str(reason.agenda.place_id)
    found = slots([place], date(1, 1, 1), date(9999, 12, 31))[place]
    assert (found[0], found[-1]) == ("2026-11-23T08:30Z", "2026-12-31T11:10Z")
    assert found == slots([place], MONDAY, date(2027, 1, 31))[place]
    assert found == sorted(set(found))


def test_two_agendas_of_a_place_show_an_hour_once(reason: Reason, place: str) -> None:
    other = a_reason(an_agenda(reason.agenda.place, desks=3, lead_minutes=0, name="Bis"))
    answer = call("availableTimeSlots", slots_query([place], MONDAY, MONDAY)).json()[place]
    hours = [one["datetime"] for one in answer]
    assert (len(hours), hours) == (9, sorted(set(hours)))
    assert all(f"motif={other.id}&" in one["callback_url"] for one in answer)  # where more desks are free
    with scope.authority(reason.authority_id):
        Agenda.objects.filter(id=other.agenda_id).update(lead_minutes=120)
    answer = call("availableTimeSlots", slots_query([place], MONDAY, MONDAY)).json()[place]
    assert [one["datetime"] for one in answer] == hours
    assert [f"motif={reason.id}&" in one["callback_url"] for one in answer] == [True] * 5 + [False] * 4


def test_the_hour_that_the_autumn_night_repeats_is_said_once() -> None:
    night = date(2026, 10, 25)
    with clock.frozen_at(at(date(2026, 10, 24), "12:00")):
        agenda = an_agenda(a_place(an_authority()), desks=1, lead_minutes=0, step_minutes=30, closed_on_holidays=False)
        with scope.authority(agenda.authority_id):
            WeeklyHours.objects.all().delete()
            add_hours(agenda.resources.get(), 6, "1:30", "4:00")
            materialise_openings(agenda)
        reason = a_reason(agenda)
        place = str(agenda.place_id)
        found = slots([place], night, night)[place]
        assert found == [f"2026-10-25T{hour}Z" for hour in ("01:30", "02:00", "02:30", "03:00", "03:30")]
        taken = a_hold(reason, at(night, "2:30"))  # the first one: the second must not stand for it
        assert taken.starts_at.astimezone(PARIS).fold == 0
        assert "2026-10-25T02:30Z" not in slots([place], night, night)[place]


# Numbers.


def search(*numbers: str) -> Any:
    answer = call("searchApplicationIds", [("application_ids", one) for one in numbers])
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_number_with_an_appointment_wherever_it_is(reason: Reason) -> None:
    elsewhere = a_reason(an_agenda(a_place(an_authority("illzach"), "Annexe"), lead_minutes=0))
    a_booking(reason, at(MONDAY, "10:10"), persons=2, numbers=("ESSAI00001", "ESSAI00002"))
    a_booking(elsewhere, at(MONDAY, "9:10"), numbers=("ESSAI00001",))
    found = search("ESSAI00001", "ESSAI00002", "ESSAI00003")
    assert [(one["meeting_point"], one["datetime"]) for one in found["ESSAI00001"]] == [
        ("Annexe", "2026-11-23T09:10Z"),
        ("Mairie", "2026-11-23T10:10Z"),
    ]
    assert [one["datetime"] for one in found["ESSAI00002"]] == ["2026-11-23T10:10Z"]
    assert found["ESSAI00003"] == []
    first, second = found["ESSAI00001"][1], found["ESSAI00002"][0]
    assert first["management_url"] != second["management_url"]
    for entry in (first, second):
        assert resolve(urlsplit(entry["management_url"]).path).url_name == "booking"
        assert resolve(urlsplit(entry["cancel_url"]).path).url_name == "cancel_booking"


def test_only_appointments_that_are_to_come(reason: Reason) -> None:
    held = a_hold(reason, at(MONDAY, "8:30"))
    with scope.authority(reason.authority_id):
        held.people.create(rank=1, application_id="ESSAI00009")
    booking = a_booking(reason, at(MONDAY, "9:10"))
    assert search("ESSAI00009") == {"ESSAI00009": []}
    with scope.authority(reason.authority_id):
        move_booking(booking, at(MONDAY, "10:10"))
    assert [one["datetime"] for one in search("ESSAI00001")["ESSAI00001"]] == ["2026-11-23T10:10Z"]
    with clock.frozen_at(at(MONDAY, "10:10")):
        assert search("ESSAI00001") == {"ESSAI00001": []}
    with scope.authority(reason.authority_id):
        cancel_booking(booking)
    assert search("ESSAI00001") == {"ESSAI00001": []}


def test_a_number_is_found_as_people_write_it_and_answered_as_asked(reason: Reason) -> None:
    a_booking(reason, at(MONDAY, "9:10"))
    found = search("essai 00001", "pas un numéro", "ESSAI00001' OR 1=1")
    assert [len(one) for one in found.values()] == [1, 0, 0]
    assert list(found) == ["essai 00001", "pas un numéro", "ESSAI00001' OR 1=1"]


def test_the_number_of_numbers_is_bounded(reason: Reason) -> None:
    assert len(search(*(f"ESSAI{n:05d}" for n in range(100)))) == 100
    answer = call("searchApplicationIds", [("application_ids", f"ESSAI{n:05d}") for n in range(101)])
    assert (answer.status_code, answer.json()["error"]) == (400, "too_many")
    assert call("searchApplicationIds").status_code == 400
