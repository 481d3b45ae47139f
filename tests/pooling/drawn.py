"""Books drawn at random for property tests, and the slow, plain way to share a cost: day by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, get_args

from hypothesis import strategies as st

from parvis.pooling.rules import Book, Cost, Formula, Key, Member, Population, Presence, Service, Use

FIRST = date(2026, 1, 1)
CENTRE, FAITHFUL = "100000000", "200000000"
OTHERS = ("300000000", "400000000", "500000000")
SIRENS = (CENTRE, FAITHFUL, *OTHERS)
CODES = "abcd"
DAYS = st.integers(0, 90).map(lambda place: FIRST + timedelta(days=place))
# FAITHFUL joins every project.
USERS = st.sets(st.sampled_from(SIRENS)).map(lambda more: (FAITHFUL, *more))
ENDS = st.none() | st.integers(91, 150).map(lambda place: FIRST + timedelta(days=place))


@st.composite
def keys(draw: st.DrawFn) -> tuple[Key, ...]:
    """One or two versions, of any formula."""
    found = []
    for place, from_on in enumerate([FIRST, *draw(st.lists(DAYS.filter(lambda day: day > FIRST), max_size=1))]):
        found.append(
            Key(
                code="k",
                version=place + 1,
                name="Clé",
                formula=draw(st.sampled_from(get_args(Formula))),
                from_on=from_on,
                reference_year=draw(st.sampled_from([2022, 2023])),
                weight=draw(st.fractions(0, 1, max_denominator=12)),
                agglomeration=draw(st.sampled_from(["full", "residual", "zero"])),
                payer=draw(st.sampled_from(SIRENS)),
            )
        )
    return tuple(found)


@st.composite
def costs(draw: st.DrawFn) -> Cost:
    from_on = draw(DAYS)
    vat_way: Any = draw(st.sampled_from(["recharge", "direct"]))
    vat_cents = draw(st.none() | st.integers(-(10**8), 10**8)) if vat_way == "recharge" else None
    return Cost(
        id="c",
        label="Socle",
        kind="base",
        from_on=from_on,
        until_on=from_on + timedelta(days=draw(st.integers(1, 60))),
        ht_cents=draw(st.integers(-(10**9), 10**9)),
        key="k",
        vat_cents=vat_cents,
        vat_rate=draw(st.sampled_from([2000, 1000, 550, 0])),
        vat_way=vat_way,
        **draw(st.sampled_from([{}, {}, {"service": CODES[0]}]) | st.builds(dict, users=USERS)),
    )


@st.composite
def books(draw: st.DrawFn) -> Book:
    """FAITHFUL is always there with the first e-service, so that somebody pays; `costs` holds one cost."""
    presences, uses = [Presence(FAITHFUL, FIRST)], [Use(CODES[0], FAITHFUL, FIRST)]
    for siren in SIRENS:
        presences += draw(st.lists(st.builds(Presence, st.just(siren), DAYS, ENDS), max_size=2))
        uses += draw(st.lists(st.builds(Use, st.sampled_from(CODES), st.just(siren), DAYS, ENDS), max_size=5))
    populations = []
    for year in (2022, 2023):
        of_each = {siren: draw(st.integers(0, 300)) for siren in SIRENS[1:]}
        of_each[CENTRE] = sum(of_each.values()) + draw(st.integers(0, 50))
        populations += [Population(siren, "totale", year, value) for siren, value in of_each.items()]
    return Book(
        agglomeration=CENTRE,
        members=tuple(Member(siren, f"Commune {siren[0]}") for siren in SIRENS),
        presences=tuple(presences),
        populations=tuple(populations),
        services=tuple(Service(code, f"Téléservice {code}") for code in CODES),
        uses=tuple(uses),
        keys=draw(keys()),
        costs=(draw(costs()),),
    )


def days_of(cost: Cost) -> Iterator[date]:
    for place in range((cost.until_on - cost.from_on).days):
        yield cost.from_on + timedelta(days=place)


def plain_shares(book: Book, cost: Cost) -> dict[str, Fraction]:
    """The formulas as the specification writes them, one day after the other."""
    total: dict[str, Fraction] = {}
    counted = 0
    for day in days_of(cost):
        shares = _plain_day(book, cost, day)
        counted += bool(shares)
        for siren, share in shares.items():
            total[siren] = total.get(siren, Fraction(0)) + share
    return {siren: share / counted for siren, share in total.items()}


def _plain_day(book: Book, cost: Cost, day: date) -> dict[str, Fraction]:
    key = max((one for one in book.keys if one.from_on <= day), key=lambda one: one.from_on)
    if key.formula == "single_payer":
        assert key.payer is not None
        return {cost.payer or key.payer: Fraction(1)}
    used = {s: {one.service for one in book.uses if one.siren == s and _on(one, day)} for s in SIRENS}
    present = {one.siren for one in book.presences if _on(one, day)}
    if cost.users:
        used = {s: used[s] | {"this project"} for s in cost.users}
    taking = [s for s in SIRENS if s in present and used.get(s) and (cost.service is None or cost.service in used[s])]
    if not taking:
        return {}
    people = {one.siren: one.value for one in book.populations if one.year == key.reference_year}
    communes = sum(people[s] for s in taking if s != CENTRE)
    people[CENTRE] = {"full": people[CENTRE], "residual": people[CENTRE] - communes, "zero": 0}[key.agglomeration]
    number = {s: Fraction(len(used[s])) for s in taking}
    if key.formula == "per_service":
        only = "this project" if cost.users else cost.service
        catalogue = {only} if only else {code for s in taking for code in used[s]}
        each = [_parts({s: Fraction(people[s]) for s in taking if code in used[s]}) for code in catalogue]
        return {s: sum((one.get(s, Fraction(0)) for one in each), Fraction(0)) / len(catalogue) for s in taking}
    if key.formula == "population":
        return _parts({s: Fraction(people[s]) for s in taking})
    if not any(people[s] for s in taking):
        return _parts(number)
    if key.formula == "product":
        return _parts({s: number[s] * people[s] for s in taking})
    by_number, by_people = _parts(number), _parts({s: Fraction(people[s]) for s in taking})
    return {s: key.weight * by_number[s] + (1 - key.weight) * by_people[s] for s in taking}


def _parts(values: dict[str, Fraction]) -> dict[str, Fraction]:
    whole = sum(values.values())
    return {s: value / whole if whole else Fraction(1, len(values)) for s, value in values.items()}


def _on(one: Presence | Use, day: date) -> bool:
    return one.from_on <= day and (one.until_on is None or day < one.until_on)
