"""What another version of a key would cost or spare each member, tried on the costs of a year."""

from dataclasses import dataclass, replace
from datetime import date

from parvis.authorities.facade import authority
from parvis.pooling.models import JointProcurement
from parvis.pooling.rules import Book, CannotSplit, Key, KeyReplaced, Row, compare, simulate
from parvis.pooling.rules.key_terms import KeyChange, KeyTerms
from parvis.pooling.selectors.book import book_of
from parvis.pooling.selectors.shares import years_of
from parvis.pooling.selectors.today import today


@dataclass(frozen=True, slots=True)
class KeyEffect:
    """`rows`: cents including VAT, by member, over `costs` alone: those that the key shares in `year`.

    `tried_from`: the day from which the new version was tried; `as_decided` when it is the one that is decided, else
    the costs of that year are shown as if it had applied to all their days. `problem`: why nothing could be computed.
    """

    year: int
    tried_from: date
    as_decided: bool
    costs: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    problem: str = ""

    @property
    def total(self) -> int:
        return sum(one.after for one in self.rows)


def key_effect(group: JointProcurement, change: KeyChange, in_force_on: date) -> KeyEffect | None:
    """None as long as no cost of any year is shared by this key."""
    for year in dict.fromkeys((in_force_on.year, today().year, *years_of(group))):
        book = _only(book_of(group, year=year), change.code)
        if book.costs:
            return _tried(book, change, in_force_on, year)
    return None


def _only(book: Book, code: str) -> Book:
    return replace(book, costs=tuple(one for one in book.costs if one.key == code))


def _tried(book: Book, change: KeyChange, in_force_on: date, year: int) -> KeyEffect:
    first, last = min(one.from_on for one in book.costs), max(one.until_on for one in book.costs)
    as_decided = first < in_force_on < last
    tried_from = in_force_on if as_decided else first
    costs = tuple(one.label for one in book.costs)
    key = _key(change.code, change.terms, tried_from, 1 + max(one.version for one in book.keys))
    try:
        rows = compare(book, simulate(book, [KeyReplaced(key)]))
    except CannotSplit as refusal:
        return KeyEffect(year, tried_from, as_decided, costs, problem=refusal.message)
    return KeyEffect(year, tried_from, as_decided, costs, tuple(sorted(rows, key=lambda one: -one.after)))


def _key(code: str, terms: KeyTerms, from_on: date, version: int) -> Key:
    return Key(
        code=code, version=version, name=terms.name, formula=terms.formula, from_on=from_on,
        reference_year=terms.reference_year, weight=terms.weight, population_kind=terms.population_kind,
        agglomeration=terms.agglomeration, payer=authority(terms.payer_id).siren if terms.payer_id else None,
    )  # fmt: skip
