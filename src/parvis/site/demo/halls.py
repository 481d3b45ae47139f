"""The places where people are received, from `site/data/appointments.toml`: whose, their agendas, their hours."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

from parvis.authorities.facade import AuthorityView
from parvis.kit.jinja import typo
from parvis.site.demo.cast import Seat
from parvis.site.demo.people import Seats
from parvis.site.demo.verbs import SHARED

SOURCE = Path(__file__).resolve().parent.parent / "data" / "appointments.toml"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_GROUND = "Les guichets sont au rez-de-chaussée."
_STAIRS = "Guichet à l’étage, par l’escalier. Si vous ne pouvez pas monter, appelez l’accueil : un agent descend."


@dataclass(frozen=True, slots=True)
class Hours:
    """One period on one weekday (0 Monday), in Paris hours; `since`: days before the demo's day."""

    weekday: int
    opens: time
    closes: time
    since: int
    season: str = "always"
    audience: str = "online"
    release: int | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    name: str
    capacity: int
    hours: tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class SampleReason:
    """`minutes`, `more`: None where the usual durations of a shared reason do. `often`: how many come for it."""

    code: str
    label: str = ""
    minutes: int | None = None
    more: int | None = None
    buffer: int = 0
    units: int = 1
    persons: int = 4
    often: int = 1

    @property
    def durations(self) -> tuple[int, int]:
        """Minutes for the first person, and for each other one."""
        usual = SHARED.get(self.code)
        minutes = self.minutes if self.minutes is not None else usual.minutes if usual else 20
        more = self.more if self.more is not None else usual.minutes_more if usual else 20
        return minutes, more

    @property
    def name(self) -> str:
        return self.label or SHARED[self.code].label


@dataclass(frozen=True, slots=True)
class SampleAgenda:
    """`taken`: parts of the hours that are booked in the past, for `soon` days, then until `until` days."""

    name: str
    desks: tuple[Desk, ...]
    reasons: tuple[SampleReason, ...]
    taken: tuple[float, float, float]
    soon: int
    until: int
    intro: str = ""
    step: int = 20
    horizon: int = 60
    lead: int = 120
    wave: tuple[int, int] | None = None
    quota: int = 0
    collective: bool = False
    waiting: bool = True
    holidays_open: bool = False


@dataclass(frozen=True, slots=True)
class SamplePlace:
    """`who`: a seat, or the kind of communes that share this pattern. Without a `name` it is a real town hall; else it
    is invented, `north` and `east` metres from the city's. `closed_in`: days before an announced day of closure.
    """

    who: str
    agendas: tuple[SampleAgenda, ...]
    name: str = ""
    address: str = ""
    north: float = 0
    east: float = 0
    national: bool = True
    lift: bool = True
    phone: str = ""
    closed_in: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    first: tuple[str, ...]
    last: tuple[str, ...]


@cache
def names() -> Names:
    read = _source()["names"]
    return Names(tuple(read["first"]), tuple(read["last"]))


def sites(houses: Sequence[AuthorityView], where: Seats) -> Iterator[tuple[AuthorityView, SamplePlace, dict[str, Any]]]:
    """Each place to make: whose it is, its pattern, and the values of its own fields.

    The largest communes have the equipment for identity titles, and a few villages: nothing looks at a name.
    """
    patterns = [_place(one) for one in _source()["hall"]]
    others, village = ([one for one in patterns if one.who == who] for who in ("others", "villages"))
    for rank, house in enumerate(equipped(houses, where)):
        if house.id == where.city.id or house.id == where.town.id:
            pattern = patterns[rank]
        elif rank >= _source()["rest"]["largest"]:
            pattern = village[0]
        else:
            pattern = others[rank % len(others)]
        yield house, pattern, _hall(house, rank)
    for entry in _source()["place"]:
        pattern = _place(entry)
        yield where.at(Seat(pattern.who)), pattern, _invented(pattern, where.city)


def equipped(houses: Sequence[AuthorityView], where: Seats) -> list[AuthorityView]:
    """The communes whose town hall makes identity titles, by population, then the villages."""
    rule = _source()["rest"]
    communes = sorted((one for one in houses if one.kind == "commune"), key=lambda one: -one.population)
    largest, small = communes[: rule["largest"]], communes[rule["largest"] :]
    chosen = [] if where.village in largest else [where.village]
    rest = [one for one in small if one not in chosen]
    step = len(rest) // (rule["villages"] + 1)
    return largest + chosen + [rest[step * (rank + 1)] for rank in range(rule["villages"]) if step]


def _hall(house: AuthorityView, rank: int) -> dict[str, Any]:
    """One town hall in three has its desk upstairs, never the largest."""
    lift = rank % 3 != 2
    return {
        "name": f"Mairie {house.of_name}", "address": house.address, "postcode": house.postcode, "city": house.name,
        "latitude": house.latitude, "longitude": house.longitude, "national": True, "has_lift": lift,
        "access": typo(_GROUND if lift else _STAIRS), "phone": f"03 53 01 01 {rank:02d}",
        "email": f"accueil@{house.slug}.example",
    }  # fmt: skip


def _invented(place: SamplePlace, city: AuthorityView) -> dict[str, Any]:
    if city.latitude is None or city.longitude is None:
        raise ValueError("the city's town hall has a position")
    # Metres of a degree, near enough for a pool that does not exist.
    return {
        "name": place.name, "address": place.address, "postcode": city.postcode, "city": city.name,
        "latitude": round(city.latitude + place.north / 111_320, 6),
        "longitude": round(city.longitude + place.east / 75_200, 6),
        "national": place.national, "has_lift": place.lift, "phone": place.phone,
        "access": f"{_GROUND if place.lift else typo(_STAIRS)} Lieu inventé pour la démonstration.",
    }  # fmt: skip


@cache
def _source() -> dict[str, Any]:
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))


def _place(entry: dict[str, Any]) -> SamplePlace:
    read = {**entry, "agendas": tuple(_agenda(one) for one in entry["agenda"])}
    del read["agenda"]
    return SamplePlace(**{**read, "why": typo(read.get("why", ""))})


def _agenda(entry: dict[str, Any]) -> SampleAgenda:
    read = {**entry, "intro": typo(entry.get("intro", "")), "taken": tuple(entry["taken"])}
    since = read.pop("since")
    read["desks"] = tuple(_desk(one, since) for one in entry["desks"])
    read["reasons"] = tuple(SampleReason(**one) for one in entry["reasons"])
    if "wave" in read:
        read["wave"] = tuple(entry["wave"])
    return SampleAgenda(**read)


def _desk(entry: list[Any], since: int) -> Desk:
    name, *rest = entry
    capacity = rest.pop(0) if isinstance(rest[0], int) else 1
    return Desk(name, capacity, tuple(hours for text in rest for hours in _hours(text, since)))


def _hours(text: str, since: int) -> Iterator[Hours]:
    days, period, *words = text.split()
    opens, closes = (time.fromisoformat(hour) for hour in period.split("-"))
    more: dict[str, Any] = {"since": since}
    for word in words:
        name, _, figure = word.partition("=")
        if figure:
            more[name] = int(figure)
        else:
            more["season" if name in ("term", "holidays") else "audience"] = name
    first, _, last = days.partition("-")
    for weekday in range(DAYS.index(first), DAYS.index(last or first) + 1):
        yield Hours(weekday, opens, closes, **more)
