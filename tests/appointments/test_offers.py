"""A slot that somebody gives back is shown to five of those who wait; the first one has it; then it is for all."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from parvis.appointments import tasks
from parvis.appointments.links import offer_key
from parvis.appointments.models import Occupancy, Reason, WaitingState
from parvis.appointments.rules.waiting import own_code
from parvis.appointments.services.cancel_booking import cancel_booking
from parvis.appointments.services.expire_holds import expire_holds
from parvis.appointments.services.move_booking import move_booking
from parvis.appointments.services.offer_freed import offer_freed
from parvis.appointments.services.release_hold import release_hold
from parvis.appointments.services.take_offer import take_offer
from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.notifications import facade as notifications
from tests.appointments.agenda_world import MONDAY, a_booking, a_hold, a_place, a_reason, an_agenda, at
from tests.appointments.waiting_world import (
    DAY,
    MINUTE,
    START,
    cancelled,
    crowd,
    finish,
    held,
    is_free,
    offers,
    one_desk_elsewhere,
    someone,
    told,
    wait_of,
)
from tests.world import an_authority

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ten_on_monday")]


@pytest.fixture
def reason(whole: Authority) -> Reason:
    return one_desk_elsewhere()


def test_the_five_who_have_waited_longest_are_told_at_once(whole: Authority, reason: Reason) -> None:
    crowd(7)
    cancelled(reason)
    assert told(whole) == ["p0", "p1", "p2", "p3", "p4"]
    (hold,) = held(reason)
    assert hold.starts_at == START
    assert not is_free(reason)
    mail = notifications.messages()[0]
    assert "lundi 30 novembre 2026 à 9\u00a0h\u00a010" in mail.text
    assert "10\u00a0h\u00a020" in mail.text


def test_cancelling_and_moving_leave_the_job_that_offers(whole: Authority, reason: Reason) -> None:
    """The very arguments that the queue holds, given to the task of that name."""
    someone("p0")
    booking = a_booking(reason, START)
    with scope.authority(reason.authority_id):
        move_booking(booking, START + 40 * MINUTE)
        cancel_booking(booking)
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'appointments.offer_freed' ORDER BY id")
        jobs = [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]
    for arguments in jobs:
        tasks.offer(**arguments)
    assert [one.starts_at for one in offers(whole)] == [START, START + 40 * MINUTE]


def test_an_sms_goes_along_by_day_and_not_by_night(whole: Authority, reason: Reason) -> None:
    someone("p0", phone="+33639980001")
    cancelled(reason)
    (sms,) = [one for one in notifications.messages() if one.channel == "sms"]
    assert "/offre/" in sms.text
    assert notifications.segments(sms.text) <= 2
    with clock.frozen_at(at(MONDAY, "22:00")):
        cancelled(reason, START + 20 * MINUTE)
    assert len(offers(whole)) == 2
    assert len([one for one in notifications.messages() if one.channel == "sms"]) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"code": "passport"},
        {"persons": 2},
        {"after": DAY + timedelta(days=1)},
        {"before": DAY - timedelta(days=1)},
        {"elsewhere": True},
    ],
    ids=["reason", "persons", "later", "earlier", "place"],
)
def test_only_whom_it_suits_is_told(whole: Authority, reason: Reason, fields: dict[str, Any]) -> None:
    a_reason(reason.agenda, "passport", minutes=40)
    other = a_place(an_authority("illzach"))
    a_reason(an_agenda(other))
    # The neighbours of the freed slot are taken: twenty minutes, no more.
    a_booking(reason, START - 20 * MINUTE, numbers=("AVANT00001",))
    a_booking(reason, START + 20 * MINUTE, numbers=("APRES00001",))
    someone("p0", **({"place_ids": (other.id,)} if fields.pop("elsewhere", False) else fields))
    cancelled(reason)
    assert offers(whole) == []
    assert is_free(reason)
    someone("p1", place_ids=(reason.agenda.place_id,))
    cancelled(reason)
    assert told(whole) == ["p1"]


def test_a_slot_too_near_is_offered_to_nobody(whole: Authority, reason: Reason) -> None:
    someone("p0")
    near = at(MONDAY, "11:10")
    booking = a_booking(reason, START)
    with scope.authority(reason.authority_id):
        move_booking(booking, near, by_desk=True)
        cancel_booking(booking)
    tasks.offer(str(booking.authority_id), str(booking.id))
    assert offers(whole) == []


def test_a_moved_booking_offers_the_hour_that_it_left(whole: Authority, reason: Reason) -> None:
    someone("p0")
    booking = a_booking(reason, START)
    with scope.authority(reason.authority_id):
        move_booking(booking, START + 40 * MINUTE)
    tasks.offer(str(booking.authority_id), str(booking.id), START.isoformat())
    assert [one.starts_at for one in offers(whole)] == [START]


def test_a_hold_that_was_nobodys_booking_is_not_offered(whole: Authority, reason: Reason) -> None:
    someone("p0")
    hold = a_hold(reason, START)
    with clock.frozen_at(clock.now() + 16 * MINUTE), scope.authority(reason.authority_id):
        expire_holds()
        release_hold(hold)
    tasks.offer_to_the_next(0)
    assert offers(whole) == []


def test_a_family_leaves_room_for_several(whole: Authority, reason: Reason) -> None:
    """An hour for three persons is three visits of one: five people are shown the first, the others the second."""
    a_booking(reason, at(DAY, "8:50"), numbers=("AVANT00001",))
    a_booking(reason, at(DAY, "10:10"), numbers=("APRES00001",))
    crowd(7)
    cancelled(reason, START, 3)
    assert [one.starts_at for one in offers(whole)] == [START] * 5 + [START + 20 * MINUTE] * 2
    assert told(whole) == [f"p{rank}" for rank in range(7)]
    assert is_free(reason, START + 40 * MINUTE), "nobody is left to wait for the third"


def test_needs_that_differ_are_shown_the_same_start(whole: Authority, reason: Reason) -> None:
    a_booking(reason, at(DAY, "8:50"), numbers=("AVANT00001",))
    a_booking(reason, at(DAY, "9:50"), numbers=("APRES00001",))
    someone("single", 0)
    someone("pair", 1, persons=2)
    cancelled(reason, START, 2)
    assert [one.starts_at for one in offers(whole)] == [START, START]
    (hold,) = held(reason)
    assert hold.ends_at == START + 40 * MINUTE, "kept for the longer need"


def test_what_a_shorter_visit_leaves_is_free_again(whole: Authority, reason: Reason) -> None:
    pair, single = someone("pair", 0, persons=2), someone("single", 1)
    a_booking(reason, at(DAY, "8:50"), numbers=("AVANT00001",))
    a_booking(reason, at(DAY, "9:50"), numbers=("APRES00001",))
    cancelled(reason, START, 2)
    by_name = {one.waiting_id: one for one in offers(whole)}
    assert not is_free(reason, START + 20 * MINUTE)
    booking = take_offer(by_name[single.id].id)
    assert (booking.persons, booking.ends_at) == (1, START + 20 * MINUTE)
    assert is_free(reason, START + 20 * MINUTE)
    with pytest.raises(Refusal) as refused:
        take_offer(by_name[pair.id].id)
    assert refused.value.code == "offer_gone"


def test_the_same_job_again_changes_nothing(whole: Authority, reason: Reason) -> None:
    crowd(7)
    booking = cancelled(reason)
    for _ in range(2):
        tasks.offer(str(booking.authority_id), str(booking.id))
    assert len(offers(whole)) == 5
    assert len(held(reason)) == 1
    with clock.frozen_at(clock.now() + timedelta(hours=2)):
        assert offer_freed(booking.authority_id, booking.id) == 0, "nor once the hold is over"


def test_a_job_killed_midway_leaves_all_or_nothing(
    whole: Authority, reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(3)
    booking = a_booking(reason, START)
    with scope.authority(reason.authority_id):
        cancel_booking(booking)

    def killed(*_args: object, **_more: object) -> None:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr("parvis.appointments.services.offer_freed.audit.record", killed)
        with pytest.raises(SystemExit):
            tasks.offer(str(booking.authority_id), str(booking.id))
    assert offers(whole) == []
    assert is_free(reason), "the slot is not lost: everybody may book it"
    tasks.offer(str(booking.authority_id), str(booking.id))
    assert told(whole) == ["p0", "p1", "p2"]


def test_own_reasons_have_their_own_list(client: Client, whole: Authority, reason: Reason) -> None:
    pool = a_reason(an_agenda(a_place(an_authority("bains"), "Piscine"), desks=1), "lesson", label="Leçon de natation")
    stranger = someone("p0")
    page = client.get(f"/rendez-vous/attente/?motif=lesson&lieux={pool.agenda.place_id}").content.decode()
    assert "Leçon de natation" in page
    assert own_code(pool.id) in page
    someone("swimmer", code=own_code(pool.id))
    cancelled(pool)
    assert told(whole) == ["swimmer"]
    assert wait_of(stranger, whole).state == WaitingState.WAITING


def test_the_link_shows_then_gives_the_slot(client: Client, whole: Authority, reason: Reason) -> None:
    one, two = crowd(2, phone="+33639980001")
    cancelled(reason)
    links = [f"/rendez-vous/offre/{offer_key(offer.id)}/" for offer in offers(whole)]
    assert any(links[0] in message.text for message in notifications.messages())
    page = client.get(links[0])
    assert "Prendre cette place" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert offers(whole)[0].taken_at is None, "a GET takes nothing: mail filters follow links"
    answer = client.post(links[0])
    assert answer.status_code == 302
    assert "/valbruche/rendez-vous/suivi/" in answer["Location"]
    assert client.get(answer["Location"], follow=True).status_code == 200
    (hold,) = held(reason)
    assert (hold.email, hold.phone) == ("p0@exemple.test", "+33639980001")
    assert hold.held_until == clock.now() + 15 * MINUTE
    again = client.post(links[0])
    assert again["Location"] == answer["Location"], "twice is once"
    late = client.get(links[1]).content.decode()
    assert "Cette place n’est plus gardée" in late
    assert "Les places libres les plus proches" in late
    assert client.post(links[1]).status_code == 409
    assert wait_of(two, whole).state == WaitingState.WAITING
    assert wait_of(one, whole).state == WaitingState.WAITING, "not before they have confirmed"
    finish(hold)
    assert wait_of(one, whole).state == WaitingState.SERVED


def test_who_fills_a_form_is_not_offered_another(whole: Authority, reason: Reason) -> None:
    someone("p0")
    cancelled(reason)
    take_offer(offers(whole)[0].id)
    cancelled(reason, START + 20 * MINUTE)
    assert len(offers(whole)) == 1


def test_twenty_minutes_later_the_next_five_then_everybody(whole: Authority, reason: Reason) -> None:
    crowd(8)
    cancelled(reason)
    first = clock.now()
    with clock.frozen_at(first + 19 * MINUTE):
        tasks.offer_to_the_next(0)
        assert len(offers(whole)) == 5
    with clock.frozen_at(first + 20 * MINUTE):
        assert not is_free(reason), "nobody slips in between two rounds"
        tasks.offer_to_the_next(0)
        tasks.offer_to_the_next(0)
        assert told(whole)[5:] == ["p5", "p6", "p7"]
        with pytest.raises(Refusal):
            take_offer(offers(whole)[0].id)
    with clock.frozen_at(first + 39 * MINUTE):
        assert not is_free(reason)
        take_offer(offers(whole)[5].id)
    with clock.frozen_at(first + 40 * MINUTE):
        tasks.offer_to_the_next(0)
        assert not is_free(reason), "taken a minute ago: the form is being filled"
    with clock.frozen_at(first + 55 * MINUTE):
        assert is_free(reason)


def test_after_two_rounds_it_is_free_at_once(whole: Authority, reason: Reason) -> None:
    crowd(11)
    cancelled(reason)
    for minutes in (20, 40):
        with clock.frozen_at(clock.now() + minutes * MINUTE):
            tasks.offer_to_the_next(0)
    with clock.frozen_at(clock.now() + 40 * MINUTE):
        assert len(offers(whole)) == 10
        assert is_free(reason)
        assert held(reason) == []


def test_with_nobody_else_it_is_free_after_one_round(whole: Authority, reason: Reason) -> None:
    crowd(2)
    cancelled(reason)
    with clock.frozen_at(clock.now() + 20 * MINUTE):
        tasks.offer_to_the_next(0)
        assert is_free(reason)


def test_a_dead_worker_loses_no_slot(whole: Authority, reason: Reason) -> None:
    crowd(8)
    cancelled(reason)
    with clock.frozen_at(clock.now() + 23 * MINUTE):
        assert is_free(reason)
        tasks.offer_to_the_next(0)
        assert len(offers(whole)) == 5
        with scope.authority(reason.authority_id):
            assert Occupancy.objects.filter(held_until__gt=clock.now()).count() == 0
