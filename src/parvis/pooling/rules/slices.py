"""A cost's days, cut wherever something that the share reads changes: a member, an e-service, a version of the key."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from parvis.pooling.rules.book import Cost, Key
from parvis.pooling.rules.errors import NegativeResidual, NoPayer
from parvis.pooling.rules.formulas import Part, weigh
from parvis.pooling.rules.index import Index, Span, clipped, covers


@dataclass(frozen=True, slots=True)
class Slice:
    """Days [from_on, until_on) on which the shares stay the same; `weights` answers `parts`, both by siren."""

    from_on: date
    until_on: date
    key: Key
    parts: tuple[Part, ...]
    weights: tuple[int, ...]

    @property
    def days(self) -> int:
        return (self.until_on - self.from_on).days

    @property
    def whole(self) -> int:
        return sum(self.weights)

    def part(self, siren: str) -> Part | None:
        """None for who does not take part on these days."""
        return next((part for part in self.parts if part.siren == siren), None)

    def share(self, siren: str) -> Fraction:
        """Of the cost of these days; zero for who does not take part."""
        for part, weight in zip(self.parts, self.weights, strict=True):
            if part.siren == siren:
                return Fraction(weight, self.whole)
        return Fraction(0)


class Sliced(NamedTuple):
    """`empty` are the days on which nobody takes part: the other days carry their cost."""

    slices: tuple[Slice, ...]
    empty: tuple[Span, ...]


@dataclass(slots=True)
class _Stretch:
    from_on: date
    until_on: date
    key: Key
    parts: tuple[Part, ...]


def sliced(index: Index, cost: Cost) -> Sliced:
    """The fewest slices of a cost's days, in order; neighbours that are alike are one.

    Raises NoKeyInForce, MissingPopulation, NegativeResidual, NoPayer.
    """
    keys = index.keys(cost.key, cost.from_on, cost.until_on)
    group = _Group(index, cost, services_read(cost, keys))
    starts = {cost.from_on, *(key.from_on for key in keys[1:])}
    if reads_members(keys):
        starts |= group.changes
    stretches: list[_Stretch] = []
    empty: list[Span] = []
    for from_on, until_on in pairwise([*sorted(starts), cost.until_on]):
        while len(keys) > 1 and keys[1].from_on <= from_on:
            keys.pop(0)
        parts = group.parts(keys[0], from_on)
        last = stretches[-1] if stretches else None
        if not parts:
            empty.append((from_on, until_on))
        elif last and last.until_on == from_on and last.key == keys[0] and last.parts == parts:
            last.until_on = until_on
        else:
            stretches.append(_Stretch(from_on, until_on, keys[0], parts))
    slices = (Slice(one.from_on, one.until_on, one.key, one.parts, weigh(one.key, one.parts)) for one in stretches)
    return Sliced(tuple(slices), _joined_empty(empty))


def services_read(cost: Cost, keys: list[Key]) -> set[str] | None:
    """The e-services whose dates count for a cost under these versions of its key; None: all of them."""
    formulas = {key.formula for key in keys}
    if formulas == {"single_payer"}:
        return set()
    if formulas <= {"population", "per_service", "single_payer"}:
        if cost.users:
            return set()
        if cost.service is not None:
            return {cost.service}
    return None


def reads_members(keys: list[Key]) -> bool:
    """Whether it matters who belongs to the group: it does not to a single payer."""
    return any(key.formula != "single_payer" for key in keys)


class _Group:
    """Who is there, with which e-services, during the days of one cost.

    What lasts as long as the cost is put aside once; only what changes is looked at again in each slice.
    """

    def __init__(self, index: Index, cost: Cost, read: set[str] | None) -> None:
        self.index, self.cost, self.read = index, cost, read
        self.changes: set[date] = set()
        self.present: dict[str, tuple[Span, ...]] = {}
        self.always: dict[str, tuple[str, ...]] = {}
        self.sometimes: dict[str, list[tuple[str, tuple[Span, ...]]]] = {}
        for siren, spans in index.present.items():
            if cost.users and siren not in cost.users:
                continue
            here = clipped(spans, cost.from_on, cost.until_on)
            if here:
                self._note(here)
                self.present[siren] = here
                self._read_services(siren)
        self.changes.discard(cost.until_on)

    def _note(self, spans: tuple[Span, ...]) -> None:
        for span in spans:
            self.changes.update(span)

    def _read_services(self, siren: str) -> None:
        from_on, until_on = self.cost.from_on, self.cost.until_on
        always, sometimes = [], []
        for service, spans in self.index.used[siren].items():
            if self.read is not None and service not in self.read:
                continue
            if spans[0][0] <= from_on and spans[0][1] >= until_on:
                always.append(service)
                continue
            used = clipped(spans, from_on, until_on)
            if used == ((from_on, until_on),):
                always.append(service)
            elif used:
                self._note(used)
                sometimes.append((service, used))
        self.always[siren], self.sometimes[siren] = tuple(always), sometimes

    def services(self, siren: str, on: date) -> tuple[str, ...]:
        """What a member offers on a day, by code."""
        more = [service for service, spans in self.sometimes[siren] if covers(spans, on)]
        return tuple(sorted((*self.always[siren], *more))) if more else self.always[siren]

    def parts(self, key: Key, on: date) -> tuple[Part, ...]:
        """Who takes part on a day: members who offer at least one e-service, use the one that the cost serves, or
        joined its project. The project then counts in their N as one e-service more, which it becomes once it is open.
        """
        if key.formula == "single_payer":
            return (Part(self._payer(key), 0, 0),)
        offered = {s: self.services(s, on) for s, spans in self.present.items() if covers(spans, on)}
        wanted = self.cost.service
        joined = bool(self.cost.users)
        taking = {s: codes for s, codes in offered.items() if joined or (codes if wanted is None else wanted in codes)}
        people = self._populations(key, list(taking))
        if key.formula == "population" or (key.formula == "per_service" and joined):
            return tuple(Part(siren, 0, people[siren]) for siren in taking)
        if key.formula == "per_service":
            kept = {s: codes if wanted is None else (wanted,) for s, codes in taking.items()}
            return tuple(Part(siren, len(kept[siren]), people[siren], kept[siren]) for siren in taking)
        return tuple(Part(siren, len(codes) + joined, people[siren]) for siren, codes in taking.items())

    def _payer(self, key: Key) -> str:
        payer = self.cost.payer or key.payer
        if payer is None:
            raise NoPayer(self.cost.label)
        return payer

    def _populations(self, key: Key, taking: list[str]) -> dict[str, int]:
        """As the key counts them. Residual: the agglomeration without the communes that take part themselves."""
        centre = self.index.agglomeration
        people = {siren: self.index.population(siren, key) for siren in taking if siren != centre}
        if centre not in taking:
            return people
        people[centre] = 0 if key.agglomeration == "zero" else self.index.population(centre, key)
        if key.agglomeration == "residual":
            whole, communes = people[centre], sum(people.values()) - people[centre]
            if communes > whole:
                name = self.index.names[centre]
                raise NegativeResidual(name, key.population_kind, key.reference_year, whole, communes)
            people[centre] = whole - communes
        return people


def _joined_empty(spans: list[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    for span in spans:
        if found and found[-1][1] == span[0]:
            found[-1] = found[-1][0], span[1]
        else:
            found.append(span)
    return tuple(found)
