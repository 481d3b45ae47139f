"""Each formula by hand, the agglomeration's population three ways, and the cases at the edge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from parvis.pooling.rules import (
    KINDS,
    Book,
    CannotSplit,
    Cost,
    Key,
    Member,
    MissingPopulation,
    NegativeResidual,
    NobodyToPay,
    NoKeyInForce,
    NoPayer,
    Population,
    Presence,
    Service,
    Use,
    default_keys,
    split,
    split_all,
)
from tests.pooling.books import ACQUISITION, BASE, M2A, MULHOUSE, SHARES, key_of, the_book, with_key

EARLY, START, END = date(2026, 1, 1), date(2027, 1, 1), date(2028, 1, 1)
CENTRE, BIG, SMALL, IDLE = "1", "2", "3", "4"
COST = Cost("c", "Socle", "base", START, END, 100_000, "k")
KEY = Key("k", 1, "Clé", "weighted", START, 2024)
# a: everybody but IDLE; b: BIG and SMALL; c: BIG.
OFFERED = {CENTRE: "a", BIG: "abc", SMALL: "ab"}
PEOPLE = {CENTRE: 1_000, BIG: 600, SMALL: 300, IDLE: 50}


def a_book(key: Key = KEY, people: dict[str, int] = PEOPLE, offered: dict[str, str] = OFFERED) -> Book:
    return Book(
        agglomeration=CENTRE,
        members=tuple(Member(siren, f"Membre {siren}") for siren in PEOPLE),
        presences=tuple(Presence(siren, START) for siren in PEOPLE),
        populations=tuple(Population(siren, "totale", 2024, value) for siren, value in people.items()),
        services=tuple(Service(code, code.upper()) for code in "abc"),
        uses=tuple(Use(code, siren, START) for siren, codes in offered.items() for code in codes),
        keys=(key,),
    )


def f(*parts: str) -> dict[str, Fraction]:
    return {siren: Fraction(part) for siren, part in zip((CENTRE, BIG, SMALL), parts, strict=False)}


# N 1, 3, 2 of 6; P 1,000, 600, 300 of 1,900.
HALVES = f("79/228", "31/76", "14/57")
TABLE = [
    pytest.param({}, None, HALVES, id="weighted"),
    pytest.param({"weight": Fraction(1)}, None, f("1/6", "1/2", "1/3"), id="weighted by number alone"),
    pytest.param({"weight": Fraction(0)}, None, f("10/19", "6/19", "3/19"), id="weighted by population alone"),
    pytest.param({"weight": Fraction(1, 3)}, None, f("139/342", "43/114", "37/171"), id="weighted by a third"),
    pytest.param({"formula": "product"}, None, f("5/17", "9/17", "3/17"), id="product"),
    pytest.param({"formula": "per_service"}, None, f("10/57", "113/171", "28/171"), id="per service"),
    pytest.param({"formula": "per_service"}, "b", {BIG: Fraction(2, 3), SMALL: Fraction(1, 3)}, id="per one service"),
    pytest.param({"formula": "population"}, None, f("10/19", "6/19", "3/19"), id="population of all"),
    pytest.param({"formula": "population"}, "b", {BIG: Fraction(2, 3), SMALL: Fraction(1, 3)}, id="users"),
    pytest.param({"formula": "population"}, "c", {BIG: Fraction(1)}, id="population of one user"),
    pytest.param({"formula": "weighted"}, "b", {BIG: Fraction(19, 30), SMALL: Fraction(11, 30)}, id="weighted users"),
    pytest.param({"formula": "single_payer", "payer": IDLE}, None, {IDLE: Fraction(1)}, id="single payer"),
    pytest.param({"agglomeration": "residual"}, None, f("2/15", "11/20", "19/60"), id="weighted residual"),
    pytest.param({"agglomeration": "zero"}, None, f("1/12", "7/12", "1/3"), id="weighted zero"),
    pytest.param({"formula": "product", "agglomeration": "residual"}, None, f("1/25", "18/25", "6/25"), id="product r"),
    pytest.param({"formula": "product", "agglomeration": "zero"}, None, f("0", "3/4", "1/4"), id="product zero"),
    pytest.param({"formula": "population", "agglomeration": "residual"}, "a", f("1/10", "6/10", "3/10"), id="users r"),
    pytest.param({"formula": "population", "agglomeration": "zero"}, "a", f("0", "2/3", "1/3"), id="users zero"),
]


@pytest.mark.parametrize(("changes", "service", "shares"), TABLE)
def test_shares(changes: dict[str, object], service: str | None, shares: dict[str, Fraction]) -> None:
    book = a_book(replace(KEY, **changes))  # type: ignore[arg-type]
    found = split(book, replace(COST, service=service))
    assert found.shares == shares
    assert sum(found.shares.values()) == 1
    assert sum(found.ht.values()) == COST.ht_cents


def test_the_residual_leaves_out_only_who_pays_themselves() -> None:
    """IDLE is a member and takes no part: its inhabitants stay with the agglomeration."""
    book = a_book(replace(KEY, agglomeration="residual"))
    [found] = split(book, COST).slices
    assert [part.population for part in found.parts] == [1_000 - 600 - 300, 600, 300]


@pytest.mark.parametrize(
    ("formula", "service", "shares"),
    [
        pytest.param("weighted", None, {CENTRE: Fraction(1)}, id="weighted"),
        pytest.param("product", None, {CENTRE: Fraction(1)}, id="product"),
        pytest.param("per_service", None, {CENTRE: Fraction(1)}, id="per service"),
        pytest.param("population", "a", {CENTRE: Fraction(1)}, id="population"),
    ],
)
def test_the_agglomeration_alone_counted_for_zero_pays_all(
    formula: str, service: str | None, shares: dict[str, Fraction]
) -> None:
    book = a_book(replace(KEY, formula=formula, agglomeration="zero"), offered={CENTRE: "a"})  # type: ignore[arg-type]
    assert split(book, replace(COST, service=service)).shares == shares


@pytest.mark.parametrize(
    ("formula", "shares"),
    [
        pytest.param("weighted", f("1/6", "3/6", "2/6"), id="weighted by number"),
        pytest.param("product", f("1/6", "3/6", "2/6"), id="product by number"),
        pytest.param("population", f("1/3", "1/3", "1/3"), id="population in equal parts"),
        pytest.param("per_service", f("1/9", "11/18", "5/18"), id="each service in equal parts"),
    ],
)
def test_without_inhabitants(formula: str, shares: dict[str, Fraction]) -> None:
    book = a_book(replace(KEY, formula=formula), people=dict.fromkeys(PEOPLE, 0))  # type: ignore[arg-type]
    assert split(book, COST).shares == shares


def test_a_service_used_twice_counts_once() -> None:
    book = a_book()
    twice = replace(book, uses=(*book.uses, Use("a", BIG, date(2027, 3, 1), date(2027, 5, 1)), Use("a", BIG, START)))
    assert split(twice, COST) == split(book, COST)


def test_the_payer_of_the_cost_comes_before_that_of_the_key() -> None:
    book = a_book(replace(KEY, formula="single_payer", payer=CENTRE))
    assert split(book, COST).ht == {CENTRE: 100_000}
    assert split(book, replace(COST, payer=SMALL)).ht == {SMALL: 100_000}


def without(siren: str) -> dict[str, int]:
    return {one: value for one, value in PEOPLE.items() if one != siren}


@pytest.mark.parametrize(
    ("book", "cost", "error", "said"),
    [
        pytest.param(a_book(offered={}), COST, NobodyToPay, "du 1er janvier au 31 décembre 2027", id="no e-service"),
        pytest.param(a_book(), replace(COST, from_on=EARLY), NoKeyInForce, "1er janvier 2026", id="too early"),
        pytest.param(a_book(), replace(COST, key="?"), NoKeyInForce, "«\u202f?\u202f»", id="no such key"),
        pytest.param(a_book(people=without(BIG)), COST, MissingPopulation, "totale 2024 de Membre 2", id="population"),
        pytest.param(a_book(people=without(CENTRE)), COST, MissingPopulation, "de Membre 1", id="agglomeration"),
        pytest.param(a_book(replace(KEY, formula="single_payer")), COST, NoPayer, "Choisissez le membre", id="payer"),
        pytest.param(
            a_book(replace(KEY, agglomeration="residual"), people={**PEOPLE, CENTRE: 899}),
            COST,
            NegativeResidual,
            "(899) est plus petite que celle de ses communes membres (900)",
            id="residual",
        ),
    ],
)
def test_no_answer_is_said(book: Book, cost: Cost, error: type[CannotSplit], said: str) -> None:
    with pytest.raises(error) as found:
        split(book, cost)
    assert said in found.value.message
    assert found.value.message.endswith(".")


@pytest.mark.parametrize(
    "book",
    [
        pytest.param(a_book(people=without(IDLE)), id="who takes no part"),
        pytest.param(a_book(replace(KEY, agglomeration="zero"), people=without(CENTRE)), id="who counts for zero"),
    ],
)
def test_a_population_that_is_not_read_may_be_missing(book: Book) -> None:
    assert split(book, COST).total.ht == 100_000


def test_which_population_is_missing() -> None:
    with pytest.raises(MissingPopulation) as found:
        split(a_book(replace(KEY, population_kind="municipale", reference_year=2025)), COST)
    assert (found.value.siren, found.value.kind, found.value.year) == (BIG, "municipale", 2025)


def test_every_kind_has_a_default_key() -> None:
    keys = {key.code: key for key in default_keys(M2A, START, 2024)}
    assert {kind.key for kind in KINDS.values()} == set(keys)
    assert {kind.code for kind in KINDS.values() if kind.of_service} == {"acquisition", "maintenance"}
    assert {kind.code for kind in KINDS.values() if kind.to_confirm} == {"support", "training"}
    assert keys[KINDS["appointments"].key].payer == M2A
    assert all(kind.rule.endswith(".") and code == kind.code for code, kind in KINDS.items())


def test_appointments_are_paid_whole_by_the_agglomeration() -> None:
    cost = replace(BASE, kind="appointments", key=KINDS["appointments"].key)
    assert split(the_book(), cost).ht == {M2A: BASE.ht_cents}


def test_what_one_member_ordered_is_paid_by_it() -> None:
    cost = replace(BASE, kind="own", key=KINDS["own"].key, payer=MULHOUSE)
    assert split(the_book(), cost).ttc == {MULHOUSE: 4_650_000}


def test_vat_of_the_invoice_or_of_each_order() -> None:
    book = the_book()
    recharged = split(book, replace(BASE, vat_cents=775_001))
    assert sum(recharged.vat.values()) == 775_001
    direct = split(book, replace(BASE, vat_way="direct"))
    assert direct.ht == recharged.ht == split(book, BASE).ht
    assert direct.vat == {siren: round(Fraction(cents, 5)) for siren, cents in direct.ht.items()}
    assert direct.shares == SHARES


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"keys": (KEY, replace(KEY, from_on=END))}, "key version given twice", id="version"),
        pytest.param({"keys": (KEY, replace(KEY, version=2))}, "key date given twice", id="date"),
        pytest.param({"costs": (COST, COST)}, "cost given twice", id="cost"),
        pytest.param({"members": (Member(CENTRE, "A"), Member(CENTRE, "B"))}, "member given twice", id="member"),
        pytest.param({"presences": (Presence("9", START),)}, "unknown member", id="presence"),
        pytest.param({"uses": (Use("z", BIG, START),)}, "unknown service", id="service"),
        pytest.param({"costs": (replace(COST, payer="9"),)}, "unknown member", id="payer"),
    ],
)
def test_a_book_holds_together(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(a_book(), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(lambda: Presence(BIG, END, START), id="backwards"),
        pytest.param(lambda: Use("a", BIG, START, START), id="empty"),
        pytest.param(lambda: replace(KEY, weight=Fraction(3, 2)), id="weight"),
        pytest.param(lambda: replace(KEY, formula="other"), id="formula"),
        pytest.param(lambda: replace(KEY, agglomeration="some"), id="agglomeration"),
        pytest.param(lambda: replace(COST, until_on=START), id="no day"),
        pytest.param(lambda: replace(COST, vat_way="direct", vat_cents=1), id="two ways of VAT"),
        pytest.param(lambda: Population(BIG, "totale", 2024, -1), id="population"),
    ],
)
def test_a_fact_makes_sense(build) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=r"\w"):
        build()


def test_names_of_a_book() -> None:
    book = the_book()
    assert book.name(M2A) == "m2A"
    assert book.cost("acq") == ACQUISITION
    assert key_of(with_key(book, weight=Fraction(1)), "shared").weight == 1
    for missing in (lambda: book.name("9"), lambda: book.cost("9")):
        with pytest.raises(KeyError):
            missing()


# BIG (N 3, P 600) and IDLE (N 0, P 50) joined a project: it counts as one e-service for each.
PROJECT = replace(COST, users=(BIG, IDLE))
OF_PROJECT = [
    pytest.param({"formula": "population"}, "12/13", "1/13", id="population"),
    pytest.param({"formula": "per_service"}, "12/13", "1/13", id="per service"),
    pytest.param({"formula": "weighted"}, "56/65", "9/65", id="weighted"),
    pytest.param({"formula": "weighted", "weight": Fraction(1)}, "4/5", "1/5", id="by number alone"),
    pytest.param({"formula": "product"}, "48/49", "1/49", id="product"),
]


@pytest.mark.parametrize(("changes", "big", "idle"), OF_PROJECT)
def test_a_project_is_paid_by_those_who_joined_it(changes: dict[str, Any], big: str, idle: str) -> None:
    found = split(a_book(replace(KEY, **changes)), PROJECT)
    assert found.shares == {BIG: Fraction(big), IDLE: Fraction(idle)}
    assert sum(found.ht.values()) == COST.ht_cents


def test_the_shares_of_a_project_stay_when_its_e_service_opens() -> None:
    """N counted the project already."""
    book = a_book()
    opened = replace(
        book,
        services=(*book.services, Service("p", "Projet")),
        uses=(*book.uses, Use("p", BIG, START), Use("p", IDLE, START)),
    )
    assert split(opened, replace(COST, service="p")).shares == split(book, PROJECT).shares


def test_who_joined_pays_while_in_the_group_only() -> None:
    book = a_book(replace(KEY, formula="population"))
    july = date(2027, 7, 1)
    later = replace(
        book, presences=tuple(replace(one, from_on=july) if one.siren == IDLE else one for one in book.presences)
    )
    [before, after] = split(later, PROJECT).slices
    assert (before.share(BIG), before.share(IDLE)) == (Fraction(1), Fraction(0))
    assert (after.from_on, after.share(IDLE)) == (july, Fraction(1, 13))


def test_a_single_payer_pays_a_project_alone() -> None:
    found = split(a_book(replace(KEY, formula="single_payer", payer=SMALL)), PROJECT)
    assert found.shares == {SMALL: Fraction(1)}


def test_nobody_of_a_project_in_the_group() -> None:
    book = replace(a_book(), presences=(Presence(CENTRE, START), Presence(SMALL, START)))
    with pytest.raises(NobodyToPay):
        split(book, PROJECT)


def test_projects_of_others_are_not_mixed_up() -> None:
    """Two costs of the same days and key, shared by different members."""
    book = replace(a_book(), costs=(PROJECT, replace(PROJECT, id="d", users=(SMALL,)), replace(COST, id="e")))
    assert [set(one.weights) for one in split_all(book)] == [{BIG, IDLE}, {SMALL}, {CENTRE, BIG, SMALL}]


def test_a_cost_names_its_users_once_and_no_e_service() -> None:
    assert replace(COST, users=(IDLE, BIG, IDLE)) == PROJECT
    with pytest.raises(ValueError, match="users"):
        replace(PROJECT, service="a")
    with pytest.raises(ValueError, match="unknown member"):
        replace(a_book(), costs=(replace(COST, users=("9",)),))
