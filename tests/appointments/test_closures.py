"""Whom a change of hours touches, what is proposed, and that nothing is broken silently."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from parvis.appointments.models import (
    Booking,
    BookingState,
    HoursException,
    Occupancy,
    Opening,
    Reason,
    Resource,
    WeeklyHours,
)
from parvis.appointments.rules.hours import Terms
from parvis.appointments.rules.hours_text import parse_hours
from parvis.appointments.rules.paris import PARIS, day_of
from parvis.appointments.selectors.hours import outside_hours
from parvis.appointments.selectors.slots import free_slots
from parvis.appointments.services.add_opening import AddOpening
from parvis.appointments.services.apply_change import Applied, Decision, apply_change
from parvis.appointments.services.cancel_booking import cancel_booking
from parvis.appointments.services.change_hours import ChangeHours
from parvis.appointments.services.close_period import ClosePeriod
from parvis.appointments.services.confirm_booking import confirm_booking
from parvis.appointments.services.end_exception import EndException
from parvis.appointments.services.hours_change import HoursChange
from parvis.appointments.services.materialise_openings import materialise_openings
from parvis.appointments.services.preview_change import Preview, preview_change
from parvis.appointments.services.save_agenda import SaveAgenda
from parvis.appointments.services.save_resource import SaveResource
from parvis.audit import facade as audit
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from tests.appointments.agenda_world import MONDAY, a_booking, a_hold, a_reason, an_agenda, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def in_scope(monday_morning: None, reason: Reason) -> Iterator[None]:
    with scope.authority(reason.authority_id):
        yield


def closing(reason: Reason, first: date, last: date | None = None, **fields: object) -> ClosePeriod:
    place = reason.agenda.place
    end = at((last or first) + timedelta(days=1), "0:00")
    return ClosePeriod(place, None, at(first, "0:00"), end, "Inventaire", **fields)


def decide(preview: Preview, does: str = "move") -> dict[object, Decision]:
    return {
        one.booking.id: Decision(one.booking.version, does if one.proposal else "call", one.proposal)  # type: ignore[arg-type]
        for one in preview.touched
    }


def carry(change: HoursChange, does: str = "move") -> Applied:
    return apply_change(change, decide(preview_change(change), does), why="Inventaire")  # type: ignore[arg-type]


def desks(reason: Reason) -> list[Resource]:
    return list(Resource.objects.filter(agenda=reason.agenda))


def hours_free(reason: Reason, day: date) -> list[str]:
    found = free_slots([reason.id], 1, at(day, "0:00"), at(day, "23:00"))
    return [one.starts_at.astimezone(PARIS).strftime("%H:%M") for one in found]


def test_a_preview_leaves_no_trace(reason: Reason) -> None:
    booking = a_booking(reason, at(TUESDAY, "9:10"))
    before = list(Opening.objects.order_by("id").values_list("id", "mark"))
    preview = preview_change(closing(reason, TUESDAY))
    assert [one.booking.id for one in preview.touched] == [booking.id]
    assert list(Opening.objects.order_by("id").values_list("id", "mark")) == before
    assert not HoursException.objects.exists()
    assert Occupancy.objects.get().booking_id == booking.id


def test_each_gets_a_slot_of_their_own_near_the_same_hour(reason: Reason) -> None:
    for n, hour in enumerate(("9:10", "9:10", "9:30")):
        a_booking(reason, at(TUESDAY, hour), numbers=(f"FERMETURE{n}",))
    found = [one.proposal for one in preview_change(closing(reason, TUESDAY)).touched]
    wednesday = TUESDAY + timedelta(days=1)
    assert found == [at(wednesday, "9:10"), at(wednesday, "9:10"), at(wednesday, "9:30")]


def test_no_slot_is_proposed_twice_where_one_desk_is_left(reason: Reason) -> None:
    second = desks(reason)[1]
    carry(SaveResource(second, {"active": False}))
    for hour in ("9:10", "9:30"):
        a_booking(reason, at(TUESDAY, hour), numbers=("ABCDEFGH" + hour[0] + hour[2],))
    a_booking(reason, at(TUESDAY + timedelta(days=1), "9:10"), numbers=("UNEAUTRE01",))
    found = [one.proposal for one in preview_change(closing(reason, TUESDAY)).touched]
    assert len(set(found)) == 2
    assert at(TUESDAY + timedelta(days=1), "9:10") not in found


def test_applied_each_is_moved_and_told(reason: Reason) -> None:
    booking = a_booking(reason, at(TUESDAY, "9:10"))
    assert carry(closing(reason, TUESDAY)) == Applied(1, 0, 0)
    booking.refresh_from_db()
    assert (booking.state, booking.starts_at) == ("booked", at(TUESDAY + timedelta(days=1), "9:10"))
    assert hours_free(reason, TUESDAY) == []
    kinds = [one.kind for one in audit.facts([booking.id])]
    assert "appointment.moved" in kinds
    [closed] = [one for one in audit.facts([reason.agenda.place_id]) if one.kind == "agenda.closed"]
    assert closed.data["why"] == "Inventaire"


def test_whoever_finds_no_slot_is_displaced_and_told(reason: Reason, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[object, str]] = []
    monkeypatch.setattr(
        "parvis.appointments.services.displace_booking.tell_displaced", lambda b, why: told.append((b.id, why))
    )
    booking = a_booking(reason, at(TUESDAY, "9:10"))
    far = closing(reason, MONDAY, MONDAY + timedelta(days=200))
    assert carry(far) == Applied(0, 0, 1)
    booking.refresh_from_db()
    assert booking.state == BookingState.DISPLACED
    assert not Occupancy.objects.filter(booking_id=booking.id).exists()
    assert told == [(booking.id, "Inventaire")]
    [fact] = [one for one in audit.facts([booking.id]) if one.kind == "appointment.displaced"]
    assert "Camille" not in str(fact.data)


def test_kept_outside_hours_it_stays_valid_and_is_not_asked_about_again(reason: Reason) -> None:
    booking = a_booking(reason, at(TUESDAY, "9:10"))
    assert carry(closing(reason, TUESDAY), "keep") == Applied(0, 1, 0)
    booking.refresh_from_db()
    assert (booking.state, booking.starts_at) == ("booked", at(TUESDAY, "9:10"))
    assert [one.id for one in outside_hours(reason.agenda_id)] == [booking.id]
    assert preview_change(closing(reason, TUESDAY + timedelta(days=1))).touched == ()
    assert [one.booking.id for one in preview_change(closing(reason, TUESDAY)).touched] == [booking.id]


def test_a_booking_made_after_the_preview_stops_everything(reason: Reason) -> None:
    preview = preview_change(closing(reason, TUESDAY))
    late = a_booking(reason, at(TUESDAY, "9:10"))
    with pytest.raises(Refusal) as refused:
        apply_change(closing(reason, TUESDAY), decide(preview))  # type: ignore[arg-type]
    assert refused.value.code == "list_changed"
    assert not HoursException.objects.exists()
    assert outside_hours(reason.agenda_id) == []
    late.refresh_from_db()
    assert late.state == BookingState.BOOKED


def test_a_proposal_taken_after_the_preview_stops_everything(reason: Reason) -> None:
    booking = a_booking(reason, at(TUESDAY, "9:10"))
    preview = preview_change(closing(reason, TUESDAY))
    proposal = preview.touched[0].proposal
    assert proposal is not None
    for n in range(2):
        a_booking(reason, proposal, numbers=(f"PRISAVANT{n}",))
    with pytest.raises(Refusal) as refused:
        apply_change(closing(reason, TUESDAY), decide(preview))  # type: ignore[arg-type]
    assert refused.value.code == "list_changed"
    booking.refresh_from_db()
    assert booking.starts_at == at(TUESDAY, "9:10")


def test_a_booking_cancelled_after_the_preview_is_no_obstacle(reason: Reason) -> None:
    booking = a_booking(reason, at(TUESDAY, "9:10"))
    preview = preview_change(closing(reason, TUESDAY))
    cancel_booking(booking)
    assert apply_change(closing(reason, TUESDAY), decide(preview)) == Applied(0, 0, 0)  # type: ignore[arg-type]


def test_a_slot_that_somebody_holds_is_given_back(reason: Reason) -> None:
    held = a_hold(reason, at(TUESDAY, "9:10"))
    carry(closing(reason, TUESDAY))
    held.refresh_from_db()
    assert held.state == BookingState.EXPIRED
    held.people.create(rank=1, application_id="ESSAI00001")
    held.email = "camille@exemple.test"
    held.save()
    with pytest.raises(Refusal) as refused:
        confirm_booking(held)
    assert refused.value.code == "not_bookable"


def test_a_closure_ends_early_and_the_openings_come_back(reason: Reason) -> None:
    carry(closing(reason, TUESDAY, TUESDAY + timedelta(days=2)))
    with clock.frozen_at(at(TUESDAY, "10:00")):
        carry(EndException(HoursException.objects.get()))
        assert hours_free(reason, TUESDAY)[0] == "10:00"
        assert hours_free(reason, TUESDAY + timedelta(days=1))[0] == "08:30"
    assert HoursException.objects.get().during.upper == at(TUESDAY, "10:00")


def test_a_closure_to_come_is_taken_back(reason: Reason) -> None:
    carry(closing(reason, TUESDAY))
    carry(EndException(HoursException.objects.get()))
    assert not HoursException.objects.exists()
    assert len(hours_free(reason, TUESDAY)) == 9


def test_a_closure_of_one_desk_cuts_its_hours_exactly(reason: Reason) -> None:
    first, second = desks(reason)
    carry(ClosePeriod(reason.agenda.place, first, at(TUESDAY, "9:00"), at(TUESDAY, "10:00")))
    of_day = Opening.objects.filter(day=TUESDAY)
    found = {one.resource_id: [] for one in of_day}  # type: ignore[var-annotated]
    for one in of_day.order_by("during"):
        found[one.resource_id].append((one.during.lower, one.during.upper))
    assert found[first.id] == [(at(TUESDAY, "8:30"), at(TUESDAY, "9:00")), (at(TUESDAY, "10:00"), at(TUESDAY, "11:30"))]
    assert found[second.id] == [(at(TUESDAY, "8:30"), at(TUESDAY, "11:30"))]


def test_an_extra_opening_on_a_saturday(reason: Reason) -> None:
    saturday = MONDAY + timedelta(days=5)
    carry(AddOpening(desks(reason)[0], at(saturday, "9:00"), at(saturday, "10:00")))
    assert hours_free(reason, saturday) == ["09:00", "09:20", "09:40"]
    booking = a_booking(reason, at(saturday, "9:20"))
    taken_back = preview_change(EndException(HoursException.objects.get()))
    assert [one.booking.id for one in taken_back.touched] == [booking.id]


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [("10:00", "9:00", "backwards"), ("8:00", "9:00", "already_open")],
    ids=["backwards", "already open"],
)
def test_an_extra_opening_that_cannot_be(reason: Reason, start: str, end: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        preview_change(AddOpening(desks(reason)[0], at(TUESDAY, start), at(TUESDAY, end)))
    assert refused.value.code == code


def test_no_extra_opening_inside_a_closure(reason: Reason) -> None:
    carry(closing(reason, TUESDAY))
    with pytest.raises(Refusal) as refused:
        preview_change(AddOpening(desks(reason)[0], at(TUESDAY, "14:00"), at(TUESDAY, "15:00")))
    assert refused.value.code == "closed"


def grid(reason: Reason, text: str, desk: int = 0, **fields: object) -> ChangeHours:
    week = tuple(parse_hours(text) if day < 5 else () for day in range(7))
    terms = Terms(date(2026, 1, 1))
    base: dict[str, object] = {"terms": terms, "replaces": terms}
    return ChangeHours(desks(reason)[desk], week=week, **{**base, **fields})  # type: ignore[arg-type]


def test_hours_that_move_keep_exactly_the_bookings_inside(reason: Reason) -> None:
    Resource.objects.filter(id=desks(reason)[1].id).update(active=False)
    materialise_openings(reason.agenda)
    for n, hour in enumerate(("8:30", "8:50", "9:10", "11:10")):
        a_booking(reason, at(TUESDAY, hour), numbers=(f"HEURES000{n}",))
    preview = preview_change(grid(reason, "9h-11h20, 14h-16h"))
    touched = [one.booking.starts_at for one in preview.touched]
    assert touched == [at(TUESDAY, "8:30"), at(TUESDAY, "8:50"), at(TUESDAY, "11:10")]
    assert {day_of(one.proposal) for one in preview.touched if one.proposal} == {TUESDAY}
    carry(grid(reason, "9h-11h20, 14h-16h"))
    assert outside_hours(reason.agenda_id) == []
    assert Booking.objects.filter(state="booked").count() == 4


def test_new_hours_from_a_day_leave_the_former_ones_until_its_eve(reason: Reason) -> None:
    start = MONDAY + timedelta(days=14)
    carry(grid(reason, "14h-16h", terms=Terms(start)))
    former = WeeklyHours.objects.filter(resource=desks(reason)[0], valid_until=start - timedelta(days=1))
    assert former.count() == 5
    opening = Opening.objects.get(resource=desks(reason)[0], day=start)
    assert (opening.during.lower, opening.during.upper) == (at(start, "14:00"), at(start, "16:00"))


def test_the_same_hours_for_the_other_desks(reason: Reason) -> None:
    carry(grid(reason, "14h-16h", also=(desks(reason)[1],)))
    found = set(Opening.objects.filter(day=TUESDAY).values_list("during__startswith", flat=True))
    assert found == {at(TUESDAY, "14:00")}


def test_an_hour_is_written_once(reason: Reason) -> None:
    with pytest.raises(Refusal) as refused:
        preview_change(grid(reason, "11h-14h", replaces=None, terms=Terms(date(2026, 12, 1), audience="desk")))
    assert (refused.value.code, refused.value.field) == ("overlapping", "day0")


def test_a_grid_is_taken_away_and_its_bookings_listed(reason: Reason) -> None:
    booking = a_booking(reason, at(TUESDAY, "9:10"))
    change = grid(reason, "fermé", also=(desks(reason)[1],))
    assert [one.booking.id for one in preview_change(change).touched] == [booking.id]


def test_a_desk_that_stops_gives_its_bookings_to_the_others(reason: Reason) -> None:
    first, second = desks(reason)
    bookings = [a_booking(reason, at(TUESDAY, "9:10"), numbers=(f"DEUXBUREA{n}",)) for n in range(2)]
    preview = preview_change(SaveResource(first, {"active": False}))
    [touched] = preview.touched
    assert touched.booking.id in {one.id for one in bookings}
    assert touched.proposal in {at(TUESDAY, "8:50"), at(TUESDAY, "9:30")}
    carry(SaveResource(first, {"active": False}))
    assert set(Occupancy.objects.values_list("resource_id", flat=True)) == {second.id}


def test_fewer_seats_touch_whoever_sits_on_the_last_ones(reason: Reason) -> None:
    agenda = an_agenda(
        reason.agenda.place, desks=1, capacity=3, hours="9:00-9:45", name="Ateliers", collective=True, lead_minutes=0
    )
    session = a_reason(agenda, "atelier", max_persons=3)
    with scope.authority(agenda.authority_id):
        for n in range(3):
            a_booking(session, at(TUESDAY, "9:00"), numbers=(f"ATELIER00{n}",))
        preview = preview_change(SaveResource(Resource.objects.get(agenda=agenda), {"capacity": 2}))
        assert [one.proposal for one in preview.touched] == [at(TUESDAY + timedelta(days=1), "9:00")]


def test_closing_on_holidays_touches_the_holiday(reason: Reason) -> None:
    friday = date(2027, 1, 1)
    carry(SaveAgenda(reason.agenda, {"closed_on_holidays": False}))
    booking = a_booking(reason, at(friday, "9:10"))
    preview = preview_change(SaveAgenda(reason.agenda, {"closed_on_holidays": True}))
    assert [one.booking.id for one in preview.touched] == [booking.id]


def test_a_shorter_horizon_puts_nobody_outside(reason: Reason) -> None:
    booking = a_booking(reason, at(MONDAY + timedelta(days=50), "9:10"))
    assert preview_change(SaveAgenda(reason.agenda, {"horizon_days": 10})).touched == ()
    carry(SaveAgenda(reason.agenda, {"horizon_days": 10}))
    assert outside_hours(reason.agenda_id) == []
    assert hours_free(reason, day_of(booking.starts_at)) == []


def test_sessions_and_single_appointments_do_not_mix(reason: Reason) -> None:
    a_booking(reason, at(TUESDAY, "9:10"))
    with pytest.raises(Refusal) as refused:
        preview_change(SaveAgenda(reason.agenda, {"collective": True}))
    assert (refused.value.code, refused.value.field) == ("has_bookings", "collective")


def test_materialised_twice_changes_nothing(reason: Reason) -> None:
    carry(closing(reason, TUESDAY))
    assert materialise_openings(reason.agenda).added == 0
    again = materialise_openings(reason.agenda)
    assert (again.added, again.removed) == (0, 0)
