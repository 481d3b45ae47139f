"""Whole cents: largest remainders, ties, mirrors, VAT, instalments."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.pooling.rules import apportion, closing, instalments, order_vat

CENTS = st.integers(-(10**12), 10**12)
WEIGHTS = st.dictionaries(
    st.text("0123456789", min_size=9, max_size=9), st.integers(0, 10**9) | st.fractions(0, 1), min_size=1, max_size=12
).filter(lambda weights: sum(weights.values()) > 0)


@pytest.mark.parametrize(
    ("total", "weights", "populations", "parts"),
    [
        pytest.param(100, {"1": 1, "2": 1, "3": 1}, {"1": 5, "2": 9, "3": 7}, [33, 34, 33], id="larger population"),
        pytest.param(101, {"1": 1, "2": 1, "3": 1}, {"1": 5, "2": 9, "3": 7}, [33, 34, 34], id="two spare cents"),
        pytest.param(100, {"1": 1, "2": 1, "3": 1}, {"1": 7, "2": 7, "3": 7}, [34, 33, 33], id="lower siren"),
        pytest.param(100, {"1": 1, "2": 1, "3": 1}, {}, [34, 33, 33], id="no population known"),
        pytest.param(10, {"1": 14, "2": 33, "3": 53}, {}, [2, 3, 5], id="largest remainder before population"),
        pytest.param(-100, {"1": 1, "2": 1, "3": 1}, {"1": 5, "2": 9, "3": 7}, [-33, -34, -33], id="credit"),
        pytest.param(0, {"1": 1, "2": 2}, {}, [0, 0], id="nothing"),
        pytest.param(1, {"1": 0, "2": 1, "3": 0}, {"1": 10**9}, [0, 1, 0], id="zeros get no spare cent"),
        pytest.param(100, {"1": Fraction(1, 3), "2": Fraction(2, 3)}, {}, [33, 67], id="fractions"),
    ],
)
def test_apportion(total: int, weights: dict[str, int], populations: dict[str, int], parts: list[int]) -> None:
    assert apportion(total, weights, populations) == dict(zip(weights, parts, strict=True))


@pytest.mark.parametrize("weights", [{}, {"1": 0}, {"1": -1, "2": 2}], ids=["nobody", "zeros", "negative"])
def test_weights_that_mean_nothing(weights: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="weights are positive"):
        apportion(100, weights)


@given(total=CENTS, weights=WEIGHTS, populations=st.dictionaries(st.text("0123456789"), st.integers(0, 9)))
def test_parts_make_the_total_and_stay_near(
    total: int, weights: dict[str, int | Fraction], populations: dict[str, int]
) -> None:
    parts, whole = apportion(total, weights, populations), sum(map(Fraction, weights.values()))
    assert sum(parts.values()) == total
    assert all(abs(parts[siren] - total * Fraction(weight) / whole) < 1 for siren, weight in weights.items())
    assert apportion(-total, weights, populations) == {siren: -cents for siren, cents in parts.items()}


@given(total=CENTS, weights=WEIGHTS, scale=st.integers(1, 10**6))
def test_only_proportions_count(total: int, weights: dict[str, int | Fraction], scale: int) -> None:
    backwards = {siren: weights[siren] * scale for siren in reversed(weights)}
    assert apportion(total, backwards) == apportion(total, weights)


@given(total=CENTS, weights=WEIGHTS)
def test_who_weighs_more_never_pays_less(total: int, weights: dict[str, int | Fraction]) -> None:
    parts = apportion(abs(total), weights)
    ordered = sorted(parts, key=lambda siren: weights[siren])
    assert all(parts[one] <= parts[two] or weights[one] == weights[two] for one, two in pairwise(ordered))


@pytest.mark.parametrize(
    ("ht", "rate", "vat"),
    [
        (100, 2000, 20),
        (333_261, 2000, 66_652),
        (3, 2000, 1),
        (2, 2000, 0),
        (-3, 2000, -1),
        (10, 550, 1),
        (9, 550, 0),
        (50, 100, 1),
        (-50, 100, -1),
        (49, 100, 0),
        (12_345, 0, 0),
    ],
)
def test_vat_of_an_order(ht: int, rate: int, vat: int) -> None:
    assert order_vat(ht, rate) == vat


@given(ht=CENTS, rate=st.integers(0, 10_000))
def test_vat_is_the_nearest_cent_and_mirrors(ht: int, rate: int) -> None:
    assert abs(order_vat(ht, rate) - Fraction(ht * rate, 10_000)) <= Fraction(1, 2)
    assert order_vat(-ht, rate) == -order_vat(ht, rate)


def test_instalments_give_the_spare_cents_first() -> None:
    assert instalments(100_001, 4) == (25_001, 25_000, 25_000, 25_000)
    assert instalments(-10, 3) == (-4, -3, -3)
    with pytest.raises(ValueError, match="at least one"):
        instalments(100, 0)


@given(planned=CENTS, final=CENTS, count=st.integers(1, 24))
def test_instalments_and_closing_make_the_final_amount(planned: int, final: int, count: int) -> None:
    called = instalments(planned, count)
    assert sum(called) == planned
    assert max(called) - min(called) <= 1
    assert sum(called) + closing(final, called) == final
