"""« Et si… ? »: each kind of change, what it does to every member, and sums that do not move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.pooling.rules import (
    Book,
    Change,
    CostChanged,
    KeyReplaced,
    Member,
    MemberJoins,
    Population,
    Presence,
    ProjectJoined,
    Service,
    ServiceAdded,
    ServiceShared,
    compare,
    describe,
    simulate,
    split,
)
from tests.pooling.books import ACQUISITION, BASE, ILLZACH, LUTTERBACH, M2A, MAINTENANCE, MULHOUSE, key_of, the_book

JULY = date(2026, 7, 1)
SAUSHEIM = "216803007"
JOINS = MemberJoins(Member(SAUSHEIM, "Sausheim"), JULY, (Population(SAUSHEIM, "totale", 2022, 5_500),), ("s02", "s03"))
ADDS = ServiceAdded(LUTTERBACH, Service("fish", "Carte de pêche"), JULY)
SHARES = ServiceShared(M2A, "s01", JULY)
KEY = KeyReplaced(replace(key_of(the_book(), "shared"), version=2, from_on=JULY, formula="product"))
DEARER = CostChanged(BASE.id, 4_000_000)
CHANGES: dict[str, Change] = {"joins": JOINS, "adds": ADDS, "shares": SHARES, "key": KEY, "dearer": DEARER}


def changed(*changes: Change) -> dict[str, int]:
    """Difference including VAT of each member, in cents."""
    before = the_book()
    return {row.siren: row.difference for row in compare(before, simulate(before, changes))}


def test_a_member_joins_and_the_others_pay_less() -> None:
    found = changed(JOINS)
    assert found[SAUSHEIM] > 0
    assert all(cents < 0 for siren, cents in found.items() if siren != SAUSHEIM)
    assert sum(found.values()) == 0


def test_a_member_joins_in_figures() -> None:
    [before, after] = split(simulate(the_book(), [JOINS]), BASE).slices
    assert (before.days, after.days) == (181, 184)
    assert after.share(SAUSHEIM) == (Fraction(2, 68) + Fraction(5_500, 436_506)) / 2


def test_one_more_e_service_costs_who_offers_it() -> None:
    found = changed(ADDS)
    assert {siren for siren, cents in found.items() if cents > 0} == {LUTTERBACH}
    assert sum(found.values()) == 0


def test_a_newcomer_shares_an_e_service() -> None:
    """m2A comes to use s01: it pays its part of it, and of base and hosting for one more e-service."""
    before = the_book()
    rows = {row.siren: row for row in compare(before, simulate(before, [SHARES]), "ht")}
    by_cost = {one.cost_id: one for one in rows[M2A].costs}
    assert by_cost[MAINTENANCE.id].before == 0
    assert by_cost[MAINTENANCE.id].after == split(simulate(before, [SHARES]), MAINTENANCE).ht[M2A]
    assert all(one.difference < 0 for one in rows[MULHOUSE].costs)
    assert rows[M2A].difference == sum(one.difference for one in rows[M2A].costs)


def test_a_key_replaced_from_a_day() -> None:
    book = the_book()
    found = split(simulate(book, [KEY]), BASE)
    assert [(one.key.formula, one.days) for one in found.slices] == [("weighted", 181), ("product", 184)]
    assert sum(changed(KEY).values()) == 0


def test_a_key_replaced_forgets_the_versions_after_it() -> None:
    book = the_book()
    later = replace(key_of(book, "shared"), version=9, from_on=date(2026, 10, 1), weight=Fraction(1))
    found = simulate(replace(book, keys=(*book.keys, later)), [KEY])
    assert {key.version for key in found.keys if key.code == "shared"} == {1, 2}
    again = replace(KEY.key, version=1, from_on=date(2026, 1, 1))
    assert key_of(simulate(book, [KeyReplaced(again)]), "shared") == again


def test_a_cost_changes() -> None:
    before = the_book()
    rows = compare(before, simulate(before, [DEARER]))
    assert sum(row.difference for row in rows) == 150_000
    assert all({one.cost_id for one in row.costs if one.difference} == {BASE.id} for row in rows)
    assert simulate(before, [CostChanged(BASE.id, 100, 19)]).cost(BASE.id).vat_cents == 19


def test_a_known_commune_joins_with_its_known_population() -> None:
    """Illzach, in the book but in no group: its name and figures are there already, and may be given again."""
    book = the_book()
    out = replace(book, presences=tuple(one for one in book.presences if one.siren != ILLZACH))
    back = MemberJoins(Member(ILLZACH, "Illzach"), date(2026, 1, 1), (Population(ILLZACH, "totale", 2022, 15_362),))
    assert split(simulate(out, [back]), BASE) == split(book, BASE)


@given(st.lists(st.sampled_from(sorted(CHANGES)), unique=True))
def test_sums_stay_unless_a_cost_changes(names: list[str]) -> None:
    before = the_book()
    rows = compare(before, simulate(before, [CHANGES[name] for name in names]))
    assert sum(row.difference for row in rows) == (150_000 if "dearer" in names else 0)
    assert all(row.after - row.before == row.difference for row in rows)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("joins", "Sausheim, 5 500 habitants (totale 2022), rejoint le groupement le 1er juillet 2026 et propose "),
        ("adds", "Lutterbach propose « Carte de pêche » à partir du 1er juillet 2026."),
        ("shares", "m2A partage « Téléservice s01 » à partir du 1er juillet 2026."),
        ("key", "La clé « Téléservices et population », version 2, s’applique à partir du 1er juillet 2026."),
        ("dearer", "Socle 2026 : 40 000,00 € HT au lieu de 38 750,00 €."),
    ],
)
def test_each_change_in_words(name: str, words: str) -> None:
    text = describe(the_book(), CHANGES[name]).replace("\u00a0", " ").replace("\u202f", " ")
    assert text.startswith(words)
    assert text.endswith(".")


def test_who_joins_with_nothing_said() -> None:
    text = describe(the_book(), MemberJoins(Member(SAUSHEIM, "Sausheim"), JULY, ()))
    assert text == "Sausheim rejoint le groupement le 1er juillet 2026."


@pytest.mark.parametrize(
    ("change", "error"),
    [
        pytest.param(ServiceShared(M2A, "unknown", JULY), ValueError, id="no such e-service"),
        pytest.param(ServiceAdded("999999999", Service("x", "X"), JULY), ValueError, id="no such member"),
        pytest.param(CostChanged("unknown", 1), KeyError, id="no such cost"),
        pytest.param(KeyReplaced(replace(KEY.key, version=1)), ValueError, id="version taken"),
    ],
)
def test_a_change_that_makes_no_sense(change: Change, error: type[Exception]) -> None:
    with pytest.raises(error):
        simulate(the_book(), [change])


def test_the_book_tried_on_stays_as_it_was() -> None:
    book: Book = the_book()
    simulate(book, CHANGES.values())
    assert book == the_book()
    assert Presence(SAUSHEIM, JULY) not in book.presences
    assert ACQUISITION in book.costs


def test_a_newcomer_joins_a_project() -> None:
    """Those of the project pay less, nobody else anything."""
    project = replace(BASE, id="fish", label="Carte de pêche", key="users", users=(ILLZACH, LUTTERBACH))
    book = replace(the_book(), costs=(project,))
    change = ProjectJoined(MULHOUSE, "fish")
    rows = {row.siren: row for row in compare(book, simulate(book, [change]), "ht")}
    assert rows[MULHOUSE].difference == -(rows[ILLZACH].difference + rows[LUTTERBACH].difference) > 0
    assert rows[M2A].before == rows[M2A].after == 0
    assert describe(book, change) == "Mulhouse rejoint le projet «\u202fCarte de pêche\u202f»."
    with pytest.raises(ValueError, match="without a project"):
        simulate(the_book(), [ProjectJoined(MULHOUSE, BASE.id)])
