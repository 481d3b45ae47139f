"""What becomes of every member's part under a scenario: computed from the rows of the day, nothing is kept."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from parvis.authorities.facade import AuthorityView, authorities
from parvis.eservices import facade as eservices
from parvis.pooling.models import JointProcurement
from parvis.pooling.rules import Book, CannotSplit, CostRow, Line, Member, Row, Service, Use, compare, explain, split
from parvis.pooling.rules.book import Formula
from parvis.pooling.rules.scenario import Joins, KeyTried, Scenario, Uses
from parvis.pooling.rules.scenario_tried import Step, carried, key_on, members_of, tried
from parvis.pooling.rules.simulate import Measure
from parvis.pooling.rules.words import quoted
from parvis.pooling.selectors.book import book_of
from parvis.pooling.selectors.shares import years_of
from parvis.pooling.selectors.today import today

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A commune that could join: its known population, and how many e-services it offers already."""

    siren: str
    name: str
    inhabitants: int
    offered: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What scenarios are tried on: the costs of `year`, or those of `costs_of` repeated that year when it has none yet.

    `book` knows the candidates too, who are not in the group. `years`: what one may choose.
    """

    group: JointProcurement
    year: int
    years: tuple[int, ...]
    costs_of: int | None
    book: Book
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """One cost for one member, and its computation before and after; a computation is empty for a cost that is not."""

    row: CostRow
    before: tuple[Line, ...]
    after: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Simulation:
    """`rows`: who is in the group before or after, the largest part first. `left_out`: sentences on the costs that
    cannot be shared, which count on neither side. `joined`: SIREN of the newcomers.
    """

    ground: Ground
    scenario: Scenario
    steps: tuple[Step, ...]
    before: Book
    after: Book
    rows: tuple[Row, ...]
    left_out: tuple[str, ...]
    joined: frozenset[str]

    @property
    def measure(self) -> Measure:
        return self.scenario.measure

    @property
    def total_before(self) -> int:
        return sum(one.before for one in self.rows)

    @property
    def total_after(self) -> int:
        return sum(one.after for one in self.rows)

    def row(self, siren: str) -> Row | None:
        return next((one for one in self.rows if one.siren == siren), None)

    def why(self, siren: str) -> tuple[Why, ...]:
        """Every cost of one of the rows."""
        row = self.row(siren)
        if row is None:
            return ()
        return tuple(
            Why(one, _lines(self.before, one.cost_id, siren), _lines(self.after, one.cost_id, siren))
            for one in row.costs
        )


def ground_of(group: JointProcurement, year: int | None = None) -> Ground:
    """`year` None: this year when it has costs, else the last one that has."""
    known, now = years_of(group), today().year
    if year is None:
        year = now if now in known or not known else known[0]
    earlier = [one for one in known if one <= year]
    source = earlier[0] if earlier else known[-1] if known else None
    book = book_of(group, year=source if source is not None else year)
    book, candidates = _with_candidates(carried(book, year - source) if source is not None else book)
    years = tuple(sorted({*known, now, now + 1, year}))
    return Ground(group, year, years, source, book, candidates)


def simulation(ground: Ground, scenario: Scenario) -> Simulation:
    """Before and after for every member."""
    done = tried(ground.book, scenario, ground.year)
    refused_before, refused_after = _refused(ground.book), _refused(done.book)
    bad = refused_before.keys() | refused_after.keys()
    before, after = _without(ground.book, bad), _without(done.book, bad)
    present = {one.siren for one in members_of(after)}
    rows = [one for one in compare(before, after, scenario.measure) if one.siren in present or one.before or one.after]
    labels = {one.id: one.label for book in (ground.book, done.book) for one in book.costs}
    left_out = tuple(
        f"{quoted(labels[cost_id])} n’est compté ni avant ni après. {refused_before.get(cost_id) or message}"
        for cost_id, message in (refused_before | refused_after).items()
    )
    rows.sort(key=lambda one: (-max(one.before, one.after), one.name))
    return Simulation(ground, scenario, done.steps, before, after, tuple(rows), left_out, done.joined)


def example_of(ground: Ground, house: AuthorityView) -> Scenario:
    """A first scenario for who does not know what to try: this commune joins, else the largest one that could; where
    everybody is in, somebody shares an e-service, or the key changes.
    """
    start = date(ground.year, 1, 1)
    newcomer = next((one for one in ground.candidates if one.siren == house.siren), None)
    newcomer = newcomer or max(ground.candidates, key=lambda one: one.inhabitants, default=None)
    if newcomer is not None:
        own = 0 if newcomer.offered else 3
        return Scenario(ground.year, wishes=(Joins(newcomer.siren, start, newcomer.inhabitants, own),))
    for cost in ground.book.costs:
        users = {one.siren for one in ground.book.uses if one.service == cost.service}
        others = [one for one in members_of(ground.book) if one.siren not in users]
        if cost.service is not None and others:
            return Scenario(ground.year, wishes=(Uses(others[0].siren, start, cost.service),))
    return Scenario(ground.year, wishes=_another_formula(ground.book, start))


def _another_formula(book: Book, start: date) -> tuple[KeyTried, ...]:
    for cost in book.costs:
        key = key_on(book, cost.key, start)
        if key is not None and key.formula != "single_payer":
            other: Formula = "weighted" if key.formula == "population" else "population"
            return (
                KeyTried(
                    key.code, start, other, key.reference_year, key.weight, key.population_kind, key.agglomeration
                ),
            )
    return ()


def _with_candidates(book: Book) -> tuple[Book, tuple[Candidate, ...]]:
    """The book that also knows the communes outside the group, with what they offer."""
    inside = {one.siren for one in members_of(book)} | {book.agglomeration}
    outside = [one for one in authorities() if one.kind == "commune" and one.siren not in inside]
    sirens = {one.id: one.siren for one in outside}
    uses = [one for one in eservices.uses(list(sirens)) if one.authority_id in sirens]
    services = {str(one.service_id): one.service_name for one in uses}
    known = {one.code for one in book.services}
    named = {one.siren for one in book.members}
    offered = {one.id: sum(1 for use in uses if use.authority_id == one.id) for one in outside}
    book = replace(
        book,
        members=(*book.members, *(Member(one.siren, one.name) for one in outside if one.siren not in named)),
        services=(*book.services, *(Service(code, name) for code, name in services.items() if code not in known)),
        uses=tuple(one for one in book.uses if one.siren in inside)
        + tuple(
            Use(str(one.service_id), sirens[one.authority_id], one.from_on, one.until_on and one.until_on + ONE_DAY)
            for one in uses
        ),
    )
    return book, tuple(Candidate(one.siren, one.name, one.population, offered[one.id]) for one in outside)


def _refused(book: Book) -> dict[str, str]:
    """Why, by cost, for those that cannot be shared."""
    found = {}
    for cost in book.costs:
        try:
            split(book, cost)
        except CannotSplit as refusal:
            found[cost.id] = refusal.message
    return found


def _without(book: Book, costs: Iterable[str]) -> Book:
    bad = set(costs)
    return replace(book, costs=tuple(one for one in book.costs if one.id not in bad))


def _lines(book: Book, cost_id: str, siren: str) -> tuple[Line, ...]:
    if all(one.id != cost_id for one in book.costs) or all(one.siren != siren for one in book.members):
        return ()
    return explain(book, split(book, book.cost(cost_id)), siren)
