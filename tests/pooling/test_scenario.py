"""A scenario and its address: what is written is read back, and what cannot be read is said."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.pooling.rules import compare, split
from parvis.pooling.rules.book import AgglomerationPopulation, Formula
from parvis.pooling.rules.scenario import (
    MOST_CHANGES,
    MOST_TEXT,
    READERS,
    Bought,
    CostTried,
    Expense,
    Joins,
    KeyTried,
    Offers,
    Scenario,
    Uses,
    plain,
    read,
    write,
)
from parvis.pooling.rules.scenario_tried import carried, new_service, tried
from tests.pooling.books import ACQUISITION, BASE, ILLZACH, LUTTERBACH, M2A, MULHOUSE, the_book

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
SIRENS = st.text("0123456789", min_size=9, max_size=9)
CODES = st.text("abcXYZ019_.:-", min_size=1, max_size=60)
CENTS = st.integers(0, 10**13)


def _readable(text: str) -> bool:
    try:
        return plain(text) == text
    except ValueError:
        return False


NAMES = st.text(max_size=MOST_TEXT).filter(_readable)
WISHES: Any = st.one_of(
    st.builds(Joins, SIRENS, DAYS, st.integers(0, 10**8), st.integers(0, 200)),
    st.builds(Offers, SIRENS, DAYS, NAMES),
    st.builds(Uses, SIRENS, DAYS, CODES),
    st.builds(Bought, DAYS, CENTS, CENTS, st.lists(SIRENS, min_size=1, max_size=6, unique=True).map(tuple), NAMES),
    st.builds(
        KeyTried,
        CODES,
        DAYS,
        st.sampled_from(get_args(Formula)),
        st.integers(2000, 2100),
        st.fractions(0, 1, max_denominator=10_000),
        st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12),
        st.sampled_from(get_args(AgglomerationPopulation)),
        st.none() | SIRENS,
    ),
    st.builds(CostTried, CODES, CENTS),
    st.builds(Expense, st.text("abcdefgh", min_size=1, max_size=20), CENTS, NAMES),
)
SCENARIOS = st.builds(
    Scenario,
    st.none() | st.integers(2000, 2100),
    st.sampled_from(["ttc", "ht"]),
    st.lists(WISHES, max_size=12).map(tuple),
)


@given(SCENARIOS)
def test_what_is_written_is_read_back(scenario: Scenario) -> None:
    found = read(write(scenario))
    assert found.scenario == scenario or len(write(scenario)) > 8_000
    assert found.problems == () or len(write(scenario)) > 8_000


@given(st.text(max_size=300) | st.lists(st.tuples(st.sampled_from(sorted(READERS)), st.text(max_size=60))).map(
    lambda found: "&".join(f"{name}={value}" for name, value in found)
))  # fmt: skip
def test_any_address_is_read_and_tried(query: str) -> None:
    """Whatever is written there, a sentence or nothing: never an error, and the sums stay true."""
    found = read(query)
    done = tried(the_book(), found.scenario, 2026)
    assert len(done.steps) == len(found.scenario.wishes)
    assert all(problem.endswith(".") for problem in found.problems)


@given(st.lists(WISHES, max_size=6).map(tuple))
def test_any_change_is_tried_or_said(wishes: Any) -> None:
    done = tried(the_book(), Scenario(2026, "ttc", wishes), 2026)
    assert all(bool(step.text) != bool(step.problem) for step in done.steps)


def test_an_address_that_people_can_read() -> None:
    wishes = (
        Joins("216803007", date(2027, 1, 1), 5500, 3),
        Bought(date(2027, 3, 1), 735_000, 125_000, (MULHOUSE, ILLZACH), "Carte de pêche_été"),
        KeyTried("shared", date(2027, 1, 1), "weighted", 2022, Fraction(1, 3)),
    )
    assert write(Scenario(2027, "ht", wishes)) == (
        "annee=2027&taxes=ht&rejoint=216803007_2027-01-01_5500_3"
        "&nouveau=2027-03-01_7350.00_1250.00_216802249,216801548_Carte+de+p%C3%AAche_%C3%A9t%C3%A9"
        "&cle=2027-01-01_ponderee_1-3_totale-2022_entiere_-_shared"
    )


@pytest.mark.parametrize(
    "query",
    [
        "rejoint=216803007_2027-02-30_5500_3", "rejoint=216803007_2027-01-01_-5_3", "rejoint=21680300_2027-01-01_5_3",
        "rejoint=٢١٦٨٠٣٠٠٧_2027-01-01_5_3", "rejoint=216803007_2027-01-01_5500_999", "cout=12,5_base", "cout=nan_base",
        "cout=1.00_", "annee=0", "annee=99999", "taxes=gratuit",
        "cle=2027-01-01_magique_50_totale-2022_entiere_-_shared",
        "cle=2027-01-01_produit_200_totale-2022_entiere_-_shared", "propose=216803007_2027-01-01_",
        "nouveau=2027-01-01_1.00_1.00__Parking", "depense=BASE_1.00_Formation", "cle=1-0", "rejoint=%00",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_and_the_rest_kept(query: str) -> None:
    found = read(f"{query}&depense=base_10.00_Socle&inconnu=1")
    assert found.scenario.wishes == (Expense("base", 1_000, "Socle"),)
    assert len(found.problems) == 1
    assert "ne se lit pas" in found.problems[0]


def test_too_much_is_said() -> None:
    many = read("&".join(["depense=base_1.00_Socle"] * (MOST_CHANGES + 5)))
    assert len(many.scenario.wishes) == MOST_CHANGES
    assert len(many.problems) == 1
    assert read("x=" + "a" * 9_000).problems


def test_a_change_is_taken_back() -> None:
    wishes = (CostTried("a", 1), CostTried("b", 2), CostTried("c", 3))
    assert Scenario(2026, "ttc", wishes).without(1).wishes == (wishes[0], wishes[2])


def test_an_e_service_bought_together_falls_on_its_users() -> None:
    wish = Bought(date(2026, 7, 1), 735_000, 125_000, (MULHOUSE, ILLZACH, LUTTERBACH), "Parking")
    done = tried(the_book(), Scenario(2026, wishes=(wish,)), 2026)
    [acquisition, maintenance] = done.book.costs[-2:]
    found = split(done.book, acquisition)
    assert {siren: found.ht[siren] for siren in wish.users} == {
        MULHOUSE: 607_746, ILLZACH: 87_998, LUTTERBACH: 39_256
    }  # fmt: skip
    assert sum(split(done.book, maintenance).ht.values()) == 125_000
    later = tried(the_book(), Scenario(2027, wishes=(wish,)), 2027)
    assert len(later.book.costs) == len(the_book().costs) + 1
    assert "2026" in later.steps[0].note


def test_a_cost_keeps_its_rate_of_vat() -> None:
    done = tried(the_book(), Scenario(2026, wishes=(CostTried(BASE.id, 4_000_000),)), 2026)
    before = split(the_book(), BASE).total
    assert split(done.book, done.book.cost(BASE.id)).total.vat == 4_000_000 * before.vat // before.ht


def test_the_key_said_term_by_term() -> None:
    wish = KeyTried("shared", date(2026, 1, 1), "population", 2022, agglomeration="zero")
    text = tried(the_book(), Scenario(2026, wishes=(wish,)), 2026).steps[0].text.replace("\u202f", " ")
    assert text.startswith("Clé « Téléservices et population » à partir du 1er janvier 2026. Formule : population")
    assert "comptée pour zéro" in text


def test_what_somebody_uses_already_is_not_joined_twice() -> None:
    wish = Uses(MULHOUSE, date(2026, 7, 1), ACQUISITION.service or "")
    assert "utilise déjà" in tried(the_book(), Scenario(2026, wishes=(wish,)), 2026).steps[0].problem


def test_two_members_may_offer_the_same_new_e_service() -> None:
    day = date(2026, 1, 1)
    wishes = (Offers(M2A, day, "Carte de pêche"), Offers(ILLZACH, day, "carte de peche"), Offers(ILLZACH, day, "魚"))
    done = tried(the_book(), Scenario(2026, wishes=wishes), 2026)
    assert len(done.book.services) == len(the_book().services) + 2
    assert new_service("魚").code != new_service("鳥").code
    assert sum(row.difference for row in compare(the_book(), done.book)) == 0


def test_costs_carried_to_a_year_that_has_none() -> None:
    leap = replace(BASE, id="leap", from_on=date(2028, 2, 29), until_on=date(2028, 3, 1))
    found = carried(replace(the_book(), costs=(leap,)), 1).costs[0]
    assert (found.from_on, found.until_on) == (date(2029, 2, 28), date(2029, 3, 1))
    assert carried(the_book(), 0) == the_book()


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (KeyTried("shared", date(2026, 1, 1), "weighted", 2022, Fraction(1, 4)), "Part des téléservices : 25 % (avant"),
        (KeyTried("users", date(2026, 1, 1), "weighted", 2022), "Part des téléservices : 50 %."),
        (KeyTried("shared", date(2026, 1, 1), "single_payer", 2022, payer=ILLZACH), "Qui paie : Illzach."),
    ],
    ids=["weight", "a term that did not count", "payer"],
)
def test_only_the_terms_that_count_are_said(wish: KeyTried, words: str) -> None:
    text = tried(the_book(), Scenario(2026, wishes=(wish,)), 2026).steps[0].text
    said = text.replace("\u202f", " ").replace("\u00a0", " ")
    assert words in said
    assert "rien" not in said
