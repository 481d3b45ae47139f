"""What a call would ask of each debtor of the authority in scope: computed, nothing written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.authorities.facade import AuthorityView
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import CostItem, JointProcurement, StatementKind
from parvis.pooling.rules import Amounts, Book, Split, explain, instalments, split
from parvis.pooling.rules.called_words import called_words
from parvis.pooling.selectors.book import book_of, debtor_names
from parvis.pooling.selectors.called import called_before


@dataclass(frozen=True, slots=True)
class Call:
    """`rank` of the instalment of `count` a year, 0 for the closing. `skip`: debtors who have this call already."""

    kind: StatementKind
    year: int
    rank: int
    count: int
    due_on: date
    skip: frozenset[UUID] = frozenset()

    def so_far(self, part: Amounts) -> Amounts:
        """What is due of a part by this call: all of it at the closing."""
        if self.kind == StatementKind.CLOSING:
            return part
        ht, vat = instalments(part.ht, self.count), instalments(part.vat, self.count)
        return Amounts(sum(ht[: self.rank]), sum(vat[: self.rank]))


@dataclass(frozen=True, slots=True)
class DueLine:
    """Of one cost: `amounts` are called now; `why`, one sentence an item, the share first, then the call."""

    cost: CostItem
    split: Split
    siren: str
    amounts: Amounts
    why: tuple[str, ...]

    @property
    def share(self) -> str:
        value = self.split.share(self.siren)
        return f"{value.numerator}/{value.denominator}"

    @property
    def key(self) -> str:
        """The versions that these days read, in order."""
        names = dict.fromkeys(f"{one.key.name}, version {one.key.version}" for one in self.split.slices)
        return " puis ".join(names)[:160]


@dataclass(frozen=True, slots=True)
class Due:
    debtor: AuthorityView
    lines: tuple[DueLine, ...]

    @property
    def total(self) -> Amounts:
        return Amounts(sum(one.amounts.ht for one in self.lines), sum(one.amounts.vat for one in self.lines))


@dataclass(frozen=True, slots=True)
class Dues:
    """The agglomeration first, then by name; `book` is what all of it was computed from."""

    book: Book
    debtors: tuple[Due, ...]

    @property
    def total(self) -> Amounts:
        return Amounts(sum(one.total.ht for one in self.debtors), sum(one.total.vat for one in self.debtors))


def dues(group: JointProcurement, costs: Iterable[CostItem], call: Call) -> Dues:
    """A part for each debtor with something to call or to give back; the creditor's own is not called.

    Raises CannotSplit, Refusal payer_outside.
    """
    costs = list(costs)
    book, houses = book_of(group, year=call.year), debtor_names(group)
    before = called_before(costs)
    found: dict[str, list[DueLine]] = {}
    for cost in costs:
        done = split(book, book.cost(str(cost.id)))
        for siren, wanted in _owing(cost, done, houses, before, call).items():
            called = before.get((cost.id, houses[siren].id), Amounts())
            due = Amounts(wanted.ht - called.ht, wanted.vat - called.vat)
            if due.ht or due.vat:
                words = (line.text for line in explain(book, done, siren))
                why = (*words, *called_words(wanted, called, call.rank, call.count))
                found.setdefault(siren, []).append(DueLine(cost, done, siren, due, why))
    made = [Due(houses[siren], tuple(lines)) for siren, lines in found.items()]
    return Dues(book, tuple(sorted(made, key=lambda one: (one.debtor.kind, one.debtor.name))))


def _owing(
    cost: CostItem,
    done: Split,
    houses: Mapping[str, AuthorityView],
    before: Mapping[tuple[UUID, UUID], Amounts],
    call: Call,
) -> dict[str, Amounts]:
    """What is due so far of a cost by each debtor who is called; who takes part no longer is given back."""
    if set(done.ht) - set(houses):
        message = _("«\u202f{label}\u202f» est à payer par une collectivité hors du groupement. Corrigez qui la paie.")
        raise Refusal("payer_outside", message.format(label=cost.label))
    owing = {siren: call.so_far(done.amounts(siren)) for siren in done.ht}
    called = {debtor_id for cost_id, debtor_id in before if cost_id == cost.id}
    for siren, house in houses.items():
        if house.id in called:
            owing.setdefault(siren, Amounts())
    left_out = {scope.current_authority(), *call.skip}
    return {siren: amounts for siren, amounts in owing.items() if houses[siren].id not in left_out}
