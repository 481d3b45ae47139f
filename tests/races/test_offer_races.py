"""Five people open the link of one freed slot at once: one has it. The control takes the lock away."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import QuerySet

from parvis.appointments import tasks
from parvis.appointments.models import Booking, Offer, Reason, Source, WeeklyHours
from parvis.appointments.rules.paris import day_of, midnight
from parvis.appointments.selectors.slots import free_slots
from parvis.appointments.services import take_offer as service
from parvis.appointments.services.cancel_booking import cancel_booking
from parvis.appointments.services.join_waiting import Wish, confirm_waiting, join_waiting
from parvis.appointments.services.materialise_openings import materialise_openings
from parvis.appointments.services.offer_freed import offer_freed
from parvis.appointments.services.remind import remind
from parvis.appointments.services.take_offer import take_offer
from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.notifications.models import Message
from tests.appointments.agenda_world import a_booking, a_place, a_reason, an_agenda, clock_time
from tests.world import an_authority

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
OPENERS = 5


def at_once(number: int, act: Callable[[int], str]) -> Counter[str]:
    barrier = threading.Barrier(number)

    def one(rank: int) -> str:
        try:
            barrier.wait()
            return act(rank)
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return Counter(pool.map(one, range(number)))


def one_desk() -> Reason:
    """Open every day, so that the test does not depend on the day when it runs."""
    agenda = an_agenda(a_place(an_authority()), desks=1, lead_minutes=0, closed_on_holidays=False)
    with scope.authority(agenda.authority_id):
        desk = agenda.resources.get()
        for weekday in range(5, 7):
            WeeklyHours.objects.create(
                resource=desk, weekday=weekday, opens=clock_time("8:30"), closes=clock_time("11:30"),
                valid_from=day_of(clock.now()),
            )  # fmt: skip
        materialise_openings(agenda)
    return a_reason(agenda)


def given_back(reason: Reason) -> Booking:
    """An appointment in three days, cancelled; five people wait for one like it."""
    day = day_of(clock.now()) + timedelta(days=3)
    for rank in range(OPENERS):
        made = join_waiting(Wish("id-card", 1, (), day, day), f"p{rank}@exemple.test")
        confirm_waiting(made.id)
    start = free_slots([reason.id], 1, midnight(day), midnight(day + timedelta(days=1)), each=1)[0].starts_at
    booking = a_booking(reason, start)
    with scope.authority(reason.authority_id):
        cancel_booking(booking)
    return booking


@pytest.fixture
def whole() -> Authority:
    return an_authority("les-vals", kind="agglomeration")


def offered(reason: Reason, whole: Authority) -> list[UUID]:
    booking = given_back(reason)
    offer_freed(booking.authority_id, booking.id)
    with scope.authority(whole.id):
        return list(Offer.objects.values_list("id", flat=True))


def taken(whole: Authority) -> int:
    with scope.authority(whole.id):
        return Offer.objects.filter(taken_at__isnull=False).count()


def test_of_five_who_open_at_once_one_gets_it(whole: Authority) -> None:
    offers = offered(one_desk(), whole)
    assert len(offers) == OPENERS

    def take(rank: int) -> str:
        take_offer(offers[rank])
        return "taken"

    assert at_once(OPENERS, take) == {"taken": 1, "offer_gone": OPENERS - 1}
    assert taken(whole) == 1


def test_without_the_lock_several_believe_that_they_have_it(whole: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: all have looked before one of them writes."""
    offers = offered(one_desk(), whole)
    looked = threading.Barrier(OPENERS)
    is_open = service._is_open

    def look(*args: Any) -> bool:
        answer = is_open(*args)
        looked.wait(20)
        return answer

    def unlocked(rows: QuerySet[Any], **_options: Any) -> QuerySet[Any]:
        return rows

    monkeypatch.setattr(service, "_is_open", look)
    monkeypatch.setattr(QuerySet, "select_for_update", unlocked)

    def take(rank: int) -> str:
        take_offer(offers[rank])
        return "taken"

    assert at_once(OPENERS, take)["taken"] == OPENERS
    assert taken(whole) == OPENERS


def test_one_person_on_two_telephones_gets_one_booking(whole: Authority) -> None:
    offers = offered(one_desk(), whole)
    assert len(at_once(4, lambda _rank: str(take_offer(offers[0]).id))) == 1
    assert taken(whole) == 1


def test_the_same_job_in_four_workers_offers_once(whole: Authority) -> None:
    reason = one_desk()
    booking = given_back(reason)
    at_once(4, lambda _rank: str(offer_freed(booking.authority_id, booking.id)))
    with scope.authority(whole.id):
        assert Offer.objects.count() == OPENERS
    with scope.authority(reason.authority_id):
        assert Booking.objects.filter(source=Source.WAITING).count() == 1


def test_the_last_second_is_for_one_side_only(whole: Authority) -> None:
    """Somebody takes the slot while the worker passes on to the next round: either, never both."""
    offers = offered(one_desk(), whole)
    with scope.authority(whole.id):
        over = Offer.objects.get(id=offers[0]).expires_at

    def act(rank: int) -> str:
        with clock.frozen_at(over - timedelta(milliseconds=1) if rank else over):
            if rank == 0:
                tasks.offer_to_the_next(0)
                return "passed"
            take_offer(offers[rank])
            return "taken"

    seen = at_once(OPENERS, act)
    assert seen["passed"] == 1
    assert seen["taken"] in (0, 1)
    assert taken(whole) == seen["taken"]


def test_four_workers_remind_once() -> None:
    reason = one_desk()
    day = day_of(clock.now()) + timedelta(days=4)
    starts = free_slots([reason.id], 1, midnight(day), midnight(day + timedelta(days=1)))
    for rank, slot in enumerate(starts):
        a_booking(reason, slot.starts_at, numbers=(f"ESSAI{rank:05d}",))
    two_days_before = midnight(day) - timedelta(days=2) + timedelta(hours=11)

    def act(_rank: int) -> str:
        with clock.frozen_at(two_days_before), scope.authority(reason.authority_id):
            remind()
        return "done"

    assert at_once(4, act) == {"done": 4}
    letters = Message.objects.filter(title__startswith="Rappel")
    assert letters.count() == letters.values("subject_id").distinct().count() == len(starts) == 9
