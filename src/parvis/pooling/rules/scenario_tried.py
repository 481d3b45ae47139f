"""A scenario tried on a book: each change in words, and why one could not be tried."""

import re
import unicodedata
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from parvis.kit.errors import Refusal
from parvis.kit.money import NARROW, euros
from parvis.pooling.rules.book import Book, Cost, Key, Member, Population, Service
from parvis.pooling.rules.key_terms import Changed, KeyTerms, changes
from parvis.pooling.rules.key_terms import said as terms_said
from parvis.pooling.rules.kinds import KINDS
from parvis.pooling.rules.scenario import (
    Bought,
    CostTried,
    Expense,
    Joins,
    KeyTried,
    Offers,
    Scenario,
    Uses,
    Wish,
)
from parvis.pooling.rules.simulate import (
    Change,
    CostChanged,
    KeyReplaced,
    MemberJoins,
    ServiceAdded,
    ServiceShared,
    describe,
    simulate,
)
from parvis.pooling.rules.words import day, listed, quoted, several

# Without an e-service behind it, and not a member's own: shared or paid by the agglomeration.
EXPENSES = tuple(one.code for one in KINDS.values() if not one.of_service and one.code != "own")


@dataclass(frozen=True, slots=True)
class Step:
    """One change: `text` says it in French; `problem`, when it was left out, why and what to do; `note`, what the
    reader should know of it.
    """

    wish: Wish
    text: str
    problem: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    book: Book
    steps: tuple[Step, ...]
    joined: frozenset[str] = frozenset()


class _Senseless(Refusal):
    """A change that this book cannot take; the others still can."""

    def __init__(self, message: str) -> None:
        super().__init__("senseless_change", message)


def tried(book: Book, scenario: Scenario, year: int) -> Tried:
    """The changes one after the other, those that make no sense left out and said. `year`: of new costs."""
    read = _populations_read(book, scenario)
    steps: list[Step] = []
    joined: set[str] = set()
    for wish in scenario.wishes:
        try:
            book, text = _try(book, wish, year, read)
        except _Senseless as refusal:
            steps.append(Step(wish, "", refusal.message))
            continue
        if isinstance(wish, Joins):
            joined.add(wish.siren)
        steps.append(Step(wish, text, note=_note(wish, year)))
    return Tried(book, tuple(steps), frozenset(joined))


def members_of(book: Book) -> tuple[Member, ...]:
    """Who is in the group on some day, in the order of the book: it may know others, who could join."""
    present = {one.siren for one in book.presences}
    return tuple(one for one in book.members if one.siren in present)


def carried(book: Book, years: int) -> Book:
    """The same costs so many years later, for a year whose costs nobody wrote yet."""
    costs = (
        replace(one, from_on=_later(one.from_on, years, 28), until_on=_later(one.until_on, years, 1))
        for one in book.costs
    )
    return replace(book, costs=tuple(costs)) if years else book


def key_on(book: Book, code: str, on: date) -> Key | None:
    """The version in force on a day, else the first one to come; None for a code without any."""
    versions = sorted((one for one in book.keys if one.code == code), key=lambda one: one.from_on)
    return next((one for one in reversed(versions) if one.from_on <= on), versions[0] if versions else None)


def new_service(name: str) -> Service:
    """The same name makes the same e-service, so that two members may offer it."""
    ascii_name = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")[:40]
    return Service(f"nouveau-{slug or format(zlib.crc32(name.encode()), 'x')}", name)


def _try(book: Book, wish: Wish, year: int, read: Iterable[tuple[str, int]]) -> tuple[Book, str]:
    match wish:
        case Joins():
            return _join(book, wish, read)
        case Offers(siren, from_on, name):
            _member(book, siren)
            return _simulated(book, ServiceAdded(siren, new_service(name), from_on))
        case Uses():
            return _use(book, wish)
        case Bought():
            return _buy(book, wish, year)
        case KeyTried():
            return _replace_key(book, wish)
        case CostTried():
            return _change_cost(book, wish)
        case Expense():
            return _spend(book, wish, year)


def _simulated(book: Book, change: Change) -> tuple[Book, str]:
    return simulate(book, [change]), describe(book, change)


def _join(book: Book, wish: Joins, read: Iterable[tuple[str, int]]) -> tuple[Book, str]:
    name = _name(book, wish.siren)
    if any(one.siren == wish.siren for one in book.presences):
        raise _Senseless(f"{name} fait déjà partie du groupement{NARROW}: retirez ce changement.")
    populations = tuple(Population(wish.siren, kind, reference, wish.inhabitants) for kind, reference in read)
    book = simulate(book, [MemberJoins(Member(wish.siren, name), wish.from_on, populations)])
    for place in range(wish.own):
        service = Service(f"propre-{wish.siren}-{place + 1}", f"Téléservice {place + 1} de {name}")
        book = simulate(book, [ServiceAdded(wish.siren, service, wish.from_on)])
    offered = len({one.service for one in book.uses if one.siren == wish.siren})
    with_ = f"avec {several(offered, 'téléservice')}" if offered else "sans téléservice"
    return book, (
        f"{name}, {several(wish.inhabitants, 'habitant')}, rejoint le groupement le {day(wish.from_on)} {with_}."
    )


def _use(book: Book, wish: Uses) -> tuple[Book, str]:
    _member(book, wish.siren)
    if all(one.code != wish.service for one in book.services):
        raise _Senseless("Ce téléservice n’est plus au catalogue. Retirez ce changement, choisissez-en un autre.")
    if any(
        one.service == wish.service and one.siren == wish.siren and one.from_on <= wish.from_on and one.until_on is None
        for one in book.uses
    ):
        name = next(one.name for one in book.services if one.code == wish.service)
        raise _Senseless(f"{_name(book, wish.siren)} utilise déjà {quoted(name)}{NARROW}: retirez ce changement.")
    return _simulated(book, ServiceShared(wish.siren, wish.service, wish.from_on))


def _buy(book: Book, wish: Bought, year: int) -> tuple[Book, str]:
    service = new_service(wish.name)
    for siren in wish.users:
        _member(book, siren)
        book = simulate(book, [ServiceAdded(siren, service, wish.from_on)])
    costs = (("acquisition", wish.acquisition, wish.from_on.year), ("maintenance", wish.maintenance, year))
    for kind, cents, on_year in costs:
        if cents and wish.from_on.year <= year == on_year:
            label = f"{kind.capitalize()} de {quoted(service.name)}"
            book = _with_cost(book, kind, label, cents, max(wish.from_on, date(year, 1, 1)), year, service.code)
    who = listed([_name(book, siren) for siren in wish.users])
    verb = "achète" if len(wish.users) == 1 else "achètent ensemble"
    amounts = (("d’acquisition", wish.acquisition), ("de maintenance par an", wish.maintenance))
    paid = listed([f"{euros(cents)} HT {word}" for word, cents in amounts if cents])
    cost = f"{NARROW}: {paid}" if paid else ", sans coût"
    return book, f"{who} {verb} {quoted(service.name)}, à partir du {day(wish.from_on)}{cost}."


def _replace_key(book: Book, wish: KeyTried) -> tuple[Book, str]:
    before = key_on(book, wish.code, wish.from_on)
    if before is None:
        raise _Senseless(f"Le groupement n’a plus de clé {quoted(wish.code)}. Retirez ce changement.")
    if wish.payer is not None:
        _member(book, wish.payer)
    key = Key(
        code=wish.code, version=1 + max(one.version for one in book.keys), name=before.name, formula=wish.formula,
        from_on=wish.from_on, reference_year=wish.reference_year, weight=wish.weight,
        population_kind=wish.population_kind, agglomeration=wish.agglomeration,
        payer=wish.payer if wish.formula == "single_payer" else None,
    )  # fmt: skip
    said = [_changed(one) for one in changes(_terms(before), _terms(key)) if one.what in terms_said(_terms(key))]
    if key.payer != before.payer and key.payer is not None:
        said.append(f"Qui paie{NARROW}: {_name(book, key.payer)}")
    what = f"{NARROW}; ".join(said) if said else "rien ne change"
    text = f"Clé {quoted(key.name)} à partir du {day(wish.from_on)}. {what[0].upper()}{what[1:]}."
    return simulate(book, [KeyReplaced(key)]), text


def _changed(one: Changed) -> str:
    """A term that the formula before did not read has no « avant »."""
    return f"{one.what}{NARROW}: {one.after}" if one.before == "rien" else str(one)


def _terms(key: Key) -> KeyTerms:
    return KeyTerms(
        key.name, key.formula, key.reference_year, key.weight, key.population_kind, key.agglomeration
    )  # fmt: skip


def _change_cost(book: Book, wish: CostTried) -> tuple[Book, str]:
    """VAT keeps its proportion to the amount."""
    try:
        cost = book.cost(wish.cost_id)
    except KeyError as error:
        raise _Senseless(
            "Ce coût n’est pas inscrit cette année-là. Retirez ce changement, ou choisissez l’année du coût."
        ) from error
    vat = None
    if cost.vat_cents is not None and cost.ht_cents:
        vat = int(Fraction(wish.ht_cents * cost.vat_cents, cost.ht_cents) + Fraction(1, 2))
    return _simulated(book, CostChanged(wish.cost_id, wish.ht_cents, vat))


def _spend(book: Book, wish: Expense, year: int) -> tuple[Book, str]:
    if wish.kind not in EXPENSES:
        raise _Senseless(f"La nature {quoted(wish.kind)} n’existe pas ici. Ajoutez de nouveau cette dépense.")
    book = _with_cost(book, wish.kind, wish.label, wish.ht_cents, date(year, 1, 1), year)
    kind = KINDS[wish.kind].label
    return book, f"Nouvelle dépense, {wish.label} ({kind.lower()}){NARROW}: {euros(wish.ht_cents)} HT."


def _with_cost(
    book: Book, kind: str, label: str, cents: int, from_on: date, year: int, service: str | None = None
) -> Book:
    code = KINDS[kind].key
    if all(one.code != code for one in book.keys):
        raise _Senseless(
            f"Le groupement n’a pas encore de clé pour la nature {quoted(KINDS[kind].label)}{NARROW}: "
            "le coordinateur la crée d’abord."
        )
    taken = {one.id for one in book.costs}
    place = next(place for place in range(len(taken) + 1) if f"simule-{place}" not in taken)
    cost = Cost(f"simule-{place}", label, kind, from_on, date(year + 1, 1, 1), cents, code, service=service)
    return replace(book, costs=(*book.costs, cost))


def _populations_read(book: Book, scenario: Scenario) -> tuple[tuple[str, int], ...]:
    """Kinds and years that the keys read, those tried included: a newcomer is counted by all of them."""
    found = [(one.population_kind, one.reference_year) for one in book.keys]
    found += [(one.population_kind, one.reference_year) for one in scenario.wishes if isinstance(one, KeyTried)]
    return tuple(dict.fromkeys(found))


def _name(book: Book, siren: str) -> str:
    try:
        return book.name(siren)
    except KeyError as error:
        raise _Senseless(
            f"Aucune collectivité d’ici n’a le numéro SIREN {_spaced(siren)}. Ajoutez de nouveau ce changement."
        ) from error


def _spaced(siren: str) -> str:
    return " ".join((siren[:3], siren[3:6], siren[6:]))


def _member(book: Book, siren: str) -> None:
    name = _name(book, siren)
    if all(one.siren != siren for one in book.presences):
        raise _Senseless(f"{name} n’est pas dans le groupement{NARROW}: faites-la d’abord rejoindre.")


def _note(wish: Wish, year: int) -> str:
    from_on = getattr(wish, "from_on", None)
    if from_on is None or from_on.year == year:
        return ""
    if from_on.year > year:
        return f"Ce changement commence après {year}{NARROW}: il ne change rien cette année-là."
    if isinstance(wish, Bought) and wish.acquisition:
        return f"L’acquisition se paie en {from_on.year}{NARROW}: elle ne compte pas dans les coûts de {year}."
    return ""


def _later(on: date, years: int, leap_day: int) -> date:
    """The same day so many years later; 29 February becomes the day before or after it."""
    try:
        return on.replace(year=on.year + years)
    except ValueError:
        return date(on.year + years, 2 if leap_day == 28 else 3, leap_day)
