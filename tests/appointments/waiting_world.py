"""People who wait, for the tests: one desk of a commune, the agglomeration that keeps the list, a slot given back."""

from datetime import datetime, timedelta
from typing import Any

from parvis.appointments import tasks
from parvis.appointments.models import Booking, BookingState, Offer, Reason, Source, Waiting
from parvis.appointments.selectors.slots import free_slots
from parvis.appointments.services.cancel_booking import cancel_booking
from parvis.appointments.services.confirm_booking import confirm_booking
from parvis.appointments.services.join_waiting import Wish, confirm_waiting, join_waiting
from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from tests.appointments.agenda_world import MONDAY, a_booking, a_place, a_reason, an_agenda, at
from tests.world import an_authority

DAY = MONDAY + timedelta(days=7)
START = at(DAY, "9:10")
MINUTE = timedelta(minutes=1)


def the_agglomeration() -> Authority:
    return an_authority("les-vals", name="Agglomération des Vals", kind="agglomeration")


def one_desk_elsewhere() -> Reason:
    """One desk of another authority than the one that keeps the list, so that a full hour is full."""
    return a_reason(an_agenda(a_place(an_authority()), desks=1, lead_minutes=120))


def someone(name: str, minutes: int = 0, **fields: Any) -> Waiting:
    """Waits since `minutes` after the others, confirmed; `fields` of Wish, or `phone`."""
    phone = fields.pop("phone", "")
    base: dict[str, Any] = {
        "code": "id-card", "persons": 1, "place_ids": (), "after": MONDAY, "before": DAY + timedelta(days=30),
    }  # fmt: skip
    with clock.frozen_at(clock.now() - timedelta(days=1) + minutes * MINUTE):
        made = join_waiting(Wish(**{**base, **fields}), f"{name}@exemple.test", phone)
        return confirm_waiting(made.id)


def crowd(number: int, **fields: Any) -> list[Waiting]:
    return [someone(f"p{rank}", rank, **fields) for rank in range(number)]


def cancelled(reason: Reason, start: datetime = START, persons: int = 1) -> Booking:
    """A booking that somebody gives back, and the job that follows."""
    booking = a_booking(reason, start, persons)
    with scope.authority(reason.authority_id):
        cancel_booking(booking)
    tasks.offer(str(booking.authority_id), str(booking.id))
    return booking


def offers(whole: Authority) -> list[Offer]:
    with scope.authority(whole.id):
        return list(Offer.objects.select_related("waiting").order_by("created_at", "waiting__created_at"))


def told(whole: Authority) -> list[str]:
    return [one.waiting.email.split("@")[0] for one in offers(whole)]


def held(reason: Reason) -> list[Booking]:
    with scope.authority(reason.authority_id):
        found = Booking.objects.filter(source=Source.WAITING, state=BookingState.HELD, held_until__gt=clock.now())
        return list(found.order_by("starts_at"))


def is_free(reason: Reason, start: datetime = START, persons: int = 1) -> bool:
    return bool(free_slots([reason.id], persons, start, start + MINUTE))


def wait_of(one: Waiting, whole: Authority) -> Waiting:
    with scope.authority(whole.id):
        return Waiting.objects.get(id=one.id)


def finish(booking: Booking) -> Booking:
    """Somebody writes who comes, and confirms."""
    with scope.authority(booking.authority_id):
        for rank in range(1, booking.persons + 1):
            booking.people.create(rank=rank, first_name="Camille", last_name="Essai", application_id=f"PRISE{rank:05d}")
        return confirm_booking(booking)
