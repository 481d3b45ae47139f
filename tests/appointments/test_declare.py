"""What the coordination service is told of a booking, whatever breaks on the way."""

import logging
import threading
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from parvis.appointments.coordination import national
from parvis.appointments.coordination.registry import coordination
from parvis.appointments.models import Booking, Reason
from parvis.appointments.services import declare_booking as module
from parvis.appointments.services import declare_left_over as left_over_module
from parvis.appointments.services.cancel_booking import cancel_booking
from parvis.appointments.services.declare_left_over import declare_left_over
from parvis.appointments.services.displace_booking import displace_booking
from parvis.appointments.services.move_booking import move_booking
from parvis.appointments.services.note_declarations import note_declarations, withdraw_declarations
from parvis.appointments.tasks import Backoff, declare
from parvis.kit import clock, scope
from parvis.kit.errors import Permanent, RetryLater
from tests.appointments.agenda_world import MONDAY, MORNING, a_booking, a_place, a_reason, an_agenda, at
from tests.appointments.coordination_world import through_the_client
from tests.appointments.declare_world import ScriptedService, jobs, rows, states, worker_turn
from tests.world import an_authority

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
NUMBER, OTHER = "ESSAI00001", "ESSAI00002"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> ScriptedService:
    scripted = ScriptedService()
    monkeypatch.setattr(module, "coordination", lambda: scripted)
    monkeypatch.setattr(left_over_module, "coordination", lambda: scripted)
    return scripted


@pytest.fixture
def booking(reason: Reason) -> Booking:
    return a_booking(reason, at(MONDAY, "9:10"))


def cancel(booking: Booking) -> None:
    with scope.authority(booking.authority_id):
        cancel_booking(booking)


def move(booking: Booking, hour: str) -> None:
    with scope.authority(booking.authority_id):
        move_booking(booking, at(MONDAY, hour))


def test_each_number_is_declared_once_after_the_booking(service: ScriptedService, reason: Reason) -> None:
    booking = a_booking(reason, at(MONDAY, "9:10"), persons=2)
    assert (service.calls, states(booking), jobs(booking.id)) == ([], ["to_declare"] * 2, 1)
    assert worker_turn(booking) == 2
    assert worker_turn(booking) == 0
    assert service.said == [f"declare {NUMBER}", f"declare {OTHER}"]
    assert states(booking) == ["declared", "declared"]
    first, second = (one for _verb, one in service.calls)
    assert (first.meeting_point_id, first.meeting_point, first.at) == (
        str(booking.place_id),
        "Mairie",
        at(MONDAY, "9:10"),
    )
    assert first.management_url != second.management_url
    assert f"/rendez-vous/suivi/{booking.id.hex}~" in first.management_url


def test_the_job_written_with_the_booking_declares_it(service: ScriptedService, booking: Booking) -> None:
    job = ProcrastinateJob.objects.get(task_name="appointments.declare")
    declare(**job.args)
    assert (service.said, states(booking)) == ([f"declare {NUMBER}"], ["declared"])


def test_a_number_that_was_corrected_is_withdrawn_and_the_right_one_declared(
    service: ScriptedService, booking: Booking
) -> None:
    worker_turn(booking)
    with scope.authority(booking.authority_id):
        booking.people.update(application_id=OTHER)
        withdraw_declarations(booking)
        note_declarations(booking)
    worker_turn(booking)
    assert service.known == {(OTHER, at(MONDAY, "9:10").isoformat())}


def test_a_reason_without_numbers_is_nobodys_business(service: ScriptedService) -> None:
    booking = a_booking(
        a_reason(an_agenda(a_place(an_authority()), lead_minutes=0), "title-collection"), at(MONDAY, "9:10")
    )
    assert (rows(booking), jobs(booking.id)) == ([], 0)


def test_an_outage_then_a_return(service: ScriptedService, booking: Booking) -> None:
    service.script = [RetryLater(f"nobody answers about {NUMBER}")] * 2
    for tries in (1, 2):
        with pytest.raises(RetryLater):
            worker_turn(booking)
        row = rows(booking)[0]
        assert (row.state, row.attempts, row.last_error) == ("to_declare", tries, "nobody answers about …")
    assert worker_turn(booking) == 1
    assert (states(booking), rows(booking)[0].last_error) == (["declared"], "")


def test_pauses_grow_and_never_end() -> None:
    ends = []
    for attempts in (0, 1, 5, 11, 1000):
        decision = Backoff().get_retry_decision(exception=RetryLater(), job=a_job(attempts))
        assert decision is not None
        assert decision.retry_at is not None
        ends.append(decision.retry_at - datetime.now(UTC))
    expected = [timedelta(seconds=seconds) for seconds in (10, 20, 320, 3 * 3600, 3 * 3600)]
    assert all(abs(end - wanted) < timedelta(seconds=5) for end, wanted in zip(ends, expected, strict=True))
    assert Backoff().get_retry_decision(exception=ValueError(), job=a_job(0)) is None


def a_job(attempts: int) -> Job:
    return Job(
        id=1, queue="default", lock=None, queueing_lock=None, task_name="appointments.declare", attempts=attempts
    )


def test_a_cancelled_booking_is_withdrawn_until_it_is(service: ScriptedService, booking: Booking) -> None:
    worker_turn(booking)
    cancel(booking)
    assert (states(booking), jobs(booking.id)) == (["to_withdraw"], 2)
    service.script = [RetryLater("down")]
    with pytest.raises(RetryLater):
        worker_turn(booking)
    assert states(booking) == ["to_withdraw"]
    with clock.frozen_at(MORNING + timedelta(days=4)):  # its hour is long over: withdrawn all the same
        assert worker_turn(booking) == 1
    assert (states(booking), service.known) == (["withdrawn"], set())


def test_what_nobody_was_told_is_not_withdrawn_by_a_call(service: ScriptedService, booking: Booking) -> None:
    cancel(booking)
    assert worker_turn(booking) == 0
    assert (states(booking), service.calls) == (["withdrawn"], [])


def test_cancelled_while_it_is_being_declared(service: ScriptedService, booking: Booking) -> None:
    service.script = [lambda: cancel(booking)]
    assert worker_turn(booking) == 2
    assert service.said == [f"declare {NUMBER}", f"withdraw {NUMBER}"]
    assert (states(booking), service.known) == (["withdrawn"], set())


def test_moved_while_it_is_being_declared(service: ScriptedService, booking: Booking) -> None:
    service.script = [lambda: move(booking, "10:10")]
    assert worker_turn(booking) == 3
    assert [verb for verb, _one in service.calls] == ["declare", "withdraw", "declare"]
    assert service.known == {(NUMBER, at(MONDAY, "10:10").isoformat())}


def test_a_move_withdraws_the_old_date_then_declares_the_new_one(service: ScriptedService, booking: Booking) -> None:
    worker_turn(booking)
    move(booking, "10:10")
    assert states(booking) == ["to_withdraw", "to_declare"]
    worker_turn(booking)
    old, new = (one for _verb, one in service.calls[1:])
    assert [verb for verb, _one in service.calls[1:]] == ["withdraw", "declare"]
    assert (old.at, new.at, old.management_url) == (at(MONDAY, "9:10"), at(MONDAY, "10:10"), new.management_url)
    assert states(booking) == ["withdrawn", "declared"]


def test_a_new_date_waits_until_the_old_one_is_withdrawn(service: ScriptedService, booking: Booking) -> None:
    worker_turn(booking)
    move(booking, "10:10")
    service.script = [RetryLater("down")]
    with pytest.raises(RetryLater):
        worker_turn(booking)
    assert (service.said[1:], states(booking)) == ([f"withdraw {NUMBER}"], ["to_withdraw", "to_declare"])


def test_moved_and_moved_back(service: ScriptedService, booking: Booking) -> None:
    worker_turn(booking)
    move(booking, "10:10")
    worker_turn(booking)
    move(booking, "9:10")
    assert states(booking) == ["to_declare", "to_withdraw"]
    worker_turn(booking)
    assert service.known == {(NUMBER, at(MONDAY, "9:10").isoformat())}
    assert states(booking) == ["declared", "withdrawn"]


def test_moved_away_and_back_before_anybody_was_told(service: ScriptedService, booking: Booking) -> None:
    move(booking, "10:10")
    move(booking, "9:10")
    worker_turn(booking)
    assert service.said == [f"declare {NUMBER}"]
    assert service.known == {(NUMBER, at(MONDAY, "9:10").isoformat())}
    assert states(booking) == ["declared", "withdrawn"]


def test_a_displaced_booking_is_withdrawn_until_it_has_another_hour(service: ScriptedService, booking: Booking) -> None:
    worker_turn(booking)
    with scope.authority(booking.authority_id):
        displace_booking(booking)
    worker_turn(booking)
    assert service.known == set()
    move(booking, "10:30")
    worker_turn(booking)
    assert service.known == {(NUMBER, at(MONDAY, "10:30").isoformat())}


def test_a_refusal_for_good_is_kept_and_shown_without_the_number(
    service: ScriptedService, booking: Booking, caplog: pytest.LogCaptureFixture
) -> None:
    service.script = [Permanent(f"{NUMBER} is consumed")]
    with caplog.at_level(logging.INFO):
        assert worker_turn(booking) == 0
    assert states(booking) == ["failed"]
    assert [row.last_error for row in rows(booking)] == ["… is consumed"]
    assert str(booking.id) in caplog.text
    assert NUMBER not in caplog.text
    assert worker_turn(booking) == 0
    assert len(service.calls) == 1


def test_a_refusal_of_one_number_does_not_stop_the_others(service: ScriptedService, reason: Reason) -> None:
    booking = a_booking(reason, at(MONDAY, "9:10"), persons=2)
    service.script = [Permanent("no")]
    assert worker_turn(booking) == 1
    assert states(booking) == ["failed", "declared"]


def test_a_number_that_never_gets_an_answer_does_not_hold_back_the_others(
    service: ScriptedService, reason: Reason
) -> None:
    booking = a_booking(reason, at(MONDAY, "9:10"), persons=2)
    service.script = [RetryLater("only this one"), None, RetryLater("again")]
    for _turn in range(2):
        with pytest.raises(RetryLater):
            worker_turn(booking)
    assert service.said == [f"declare {NUMBER}", f"declare {OTHER}", f"declare {NUMBER}"]
    assert states(booking) == ["to_declare", "declared"]


def test_a_refused_booking_that_is_cancelled_is_withdrawn_in_case(service: ScriptedService, booking: Booking) -> None:
    service.script = [Permanent("no")]
    worker_turn(booking)
    cancel(booking)
    worker_turn(booking)
    assert service.said == [f"declare {NUMBER}", f"withdraw {NUMBER}"]
    assert states(booking) == ["withdrawn"]


def test_a_worker_killed_between_the_call_and_the_row_calls_again(
    service: ScriptedService, booking: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as short:
        short.setattr(module, "_close", killed)
        with pytest.raises(KeyboardInterrupt):
            worker_turn(booking)
    assert (states(booking), rows(booking)[0].attempts, len(service.known)) == (["to_declare"], 1, 1)
    assert worker_turn(booking) == 1
    assert (service.said, len(service.known)) == ([f"declare {NUMBER}"] * 2, 1)


def test_cancelled_after_a_worker_was_killed_while_declaring(service: ScriptedService, booking: Booking) -> None:
    service.script = [KeyboardInterrupt()]  # type: ignore[list-item]
    with pytest.raises(KeyboardInterrupt):
        worker_turn(booking)
    cancel(booking)
    assert worker_turn(booking) == 1
    assert service.said == [f"declare {NUMBER}", f"withdraw {NUMBER}"]


def test_an_hour_that_is_over_is_no_longer_declared(service: ScriptedService, booking: Booking) -> None:
    with clock.frozen_at(MORNING + timedelta(days=1)):
        assert worker_turn(booking) == 0
    assert (service.calls, states(booking)) == ([], ["to_declare"])


def test_without_a_service_it_waits_for_one(
    service: ScriptedService, booking: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without:
        for one in (module, left_over_module):
            without.setattr(one, "coordination", lambda: None)
        assert worker_turn(booking) == 0
        assert declare_left_over() == 0
    assert declare_left_over() == 0  # its own job may still come
    with clock.frozen_at(MORNING + timedelta(minutes=16)):
        assert declare_left_over() == 1
    assert states(booking) == ["declared"]


def test_without_a_service_what_was_never_told_is_closed(booking: Booking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "coordination", lambda: None)
    cancel(booking)
    assert worker_turn(booking) == 0
    assert states(booking) == ["withdrawn"]


def test_left_overs_of_all_authorities_and_no_hammering_of_a_service_that_is_down(service: ScriptedService) -> None:
    bookings = []
    for number in range(5):
        reason = a_reason(an_agenda(a_place(an_authority(f"commune-{number}")), lead_minutes=0))
        bookings.append(a_booking(reason, at(MONDAY, "9:10"), numbers=(f"ESSAI0001{number}",)))
    with clock.frozen_at(MORNING + timedelta(minutes=20)):
        service.script = [RetryLater("down")] * 3
        assert declare_left_over() == 0
        assert len(service.calls) == 3
        assert declare_left_over() == 2  # those just tried wait for their turn
    with clock.frozen_at(MORNING + timedelta(minutes=40)):
        assert declare_left_over() == 3
    assert [states(one) for one in bookings] == [["declared"]] * 5


@pytest.mark.django_db(transaction=True)
def test_one_worker_at_a_time_and_no_transaction_during_a_call(service: ScriptedService, booking: Booking) -> None:
    heard: list[str] = []

    def another_worker() -> None:
        def turn() -> None:
            try:
                with clock.frozen_at(MORNING):
                    worker_turn(booking)
            except RetryLater as error:
                heard.append(str(error))
            finally:
                connection.close()

        thread = threading.Thread(target=turn)
        thread.start()
        thread.join()

    service.outside_transactions, service.script = True, [another_worker]
    assert worker_turn(booking) == 1
    assert heard == ["another worker is telling the coordination service about the same booking"]
    another_worker()
    assert (len(heard), states(booking)) == (1, ["declared"])


def test_the_service_itself_takes_a_repeated_call_well(booking: Booking, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real client and the stand-in: killed after each call, the result is the same as if nothing had happened."""
    monkeypatch.setattr(national, "exchange", through_the_client)

    def shown() -> list[datetime | None]:
        port = coordination()
        assert port is not None
        return [one.at for one in port.status([NUMBER], str(booking.place_id))[NUMBER].appointments]

    def die() -> None:
        with monkeypatch.context() as short:
            short.setattr(module, "_close", mock.Mock(side_effect=KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                worker_turn(booking)

    die()
    worker_turn(booking)
    assert shown() == [at(MONDAY, "9:10")]
    move(booking, "10:10")
    die()
    assert shown() == []
    worker_turn(booking)
    assert shown() == [at(MONDAY, "10:10")]
    cancel(booking)
    die()
    worker_turn(booking)
    assert (shown(), states(booking)) == ([], ["withdrawn", "withdrawn"])
