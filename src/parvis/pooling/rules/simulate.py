"""« Et si… ? » : changes tried on a book, and what they would cost or spare each member."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from parvis.kit.money import NARROW, euros
from parvis.pooling.rules.book import Book, Cost, Key, Member, Population, Presence, Service, Use
from parvis.pooling.rules.split import Split, split_all
from parvis.pooling.rules.words import day, listed, number, quoted

Measure = Literal["ht", "ttc"]


@dataclass(frozen=True, slots=True)
class MemberJoins:
    """A member enters the group, with its populations and the e-services that it offers from that day."""

    member: Member
    from_on: date
    populations: tuple[Population, ...]
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceAdded:
    """A member offers one more e-service, new to the catalogue or not."""

    siren: str
    service: Service
    from_on: date


@dataclass(frozen=True, slots=True)
class ServiceShared:
    """A newcomer uses an e-service that others use already."""

    siren: str
    service: str
    from_on: date


@dataclass(frozen=True, slots=True)
class ProjectJoined:
    """A newcomer shares a cost with the members who joined its project, for all its days in the group."""

    siren: str
    cost_id: str


@dataclass(frozen=True, slots=True)
class KeyReplaced:
    """From `key.from_on` on, this version replaces every other of its code."""

    key: Key


@dataclass(frozen=True, slots=True)
class CostChanged:
    """Another amount excluding VAT; VAT as given, else at the cost's rate."""

    cost_id: str
    ht_cents: int
    vat_cents: int | None = None


Change = MemberJoins | ServiceAdded | ServiceShared | ProjectJoined | KeyReplaced | CostChanged


@dataclass(frozen=True, slots=True)
class CostRow:
    """One cost for one member, in cents."""

    cost_id: str
    label: str
    before: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Row:
    """One member over all costs, in cents; a negative difference is a saving."""

    siren: str
    name: str
    before: int
    after: int
    costs: tuple[CostRow, ...]

    @property
    def difference(self) -> int:
        return self.after - self.before


def simulate(book: Book, changes: Iterable[Change]) -> Book:
    """A new book with the changes, one after the other. Raises ValueError for a change that makes no sense."""
    for change in changes:
        book = _changed(book, change)
    return book


def compare(before: Book, after: Book, measure: Measure = "ttc") -> tuple[Row, ...]:
    """Every member of either book, by siren. Raises CannotSplit.

    Both sums are the total of the costs: unless a cost changed, what some save others pay.
    """
    first, then = _paid(before, measure), _paid(after, measure)
    labels = {one.id: one.label for book in (before, after) for one in book.costs}
    names = {one.siren: one.name for book in (before, after) for one in book.members}
    rows = []
    for siren in sorted(names):
        costs = tuple(
            CostRow(cost_id, label, first.get((siren, cost_id), 0), then.get((siren, cost_id), 0))
            for cost_id, label in labels.items()
        )
        total_before, total_after = sum(one.before for one in costs), sum(one.after for one in costs)
        rows.append(Row(siren, names[siren], total_before, total_after, costs))
    return tuple(rows)


def describe(book: Book, change: Change) -> str:
    """The change as a French sentence; `book` is the one that it is tried on, and gives the names."""
    names = {one.siren: one.name for one in book.members}
    services = {one.code: one.name for one in book.services}
    match change:
        case MemberJoins(member, from_on, populations, codes):
            people = listed([f"{number(one.value)} habitants ({one.kind} {one.year})" for one in populations])
            offered = listed([quoted(services[code]) for code in codes])
            with_ = f" et propose {offered}" if offered else ""
            counted = f", {people}," if people else ""
            return f"{member.name}{counted} rejoint le groupement le {day(from_on)}{with_}."
        case ServiceAdded(siren, service, from_on):
            return f"{names[siren]} propose {quoted(service.name)} à partir du {day(from_on)}."
        case ServiceShared(siren, code, from_on):
            return f"{names[siren]} partage {quoted(services[code])} à partir du {day(from_on)}."
        case ProjectJoined(siren, cost_id):
            return f"{names[siren]} rejoint le projet {quoted(book.cost(cost_id).label)}."
        case KeyReplaced(key):
            return f"La clé {quoted(key.name)}, version {key.version}, s’applique à partir du {day(key.from_on)}."
        case CostChanged(cost_id, ht_cents):
            cost = book.cost(cost_id)
            return f"{cost.label}{NARROW}: {euros(ht_cents)} HT au lieu de {euros(cost.ht_cents)}."


def _changed(book: Book, change: Change) -> Book:
    match change:
        case MemberJoins():
            return _joined(book, change)
        case ServiceAdded(siren, service, from_on):
            known = {one.code for one in book.services}
            services = book.services if service.code in known else (*book.services, service)
            return replace(book, services=services, uses=(*book.uses, Use(service.code, siren, from_on)))
        case ServiceShared(siren, code, from_on):
            return replace(book, uses=(*book.uses, Use(code, siren, from_on)))
        case ProjectJoined(siren, cost_id):
            return _project_joined(book, siren, cost_id)
        case KeyReplaced(key):
            kept = tuple(one for one in book.keys if one.code != key.code or one.from_on < key.from_on)
            return replace(book, keys=(*kept, key))
        case CostChanged(cost_id, ht_cents, vat_cents):
            return _with_cost(book, replace(book.cost(cost_id), ht_cents=ht_cents, vat_cents=vat_cents))


def _project_joined(book: Book, siren: str, cost_id: str) -> Book:
    cost = book.cost(cost_id)
    if not cost.users:
        raise ValueError(f"a cost without a project: {cost_id}")
    return _with_cost(book, replace(cost, users=(*cost.users, siren)))


def _with_cost(book: Book, cost: Cost) -> Book:
    return replace(book, costs=tuple(cost if one.id == cost.id else one for one in book.costs))


def _joined(book: Book, change: MemberJoins) -> Book:
    """A member that the book knows keeps its name; a population given again replaces the known one."""
    siren = change.member.siren
    known = any(one.siren == siren for one in book.members)
    given = {(one.siren, one.kind, one.year) for one in change.populations}
    kept = tuple(one for one in book.populations if (one.siren, one.kind, one.year) not in given)
    return replace(
        book,
        members=book.members if known else (*book.members, change.member),
        presences=(*book.presences, Presence(siren, change.from_on)),
        populations=(*kept, *change.populations),
        uses=(*book.uses, *(Use(code, siren, change.from_on) for code in change.services)),
    )


def _paid(book: Book, measure: Measure) -> dict[tuple[str, str], int]:
    return {(siren, one.cost.id): cents for one in split_all(book) for siren, cents in _cents(one, measure).items()}


def _cents(done: Split, measure: Measure) -> dict[str, int]:
    return done.ht if measure == "ht" else done.ttc
