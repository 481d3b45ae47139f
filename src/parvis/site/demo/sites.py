"""Makes the places of `halls.py`: agendas, desks, reasons and hours as a desk manager enters them, and openings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from psycopg.types.range import TimestamptzRange

from parvis.authorities.facade import AuthorityView
from parvis.kit import clock, scope
from parvis.site.demo.diary import BEGUN
from parvis.site.demo.events import Event
from parvis.site.demo.halls import Desk, SampleAgenda, SamplePlace, sites
from parvis.site.demo.people import Seats
from parvis.site.demo.verbs import (
    Agenda,
    HoursException,
    Period,
    Place,
    Reason,
    Resource,
    WeeklyHours,
    day_of,
    instant,
    materialise_openings,
    midnight,
    openings,
    plan_of,
)

# Days between two writings of the openings in the demo's past; the engine writes a margin of 14 days.
_WRITTEN_EVERY = 14
_AROUND = timedelta(hours=2, minutes=30)
_WHY_OPEN = "Ouverture exceptionnelle, inventée pour que l’accueil de la démonstration soit vivant à toute heure."


@dataclass(frozen=True, slots=True)
class Team:
    """One agenda as it was made: its desks in their order, its reasons by their code."""

    sample: SampleAgenda
    row: Agenda
    desks: tuple[Resource, ...]
    reasons: dict[str, Reason]

    def lanes(self, now: datetime) -> list[list[Period]]:
        """The periods of each desk, or of each group of desks that a booking takes together, around the demo's day."""
        together = max(one.units for one in self.sample.reasons)
        first, last = day_of(now - timedelta(days=BEGUN)), day_of(now + timedelta(days=self.sample.until))
        return [openings(plan_of(desk, first, last), first, last) for desk in self.desks[::together]]


@dataclass(frozen=True, slots=True)
class Site:
    house: AuthorityView
    place: Place
    teams: tuple[Team, ...] = field(default=())

    def writings(self, now: datetime) -> Iterator[Event]:
        """The openings, written again as the nights would have done."""
        for days in range(BEGUN, -1, -_WRITTEN_EVERY):
            yield Event(now - timedelta(days=days, minutes=1), self.house, self._write, quiet=True)

    def _write(self) -> None:
        for team in self.teams:
            materialise_openings(team.row)


def make_sites(houses: Sequence[AuthorityView], where: Seats, now: datetime) -> list[Site]:
    """Every place of the demo. The city's first agenda is open at this very hour, whatever the day."""
    made = [_site(house, pattern, fields, now) for house, pattern, fields in sites(houses, where)]
    city = next(one for one in made if one.house.id == where.city.id)
    with scope.authority(city.house.id):
        _open_around(city.teams[0], now)
    return made


def _site(house: AuthorityView, pattern: SamplePlace, fields: dict[str, object], now: datetime) -> Site:
    with scope.authority(house.id):
        place = Place.objects.create(**fields)
        if pattern.closed_in:
            _close(place, pattern, now)
        return Site(
            house,
            place,
            tuple(_team(place, one, rank, now) for rank, one in enumerate(pattern.agendas)),
        )


def _team(place: Place, sample: SampleAgenda, order: int, now: datetime) -> Team:
    """`order`: of this agenda at its place, which the reasons keep on its pages."""
    wave = sample.wave or (None, None)
    agenda = Agenda.objects.create(
        place=place, name=sample.name, intro=sample.intro, collective=sample.collective, step_minutes=sample.step,
        lead_minutes=sample.lead, horizon_days=sample.horizon, wave_weekday=wave[0], wave_hour=wave[1],
        closed_on_holidays=not sample.holidays_open, walk_in_quota=sample.quota, keeps_waiting_list=sample.waiting,
    )  # fmt: skip
    desks = tuple(_desk(agenda, one, rank, now) for rank, one in enumerate(sample.desks, start=1))
    reasons = {}
    for rank, one in enumerate(sample.reasons, start=1):
        minutes, more = one.durations
        reasons[one.code] = Reason.objects.create(
            agenda=agenda, code=one.code, label=one.name, minutes=minutes, minutes_more=more, units=one.units,
            buffer_minutes=one.buffer, max_persons=one.persons, rank=10 * order + rank,
        )  # fmt: skip
    return Team(sample, agenda, desks, reasons)


def _desk(agenda: Agenda, sample: Desk, rank: int, now: datetime) -> Resource:
    desk: Resource = Resource.objects.create(agenda=agenda, name=sample.name, capacity=sample.capacity, rank=rank)
    for one in sample.hours:
        WeeklyHours.objects.create(
            resource=desk, weekday=one.weekday, opens=one.opens, closes=one.closes, season=one.season,
            audience=one.audience, release_days=one.release, valid_from=day_of(now - timedelta(days=one.since)),
        )  # fmt: skip
    return desk


def _close(place: Place, pattern: SamplePlace, now: datetime) -> None:
    """The first working day from there on."""
    day = day_of(now) + timedelta(days=pattern.closed_in)
    while day.weekday() > 4:
        day += timedelta(days=1)
    during = TimestamptzRange(midnight(day), midnight(day + timedelta(days=1)))
    HoursException.objects.create(place=place, during=during, why=pattern.why)


def _open_around(team: Team, now: datetime) -> None:
    """On a Sunday or at night too, somebody is received while one looks at the demo."""
    around = now - _AROUND / 2, now + _AROUND / 2
    open_now = sum(
        any(
            one.start <= around[0] and around[1] <= one.end
            for one in openings(plan_of(desk, today, today), today, today)
        )
        for desk in team.desks
        for today in [day_of(now)]
    )
    if open_now > 1:
        return
    here = now.astimezone(clock.PARIS).replace(minute=0, second=0, microsecond=0)
    day = here.date()
    opens = max(instant(day, time(0, 0)), here - _AROUND)
    closes = min(instant(day, time(23, 40)), here + _AROUND)
    for desk in team.desks:
        HoursException.objects.create(
            place=team.row.place, resource=desk, closed=False, during=TimestamptzRange(opens, closes), why=_WHY_OPEN
        )
