"""What shares are computed from: plain dated facts. Amounts are euro cents, sirens and ids are texts.

A period is half-open, [from_on, until_on); `until_on` None means that it has no end yet. A fact that makes no sense
(backwards period, unknown member, two versions of a key from one day) raises ValueError when it is built.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, get_args

Formula = Literal["weighted", "product", "per_service", "population", "single_payer"]
AgglomerationPopulation = Literal["full", "residual", "zero"]
# recharge: the coordinator pays the invoice and passes it on. direct: each member orders and is invoiced by itself.
VatWay = Literal["recharge", "direct"]

HALF = Fraction(1, 2)
STANDARD_RATE = 2000


@dataclass(frozen=True, slots=True)
class Member:
    """An authority that may belong to the group: the agglomeration or a commune."""

    siren: str
    name: str


@dataclass(frozen=True, slots=True)
class Presence:
    """A period of membership of the group."""

    siren: str
    from_on: date
    until_on: date | None = None

    def __post_init__(self) -> None:
        _forward(self.from_on, self.until_on)


@dataclass(frozen=True, slots=True)
class Population:
    """Inhabitants of one member, as published for a year. `kind`: totale, municipale, dgf."""

    siren: str
    kind: str
    year: int
    value: int

    def __post_init__(self) -> None:
        _expect(self.value >= 0, "a population is not negative")


@dataclass(frozen=True, slots=True)
class Service:
    """An e-service of the catalogue."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Use:
    """An e-service that a member offers to its citizens, its own or one it joined: it counts in that member's N."""

    service: str
    siren: str
    from_on: date
    until_on: date | None = None

    def __post_init__(self) -> None:
        _forward(self.from_on, self.until_on)


@dataclass(frozen=True, slots=True)
class Key:
    """One version of a cost key, in force from `from_on` until the next version of its code.

    `weight` is the part of the number of e-services in the weighted formula; the rest is the population's.
    `payer` is the siren of who pays all by the single_payer formula, when the cost does not say.
    """

    code: str
    version: int
    name: str
    formula: Formula
    from_on: date
    reference_year: int
    weight: Fraction = HALF
    population_kind: str = "totale"
    agglomeration: AgglomerationPopulation = "full"
    payer: str | None = None

    def __post_init__(self) -> None:
        _expect(0 <= self.weight <= 1, "a weight lies between 0 and 1")
        _expect(self.formula in get_args(Formula), "unknown formula")
        _expect(self.agglomeration in get_args(AgglomerationPopulation), "unknown population of the agglomeration")


@dataclass(frozen=True, slots=True)
class Cost:
    """What is shared: `ht_cents` for the days [from_on, until_on), negative for a credit note.

    `vat_cents` is the invoice's; when it is None, VAT is computed at `vat_rate`, in hundredths of a percent.
    `service` is the shareable e-service that the cost serves: only its users pay, whatever the key. `users` are the
    sirens of those who joined a project together: they alone pay, while they belong to the group, with or without an
    e-service. A cost names one or the other. A single payer pays all in any case.
    """

    id: str
    label: str
    kind: str
    from_on: date
    until_on: date
    ht_cents: int
    key: str
    vat_cents: int | None = None
    vat_rate: int = STANDARD_RATE
    service: str | None = None
    payer: str | None = None
    vat_way: VatWay = "recharge"
    users: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _forward(self.from_on, self.until_on)
        _expect(not (self.users and self.service), "a cost is shared by its users or by those of an e-service")
        # The order in which they are named says nothing.
        object.__setattr__(self, "users", tuple(sorted(set(self.users))))
        _expect(self.vat_way in get_args(VatWay), "unknown way of VAT")
        _expect(self.vat_cents is None or self.vat_way == "recharge", "each direct order has its own VAT")
        _expect(self.vat_rate >= 0, "a rate of VAT is not negative")


@dataclass(frozen=True, slots=True)
class Book:
    """All the facts of one group. `agglomeration` is the siren of its coordinator."""

    agglomeration: str
    members: tuple[Member, ...]
    presences: tuple[Presence, ...] = ()
    populations: tuple[Population, ...] = ()
    services: tuple[Service, ...] = ()
    uses: tuple[Use, ...] = ()
    keys: tuple[Key, ...] = ()
    costs: tuple[Cost, ...] = ()

    def __post_init__(self) -> None:
        sirens = {one.siren for one in self.members}
        _once("member", (one.siren for one in self.members))
        _once("service", (one.code for one in self.services))
        _once("population", ((one.siren, one.kind, one.year) for one in self.populations))
        _once("key version", ((one.code, one.version) for one in self.keys))
        _once("key date", ((one.code, one.from_on) for one in self.keys))
        _once("cost", (one.id for one in self.costs))
        named = {one.siren for one in self.presences} | {one.siren for one in self.uses}
        named |= {self.agglomeration, *(one.siren for one in self.populations)}
        payers = {one.payer for one in self.keys} | {one.payer for one in self.costs}
        named |= {payer for payer in payers if payer is not None}
        named.update(*(one.users for one in self.costs))
        _known("member", named, sirens)
        offered = {one.service for one in self.uses} | {one.service for one in self.costs if one.service is not None}
        _known("service", offered, {one.code for one in self.services})

    def name(self, siren: str) -> str:
        """Raises KeyError for an authority that the book does not know."""
        for one in self.members:
            if one.siren == siren:
                return one.name
        raise KeyError(siren)

    def cost(self, cost_id: str) -> Cost:
        """Raises KeyError."""
        for one in self.costs:
            if one.id == cost_id:
                return one
        raise KeyError(cost_id)


def _expect(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(message)


def _forward(from_on: date, until_on: date | None) -> None:
    _expect(until_on is None or from_on < until_on, f"a period ends after it starts: {from_on}, {until_on}")


def _once(what: str, keys: Iterable[Hashable]) -> None:
    seen: set[Hashable] = set()
    for key in keys:
        _expect(key not in seen, f"{what} given twice: {key}")
        seen.add(key)


def _known(what: str, named: set[str], known: set[str]) -> None:
    _expect(named <= known, f"unknown {what}: {sorted(named - known)}")
