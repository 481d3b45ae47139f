"""A cost shared among members: exact over its slices, rounded once at the end."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple, TypeVar

from parvis.pooling.rules.book import Book, Cost
from parvis.pooling.rules.errors import NobodyToPay
from parvis.pooling.rules.index import Index, Span
from parvis.pooling.rules.rounding import apportion
from parvis.pooling.rules.slices import Slice, Sliced, sliced
from parvis.pooling.rules.vat import invoice_vat, order_vat

Group = TypeVar("Group", bound=Hashable)


class Amounts(NamedTuple):
    """Cents excluding VAT, of VAT, including VAT."""

    ht: int = 0
    vat: int = 0

    @property
    def ttc(self) -> int:
        return self.ht + self.vat


@dataclass(frozen=True, slots=True)
class Split:
    """The answer for one cost. Sirens that do not appear take no part and pay nothing.

    `weights` are whole numbers in the proportions of the shares, `populations` those that judge equal remainders.
    `empty` are days without anybody, whose cost the other days carry.
    """

    cost: Cost
    slices: tuple[Slice, ...]
    empty: tuple[Span, ...]
    weights: dict[str, int]
    populations: dict[str, int]
    ht: dict[str, int]
    vat: dict[str, int]

    @property
    def days(self) -> int:
        """Days that carry the cost."""
        return sum(one.days for one in self.slices)

    @property
    def ttc(self) -> dict[str, int]:
        return {siren: cents + self.vat[siren] for siren, cents in self.ht.items()}

    @property
    def shares(self) -> dict[str, Fraction]:
        """Exact, by siren; they make 1."""
        whole = sum(self.weights.values())
        return {siren: Fraction(weight, whole) for siren, weight in self.weights.items()}

    def share(self, siren: str) -> Fraction:
        return Fraction(self.weights.get(siren, 0), sum(self.weights.values()))

    def amounts(self, siren: str) -> Amounts:
        """Zeros for who takes no part."""
        return Amounts(self.ht.get(siren, 0), self.vat.get(siren, 0))

    @property
    def total(self) -> Amounts:
        return Amounts(sum(self.ht.values()), sum(self.vat.values()))


def split(book: Book, cost: Cost) -> Split:
    """Shares a cost of these facts, listed in the book or not.

    Raises CannotSplit: NobodyToPay, NoPayer, MissingPopulation, NegativeResidual, NoKeyInForce.
    """
    return _split(cost, sliced(Index(book), cost))


def split_all(book: Book) -> tuple[Split, ...]:
    """All the costs of a book, in its order. Raises CannotSplit for the first that has no answer."""
    index = Index(book)
    known: dict[Hashable, Sliced] = {}
    found = []
    for cost in book.costs:
        alike = cost.key, cost.service, cost.users, cost.payer, cost.from_on, cost.until_on
        if alike not in known:
            known[alike] = sliced(index, cost)
        found.append(_split(cost, known[alike]))
    return tuple(found)


def _split(cost: Cost, found: Sliced) -> Split:
    if not found.slices:
        raise NobodyToPay(cost.label, cost.from_on, cost.until_on)
    weights = _over_days(found.slices)
    # Equal remainders are judged by the last known population that the key counted for each.
    people = {part.siren: part.population for one in found.slices for part in one.parts}
    ht = apportion(cost.ht_cents, weights, people)
    if cost.vat_way == "direct":
        vat = {siren: order_vat(cents, cost.vat_rate) for siren, cents in ht.items()}
    else:
        vat = apportion(invoice_vat(cost), weights, people)
    return Split(cost, found.slices, found.empty, weights, people, ht, vat)


def _over_days(slices: tuple[Slice, ...]) -> dict[str, int]:
    """Σ days/total days × share of the slice, as whole numbers in these proportions, by siren."""
    common = lcm(*(one.whole for one in slices))
    weights: dict[str, int] = {}
    for one in slices:
        factor = one.days * (common // one.whole)
        for part, weight in zip(one.parts, one.weights, strict=True):
            weights[part.siren] = weights.get(part.siren, 0) + weight * factor
    smallest = gcd(*weights.values())
    return {siren: weights[siren] // smallest for siren in sorted(weights)}


def by_member(splits: Iterable[Split]) -> dict[str, Amounts]:
    """What each siren pays for all these costs."""
    return _totals(splits, lambda cost, siren: siren)


def by_kind(splits: Iterable[Split]) -> dict[tuple[str, int], Amounts]:
    """Totals by kind of cost and by the year of its first day."""
    return _totals(splits, lambda cost, siren: (cost.kind, cost.from_on.year))


def by_member_and_kind(splits: Iterable[Split]) -> dict[tuple[str, str, int], Amounts]:
    """Totals by siren, kind of cost and year of its first day."""
    return _totals(splits, lambda cost, siren: (siren, cost.kind, cost.from_on.year))


def _totals(splits: Iterable[Split], group: Callable[[Cost, str], Group]) -> dict[Group, Amounts]:
    found: dict[Group, Amounts] = {}
    for one in splits:
        for siren in one.ht:
            where, more = group(one.cost, siren), one.amounts(siren)
            so_far = found.get(where, Amounts())
            found[where] = Amounts(so_far.ht + more.ht, so_far.vat + more.vat)
    return found
