"""« Et si… ? » as an address: a year and changes in a query string that people can read, and that is read back.

`?annee=2027&rejoint=216803007_2027-01-01_5500_3&cout=42000.00_base-2027`: one parameter a change, tried in that order.
Nothing is stored: whoever has the address has the scenario. What it names (members, costs, e-services) is looked up
when it is tried (rules/scenario_tried.py); here only its form is judged.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple, TypeVar
from urllib.parse import parse_qsl, urlencode

from parvis.kit.money import NARROW
from parvis.pooling.rules.book import HALF, AgglomerationPopulation, Formula
from parvis.pooling.rules.simulate import Measure
from parvis.pooling.rules.words import quoted

T = TypeVar("T")

MOST_CHANGES, MOST_SERVICES, MOST_TEXT, MOST_LENGTH = 20, 200, 80, 8_000
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_CENTS = 10**13

FORMULA_WORDS: dict[Formula, str] = {
    "weighted": "ponderee", "product": "produit", "per_service": "par-service", "population": "population",
    "single_payer": "un-seul",
}  # fmt: skip
MEASURE_WORDS: dict[Measure, str] = {"ht": "ht", "ttc": "ttc"}
AGGLOMERATION_WORDS: dict[AgglomerationPopulation, str] = {"full": "entiere", "residual": "reste", "zero": "zero"}


@dataclass(frozen=True, slots=True)
class Joins:
    """A commune enters the group; `own`: e-services that it would offer besides those it offers already."""

    siren: str
    from_on: date
    inhabitants: int
    own: int = 0


@dataclass(frozen=True, slots=True)
class Offers:
    """A member offers one more e-service of its own."""

    siren: str
    from_on: date
    name: str


@dataclass(frozen=True, slots=True)
class Uses:
    """A member comes to use an e-service that others use already; `service` is its code in the book."""

    siren: str
    from_on: date
    service: str


@dataclass(frozen=True, slots=True)
class Bought:
    """Members buy a new e-service together: cents excluding VAT, of its acquisition and of the year's maintenance."""

    from_on: date
    acquisition: int
    maintenance: int
    users: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class KeyTried:
    """Other terms for the key `code`. `weight`, `payer`: for the formulas that read them."""

    code: str
    from_on: date
    formula: Formula
    reference_year: int
    weight: Fraction = HALF
    population_kind: str = "totale"
    agglomeration: AgglomerationPopulation = "full"
    payer: str | None = None


@dataclass(frozen=True, slots=True)
class CostTried:
    """A cost comes to another amount, in cents excluding VAT."""

    cost_id: str
    ht_cents: int


@dataclass(frozen=True, slots=True)
class Expense:
    """One more cost for the whole year, in cents excluding VAT; `kind` as in rules/kinds.py."""

    kind: str
    ht_cents: int
    label: str


Wish = Joins | Offers | Uses | Bought | KeyTried | CostTried | Expense


@dataclass(frozen=True, slots=True)
class Scenario:
    """`year`: whose costs are shared; None leaves the choice to the reader."""

    year: int | None = None
    measure: Measure = "ttc"
    wishes: tuple[Wish, ...] = ()

    def without(self, place: int) -> "Scenario":
        return Scenario(self.year, self.measure, self.wishes[:place] + self.wishes[place + 1 :])

    def plus(self, wish: Wish) -> "Scenario":
        return Scenario(self.year, self.measure, (*self.wishes, wish))


class ScenarioRead(NamedTuple):
    """`problems` are French sentences; what they speak of is left out, the rest is kept."""

    scenario: Scenario
    problems: tuple[str, ...] = ()


def plain(text: str) -> str:
    """A label as an address carries it: one line, no character that cannot be seen. Raises ValueError when none is
    left, or too many.
    """
    cleaned = " ".join("".join(sign for sign in text if sign.isprintable() or sign.isspace()).split())
    if not 0 < len(cleaned) <= MOST_TEXT:
        raise ValueError(text)
    return cleaned


def pairs(scenario: Scenario) -> list[tuple[str, str]]:
    """The parameters of the address, in order."""
    found = [("annee", str(scenario.year))] if scenario.year is not None else []
    found += [("taxes", scenario.measure)] if scenario.measure != "ttc" else []
    return found + [_written(wish) for wish in scenario.wishes]


def write(scenario: Scenario) -> str:
    """The query string, without its question mark; empty for an empty scenario."""
    return urlencode(pairs(scenario), safe=",")


def read(query: str) -> ScenarioRead:
    """What `write` wrote, whatever else the query string holds. Never raises."""
    if len(query) > MOST_LENGTH:
        return ScenarioRead(
            Scenario(), ("Cette adresse est trop longue pour être une simulation. Recommencez depuis cette page.",)
        )
    year: int | None = None
    measure: Measure = "ttc"
    wishes: list[Wish] = []
    problems: list[str] = []
    for name, value in parse_qsl(query, errors="replace"):
        try:
            if name == "annee":
                year = _year(value)
            elif name == "taxes":
                measure = _said(MEASURE_WORDS, value)
            elif name in READERS:
                wishes.append(READERS[name](value))
        except ValueError:
            problems.append(_unreadable(name, value))
    if len(wishes) > MOST_CHANGES:
        wishes = wishes[:MOST_CHANGES]
        problems.append(f"Une simulation compte {MOST_CHANGES} changements au plus{NARROW}: les suivants sont laissés.")
    return ScenarioRead(Scenario(year, measure, tuple(wishes)), tuple(dict.fromkeys(problems)))


def _unreadable(name: str, value: str) -> str:
    seen = "".join(sign if sign.isprintable() else " " for sign in f"{name}={value}")
    short = f"{seen[:50]}…" if len(seen) > 50 else seen
    if name in {"annee", "taxes"}:
        return f"{quoted(short)} ne se lit pas{NARROW}: choisissez l’année et les taxes ci-dessous."
    return f"{quoted(short)} ne se lit pas{NARROW}: ce changement n’est pas compté. Ajoutez-le de nouveau ci-dessous."


def _written(wish: Wish) -> tuple[str, str]:
    match wish:
        case Joins(siren, from_on, inhabitants, own):
            return "rejoint", f"{siren}_{from_on}_{inhabitants}_{own}"
        case Offers(siren, from_on, name):
            return "propose", f"{siren}_{from_on}_{name}"
        case Uses(siren, from_on, service):
            return "partage", f"{siren}_{from_on}_{service}"
        case Bought(from_on, acquisition, maintenance, users, name):
            return "nouveau", f"{from_on}_{_amount(acquisition)}_{_amount(maintenance)}_{','.join(users)}_{name}"
        case KeyTried():
            people = f"{wish.population_kind}-{wish.reference_year}"
            terms = (FORMULA_WORDS[wish.formula], _part(wish.weight), people, AGGLOMERATION_WORDS[wish.agglomeration])
            return "cle", "_".join((str(wish.from_on), *terms, wish.payer or "-", wish.code))
        case CostTried(cost_id, ht_cents):
            return "cout", f"{_amount(ht_cents)}_{cost_id}"
        case Expense(kind, ht_cents, label):
            return "depense", f"{kind}_{_amount(ht_cents)}_{label}"


def _amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _part(weight: Fraction) -> str:
    """50 for a half, in percent; 1-3 for a third."""
    percent = weight * 100
    return str(percent.numerator) if percent.denominator == 1 else f"{weight.numerator}-{weight.denominator}"


def _read_joins(value: str) -> Joins:
    siren, day, inhabitants, own = _cut(value, 4)
    return Joins(_siren(siren), _day(day), _whole(inhabitants, 10**8), _whole(own, MOST_SERVICES))


def _read_offers(value: str) -> Offers:
    siren, day, name = _cut(value, 3)
    return Offers(_siren(siren), _day(day), plain(name))


def _read_uses(value: str) -> Uses:
    siren, day, service = _cut(value, 3)
    return Uses(_siren(siren), _day(day), _code(service))


def _read_bought(value: str) -> Bought:
    day, acquisition, maintenance, users, name = _cut(value, 5)
    sirens = tuple(dict.fromkeys(_siren(one) for one in users.split(",")))
    return Bought(_day(day), _cents(acquisition), _cents(maintenance), sirens, plain(name))


def _read_key(value: str) -> KeyTried:
    day, formula, weight, people, agglomeration, payer, code = _cut(value, 7)
    kind, year = _matched(r"([a-z]{1,12})-([0-9]{4})", people)
    return KeyTried(
        code=_code(code), from_on=_day(day), formula=_said(FORMULA_WORDS, formula), reference_year=_year(year),
        weight=_weight(weight), population_kind=kind, agglomeration=_said(AGGLOMERATION_WORDS, agglomeration),
        payer=None if payer == "-" else _siren(payer),
    )  # fmt: skip


def _read_cost(value: str) -> CostTried:
    cents, cost_id = _cut(value, 2)
    return CostTried(_code(cost_id), _cents(cents))


def _read_expense(value: str) -> Expense:
    kind, cents, label = _cut(value, 3)
    [code] = _matched(r"([a-z]{1,20})", kind)
    return Expense(code, _cents(cents), plain(label))


READERS: dict[str, Callable[[str], Wish]] = {
    "rejoint": _read_joins, "propose": _read_offers, "partage": _read_uses, "nouveau": _read_bought,
    "cle": _read_key, "cout": _read_cost, "depense": _read_expense,
}  # fmt: skip


def _cut(value: str, count: int) -> list[str]:
    """The last part keeps its own underscores."""
    found = value.split("_", count - 1)
    if len(found) != count:
        raise ValueError(value)
    return found


def _matched(pattern: str, value: str) -> tuple[str, ...]:
    found = re.fullmatch(pattern, value)
    if found is None:
        raise ValueError(value)
    return found.groups()


def _siren(value: str) -> str:
    return _matched(r"([0-9]{9})", value)[0]


def _code(value: str) -> str:
    return _matched(r"([A-Za-z0-9_.:-]{1,60})", value)[0]


def _year(value: str) -> int:
    year = int(_matched(r"([0-9]{4})", value)[0])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(value)
    return year


def _day(value: str) -> date:
    year, month, day = _matched(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", value)
    return date(_year(year), int(month), int(day))


def _whole(value: str, most: int) -> int:
    found = int(_matched(r"([0-9]{1,9})", value)[0])
    if found > most:
        raise ValueError(value)
    return found


def _cents(value: str) -> int:
    whole, _point, part = _matched(r"([0-9]{1,12})(\.([0-9]{2}))?", value)
    cents = int(whole) * 100 + int(part or 0)
    if cents > MOST_CENTS:
        raise ValueError(value)
    return cents


def _weight(value: str) -> Fraction:
    part, _hyphen, whole = _matched(r"([0-9]{1,5})(-([1-9][0-9]{0,4}))?", value)
    weight = Fraction(int(part), int(whole)) if whole else Fraction(int(part), 100)
    if weight > 1:
        raise ValueError(value)
    return weight


def _said(words: Mapping[T, str], value: str) -> T:
    for meaning, word in words.items():
        if word == value:
            return meaning
    raise ValueError(value)
