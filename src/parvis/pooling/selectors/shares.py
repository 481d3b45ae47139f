"""What each member pays of a group's costs: computed from the book, each time, for the pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from parvis.authorities.facade import AuthorityView
from parvis.pooling.models import CostItem, JointProcurement
from parvis.pooling.rules import KINDS, Amounts, Book, CannotSplit, Line, Split, by_member, explain, split
from parvis.pooling.selectors.book import book_of, costs_in, debtor_names


@dataclass(frozen=True, slots=True)
class SharedCost:
    """A cost and its split, or why it has none yet: a French sentence, and the code of the exception."""

    item: CostItem
    split: Split | None
    problem: str = ""
    code: str = ""


@dataclass(frozen=True)
class YearShares:
    """`members` by SIREN, everybody of the group, those who pay nothing included; `costs` as the group lists them."""

    year: int
    book: Book
    members: Mapping[str, AuthorityView]
    costs: tuple[SharedCost, ...]
    totals: Mapping[str, Amounts] = field(default_factory=dict)

    def amounts(self, siren: str) -> Amounts:
        """Zeros for who pays nothing."""
        return self.totals.get(siren, Amounts())

    @property
    def total(self) -> Amounts:
        return Amounts(sum(one.ht for one in self.totals.values()), sum(one.vat for one in self.totals.values()))

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the costs that are split, in the order of rules/kinds."""
        found = {one.item.kind for one in self.costs if one.split}
        return tuple(code for code in KINDS if code in found)

    @cached_property
    def _by_kind(self) -> dict[tuple[str, str], Amounts]:
        found: dict[tuple[str, str], Amounts] = {}
        for one in self.costs:
            if one.split is None:
                continue
            for siren in one.split.ht:
                so_far, more = found.get((siren, one.item.kind), Amounts()), one.split.amounts(siren)
                found[siren, one.item.kind] = Amounts(so_far.ht + more.ht, so_far.vat + more.vat)
        return found

    def of_kind(self, siren: str, kind: str) -> Amounts:
        return self._by_kind.get((siren, kind), Amounts())

    def total_of_kind(self, kind: str) -> Amounts:
        found = [amounts for (_siren, code), amounts in self._by_kind.items() if code == kind]
        return Amounts(sum(one.ht for one in found), sum(one.vat for one in found))

    def why(self, cost: SharedCost, siren: str) -> tuple[Line, ...]:
        """The computation of one part, in French; empty where the cost has no split yet."""
        return explain(self.book, cost.split, siren) if cost.split else ()


def year_shares(group: JointProcurement, year: int) -> YearShares:
    """Every cost of a year split as its state stands; one that cannot be is shown with its reason, not counted."""
    book = book_of(group, year=year)
    shared = tuple(_shared(book, item) for item in costs_in(group, year))
    totals = by_member(one.split for one in shared if one.split)
    return YearShares(year, book, debtor_names(group), shared, totals)


def _shared(book: Book, item: CostItem) -> SharedCost:
    try:
        return SharedCost(item, split(book, book.cost(str(item.id))))
    except CannotSplit as refusal:
        return SharedCost(item, None, refusal.message, refusal.code)


def years_of(group: JointProcurement) -> list[int]:
    """The years that have costs, latest first."""
    found = CostItem.objects.filter(group=group).values_list("year", flat=True).order_by("-year")
    return list(dict.fromkeys(found))
