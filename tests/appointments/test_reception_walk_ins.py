"""Without an appointment, and by telephone: what an agent does for somebody."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from parvis.appointments.models import Booking, Reason
from parvis.appointments.selectors.today import allowances
from parvis.appointments.services.add_walk_in import WalkIn, add_walk_in
from parvis.appointments.services.book_for_somebody import Caller, Somebody, book_for_somebody
from parvis.appointments.services.undo_arrival import undo_arrival
from parvis.audit import facade as audit
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from tests.appointments.agenda_world import MONDAY, MORNING, a_hold, a_reason, at
from tests.appointments.reception_world import Hall, a_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall() -> Iterator[Hall]:
    with clock.frozen_at(MORNING):
        yield a_hall()


def welcome(hall: Hall, when: str, reason: Reason | None = None, persons: int = 1, why: str = "") -> Booking:
    with clock.frozen_at(at(MONDAY, when)), scope.authority(hall.house.id):
        return add_walk_in(WalkIn(reason or hall.reason, persons, why=why), actor=hall.agent.id)


def taken(hall: Hall, when: str) -> list[tuple[int, int]]:
    with clock.frozen_at(at(MONDAY, when)), scope.authority(hall.house.id):
        return [(one.taken, one.quota) for one in allowances(hall.place.id)]


def test_somebody_without_appointment_is_there_at_once_and_says_nothing_of_themselves(hall: Hall) -> None:
    booking = welcome(hall, "9:00")
    assert (booking.state, booking.source, booking.ticket, booking.contact_name) == ("arrived", "walk_in", "A1", "")
    with scope.authority(hall.house.id):
        assert [one.kind for one in audit.facts([booking.id])] == ["appointment.walk_in"]


def test_the_quota_counts_persons_by_half_day(hall: Hall) -> None:
    welcome(hall, "9:00", persons=2)
    assert taken(hall, "9:01") == [(2, 2)]
    with pytest.raises(Refusal) as refused:
        welcome(hall, "9:02")
    assert refused.value.code == "quota_reached"
    assert taken(hall, "14:00") == [(0, 2)]
    assert welcome(hall, "14:00").state == "arrived"


def test_an_agent_goes_past_the_quota_with_a_reason_that_is_kept(hall: Hall) -> None:
    welcome(hall, "9:00", persons=2)
    beyond = welcome(hall, "9:02", why="Vient de loin avec un enfant")
    assert beyond.desk_note == "Vient de loin avec un enfant"
    with scope.authority(hall.house.id):
        fact = audit.facts([beyond.id])[0]
    assert fact.data["beyond_quota"] is True
    assert "enfant" not in str(fact.data)


def test_a_ready_title_is_handed_over_without_number_outside_the_quota(hall: Hall) -> None:
    collection = a_reason(hall.agenda, "title-collection")
    welcome(hall, "9:00", persons=2)
    assert welcome(hall, "9:01", collection).ticket == "A2"
    assert taken(hall, "9:02") == [(2, 2)]


def test_whoever_leaves_gives_their_turn_back(hall: Hall) -> None:
    booking = welcome(hall, "9:00", persons=2)
    with clock.frozen_at(at(MONDAY, "9:05")), scope.authority(hall.house.id):
        undo_arrival(booking, actor=hall.agent.id)
    assert taken(hall, "9:06") == [(0, 2)]


def call(hall: Hall, hour: str, **fields: object) -> Booking:
    base = {
        "reason": hall.reason, "start": at(MONDAY, hour), "contact_name": "Camille Essai",
        "people": (Somebody("Camille", "Essai", "essai 00001"),),
    }  # fmt: skip
    with scope.authority(hall.house.id):
        return book_for_somebody(Caller(**{**base, **fields}), actor=hall.agent.id)  # type: ignore[arg-type]


def test_an_agent_books_for_a_caller_past_the_least_notice() -> None:
    with clock.frozen_at(MORNING):
        hall = a_hall(lead_minutes=600)
        with pytest.raises(Refusal):
            a_hold(hall.reason, at(MONDAY, "9:10"))
        booking = call(hall, "9:10")
    assert (booking.state, booking.source, booking.persons) == ("booked", "desk", 1)
    with scope.authority(hall.house.id):
        assert [one.application_id for one in booking.people.all()] == ["ESSAI00001"]
        assert [one.kind for one in audit.facts([booking.id])] == ["appointment.booked"]


def test_a_slot_taken_meanwhile_is_refused(hall: Hall) -> None:
    for _desk in hall.desks:
        a_hold(hall.reason, at(MONDAY, "9:10"))
    with pytest.raises(Refusal) as refused:
        call(hall, "9:10")
    assert refused.value.code == "slot_taken"


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"contact_name": " "}, "incomplete", "contact_name"),
        ({"people": (Somebody(),)}, "incomplete", "application_id_1"),
        ({"people": (Somebody(application_id="TROP COURT"),)}, "bad_application_id", "application_id_1"),
        (
            {"people": (Somebody(application_id="ESSAI00001"), Somebody(application_id="essai00001"))},
            "bad_application_id",
            "application_id_2",
        ),
    ],
    ids=["no-name", "no-number", "short-number", "same-number-twice"],
)
def test_the_same_rules_as_online(hall: Hall, fields: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        call(hall, "9:10", **fields)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_the_paper_form_needs_no_number_and_the_desk_sees_it(hall: Hall) -> None:
    booking = call(hall, "9:10", people=(Somebody("Camille", "Essai"),), on_paper=True)
    assert booking.desk_note == "Formulaire papier au guichet"


def test_an_hour_that_is_over_is_not_booked(hall: Hall) -> None:
    with clock.frozen_at(at(MONDAY, "10:00") + timedelta(minutes=1)), pytest.raises(Refusal) as refused:
        call(hall, "9:10")
    assert refused.value.code == "not_bookable"
