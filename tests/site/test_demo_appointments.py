"""The demo's places and who comes there, on the real communes of both agglomerations, whatever the day."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest

from parvis.appointments.facade import free_slots
from parvis.appointments.models import Agenda, HoursException, Place, Reason, Resource, WeeklyHours
from parvis.kit import clock, scope
from parvis.site.demo.diary import Diary, Visit
from parvis.site.demo.events import play
from parvis.site.demo.halls import equipped, names
from parvis.site.demo.people import Seats, make_operator, seats
from parvis.site.demo.places import agglomerations, make_places
from parvis.site.demo.sites import Site, make_sites

pytestmark = pytest.mark.django_db

ORDINARY = date(2026, 11, 25)  # a Wednesday of term
DAYS = {
    "wednesday": ORDINARY,
    "sunday": date(2026, 11, 22),
    "christmas": date(2026, 12, 25),
    "summer": date(2026, 7, 20),
}


def at(day: date, hour: int = 10, minute: int = 10) -> datetime:
    return datetime.combine(day, time(hour, minute), clock.PARIS)


def made(name: str, now: datetime) -> tuple[Seats, list[Site]]:
    """The places with their openings, where nobody has booked yet."""
    houses = make_places(name, make_operator())
    where = seats(houses)
    found = make_sites(houses, where, now)
    play(event for site in found for event in site.writings(now))
    return where, found


def visits(site: Site, now: datetime) -> list[list[Visit]]:
    return [
        list(Diary(team.sample, now, f"{site.place.name} {team.row.name}").visits(team.lanes(now)))
        for team in site.teams
    ]


@pytest.mark.parametrize("name", agglomerations())
def test_the_equipment_is_where_most_people_live_and_in_a_few_villages(name: str) -> None:
    houses = make_places(name, make_operator())
    where = seats(houses)
    chosen = equipped(houses, where)
    communes = sorted((one for one in houses if one.kind == "commune"), key=lambda one: -one.population)
    assert {one.id for one in communes[:14]} < {one.id for one in chosen}
    assert where.village in chosen
    assert len(chosen) == len({one.id for one in chosen}) == 17
    assert len(chosen) < len(communes)


@pytest.mark.parametrize("name", agglomerations())
def test_places_stand_where_the_town_halls_are_and_each_offers_something(name: str) -> None:
    now = at(ORDINARY)
    with clock.frozen_at(now):
        where, found = made(name, now)
        halls = [one for one in found if one.place.name == f"Mairie {one.house.of_name}"]
        assert [(one.place.latitude, one.place.longitude, one.place.address) for one in halls] == [
            (one.house.latitude, one.house.longitude, one.house.address) for one in halls
        ]
        assert len(halls) == 17
        assert all(one.place.national for one in halls)
        invented = [one.place for one in found if one not in halls]
        assert all("inventé" in place.access and place.city == where.city.name for place in invented)
        assert {one.house.id for one in found} - {one.house.id for one in halls} == {where.agglomeration.id}
        for site in found:
            ids = Reason.objects.filter(agenda__place=site.place).values_list("id", flat=True)
            slots = free_slots(ids, 1, now, now + timedelta(days=60))
            assert {slot.reason_id for slot in slots} == set(ids), site.place.name
        assert Counter(Place.objects.values_list("has_lift", flat=True))[False] in range(3, 9)


def test_agendas_are_not_all_alike() -> None:
    now = at(ORDINARY)
    with clock.frozen_at(now):
        where, found = made("m2a", now)
    assert set(Agenda.objects.values_list("step_minutes", flat=True)) >= {15, 20}
    assert set(Agenda.objects.values_list("horizon_days", flat=True)) == {30, 60, 90}
    assert Agenda.objects.filter(wave_weekday=0, wave_hour=18).count() > 3
    assert set(WeeklyHours.objects.values_list("audience", flat=True)) == {"online", "desk", "walk_in"}
    assert set(WeeklyHours.objects.values_list("season", flat=True)) == {"always", "term", "holidays"}
    assert WeeklyHours.objects.filter(release_days__gt=0).count() > 3
    assert WeeklyHours.objects.filter(weekday=5, resource__authority_id=where.city.id).exists()
    assert Reason.objects.filter(units=2, label="Rendez-vous social").count() == 1
    assert Reason.objects.filter(buffer_minutes__gt=0).count() > 3
    closed = HoursException.objects.filter(closed=True)
    assert closed.count() > 2
    assert all(one.during.lower > now and one.why for one in closed)
    village = [one for one in found if one.house.id == where.village.id]
    assert Resource.objects.filter(agenda__place=village[0].place).count() == 1
    assert WeeklyHours.objects.filter(resource__agenda__place=village[0].place).count() == 2
    lesson = Resource.objects.get(agenda__collective=True)
    assert (lesson.capacity, lesson.authority_id) == (12, where.agglomeration.id)


@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS)
def test_nobody_comes_before_they_booked_nor_while_another_is_at_the_desk(day: date) -> None:
    now = at(day)
    with clock.frozen_at(now):
        where, found = made("dijon", now)
        drawn = {site.place.name: visits(site, now) for site in found}
        again = {site.place.name: visits(site, now) for site in found}
    assert drawn == again
    for site in found:
        for team, mine in zip(site.teams, drawn[site.place.name], strict=True):
            for one in mine:
                assert one.booked_at < now
                assert one.booked_at < one.starts_at - timedelta(minutes=0 if one.by_desk else team.sample.lead)
            if not team.sample.collective:
                assert not overlapping(mine)
    assert 400 < sum(len(mine) for teams in drawn.values() for mine in teams) < 900
    city = next(mine for site in found if site.house.id == where.city.id for mine in drawn[site.place.name])
    assert sum(abs(one.starts_at - now) < timedelta(hours=2) for one in city) >= 6


def overlapping(mine: list[Visit]) -> list[tuple[Visit, Visit]]:
    ordered = sorted(mine, key=lambda one: (one.lane, one.starts_at))
    return [(a, b) for a, b in pairwise(ordered) if a.lane == b.lane and b.starts_at < a.ends_at]


@pytest.mark.parametrize(("hour", "minute"), [(0, 20), (5, 0), (12, 50), (23, 30)])
def test_the_city_receives_at_any_hour(hour: int, minute: int) -> None:
    now = at(ORDINARY, hour, minute)
    with clock.frozen_at(now):
        where, found = made("dijon", now)
        city = next(site for site in found if site.house.id == where.city.id)
        with scope.authority(where.city.id):
            around = [
                period for lane in city.teams[0].lanes(now) for period in lane if period.start <= now < period.end
            ]
    assert len(around) > 1


def test_names_are_many_and_each_once() -> None:
    found = names()
    assert len(set(found.first)) == len(found.first) > 30
    assert len(set(found.last)) == len(found.last) > 30
