"""The worked examples of the specification, to the cent and to the fraction."""

from __future__ import annotations

import pytest

from parvis.pooling.rules import Amounts, by_kind, by_member, by_member_and_kind, split, split_all
from tests.pooling.books import (
    ACQUISITION,
    BASE,
    FACTS,
    HOSTING,
    ILLZACH,
    KINGERSHEIM,
    LUTTERBACH,
    M2A,
    MAINTENANCE,
    MULHOUSE,
    RIEDISHEIM,
    SHARES,
    the_book,
)

BASE_CENTS = {
    M2A: 1_596_683,
    MULHOUSE: 1_210_830,
    ILLZACH: 333_261,
    KINGERSHEIM: 295_243,
    RIEDISHEIM: 261_396,
    LUTTERBACH: 177_587,
}
HOSTING_CENTS = {
    M2A: 617_659,
    MULHOUSE: 468_396,
    ILLZACH: 128_919,
    KINGERSHEIM: 114_211,
    RIEDISHEIM: 101_118,
    LUTTERBACH: 68_697,
}


@pytest.mark.parametrize(
    ("cost", "expected"),
    [
        pytest.param(BASE, BASE_CENTS, id="base"),
        pytest.param(HOSTING, HOSTING_CENTS, id="hosting"),
        pytest.param(ACQUISITION, {MULHOUSE: 607_746, ILLZACH: 87_998, LUTTERBACH: 39_256}, id="acquisition"),
        pytest.param(MAINTENANCE, {MULHOUSE: 103_358, ILLZACH: 14_966, LUTTERBACH: 6_676}, id="maintenance"),
    ],
)
def test_to_the_cent(cost, expected) -> None:  # type: ignore[no-untyped-def]
    assert split(the_book(), cost).ht == expected


def test_to_the_fraction() -> None:
    found = split(the_book(), BASE)
    assert found.shares == SHARES
    assert [found.share(siren) for siren in FACTS] == [SHARES[siren] for siren in FACTS]
    assert found.days == 365


def test_all_costs_of_the_book_as_one_by_one() -> None:
    book = the_book()
    assert split_all(book) == tuple(split(book, cost) for cost in book.costs)


def test_totals() -> None:
    splits = split_all(the_book())
    members, kinds, both = by_member(splits), by_kind(splits), by_member_and_kind(splits)
    assert members[M2A].ht == 1_596_683 + 617_659
    assert members[LUTTERBACH].ht == 177_587 + 68_697 + 39_256 + 6_676
    assert kinds["base", 2026] == Amounts(3_875_000, 775_000)
    assert kinds["maintenance", 2026].ttc == 150_000
    assert both[ILLZACH, "acquisition", 2026].ht == 87_998
    assert sum(one.ttc for one in members.values()) == sum(one.ttc for one in kinds.values()) == 7_480_800
