"""The keys of a group with all their versions, and what a key that has none yet would share."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from parvis.authorities.facade import authority
from parvis.pooling.models import CostKey, JointProcurement
from parvis.pooling.rules import KINDS, Amounts, CannotSplit, Cost, Key, split
from parvis.pooling.rules.explain_key import in_general
from parvis.pooling.rules.key_terms import Changed, KeyTerms, changes, said
from parvis.pooling.rules.words import percent
from parvis.pooling.selectors.book import book_of, key_of
from parvis.pooling.selectors.key_versions import terms_of

NOTIONAL_CENTS = 1_000_00
# Of key_terms.said: the rest is in the sentence of the rule.
READ = ("Population", "Population de l’agglomération")


@dataclass(frozen=True, slots=True)
class KeyVersion:
    """`in_force`: it is the one that counts today; `rule`: its sentence; `terms`: the figures that it reads; `changed`:
    what it says otherwise than the one before, empty for the first.
    """

    row: CostKey
    in_force: bool
    rule: str
    terms: tuple[tuple[str, str], ...]
    changed: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class KeyHistory:
    """Versions of one key, the latest first."""

    code: str
    versions: tuple[KeyVersion, ...]

    @property
    def name(self) -> str:
        return str(self.versions[0].row.name)

    @property
    def now(self) -> KeyVersion:
        """The one in force, or the first to come."""
        return next((one for one in self.versions if one.in_force), self.versions[-1])


def key_histories(group: JointProcurement, day: date) -> list[KeyHistory]:
    """The usual ones as the kinds of cost take them, then the others by name."""
    by_code: dict[str, list[CostKey]] = {}
    rows = CostKey.objects.filter(group=group).select_related("payer", "decision__meeting").order_by("code", "version")
    for row in rows:
        by_code.setdefault(row.code, []).append(row)
    found = [KeyHistory(code, _versions(versions, day)) for code, versions in by_code.items()]
    usual = list(dict.fromkeys(one.key for one in KINDS.values()))
    return sorted(found, key=lambda one: (usual.index(one.code) if one.code in usual else len(usual), one.name))


def _versions(rows: Sequence[CostKey], day: date) -> tuple[KeyVersion, ...]:
    started = [row for row in rows if row.in_force_on <= day]
    names = {row.payer.id: row.payer.name for row in rows if row.payer is not None}
    found = []
    for place, row in enumerate(rows):
        differs = changes(terms_of(rows[place - 1]), terms_of(row), names) if place else ()
        payer = names.get(row.payer_id, "") if row.payer_id else ""
        words = tuple((what, how) for what, how in said(terms_of(row), payer).items() if what in READ)
        in_force = bool(started) and row == started[-1]
        found.append(KeyVersion(row, in_force, in_general(key_of(row), payer), words, differs))
    return tuple(reversed(found))


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a key would share of 1,000 euros over a year: name, percentage in words, cents; or why it cannot."""

    rows: tuple[tuple[str, str, Amounts], ...]
    year: int
    problem: str = ""


def foreseen(group: JointProcurement, code: str, terms: KeyTerms, in_force_on: date) -> Foreseen:
    book = book_of(group, year=in_force_on.year)
    payer = authority(terms.payer_id).siren if terms.payer_id else None
    key = Key(
        code, 1, terms.name, terms.formula, in_force_on, terms.reference_year, terms.weight, terms.population_kind,
        terms.agglomeration, payer,
    )  # fmt: skip
    until_on = date(in_force_on.year + 1, 1, 1)
    cost = Cost("trial", terms.name, "base", in_force_on, until_on, NOTIONAL_CENTS, code, payer=None)
    try:
        done = split(replace(book, keys=(key,), costs=()), cost)
    except CannotSplit as refusal:
        return Foreseen((), in_force_on.year, refusal.message)
    rows = [(book.name(siren), percent(share), done.amounts(siren)) for siren, share in done.shares.items()]
    return Foreseen(tuple(sorted(rows, key=lambda one: (-one[2].ht, one[0]))), in_force_on.year)
