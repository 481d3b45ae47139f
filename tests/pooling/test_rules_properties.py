"""What holds for any group, any key, any cost."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.pooling.rules import (
    Book,
    Member,
    Presence,
    Service,
    Use,
    by_kind,
    by_member,
    compare,
    credit,
    explain,
    order_vat,
    record,
    replay,
    simulate,
    split,
    split_all,
)
from tests.pooling.drawn import FIRST, books, days_of, plain_shares

NEWCOMER = "600000000"
# A busy machine is not a failure.
unhurried = settings(deadline=None)


@unhurried
@given(books())
def test_the_same_as_day_by_day(book: Book) -> None:
    [cost] = book.costs
    assert split(book, cost).shares == plain_shares(book, cost)


@unhurried
@given(books())
def test_parts_make_the_total(book: Book) -> None:
    [cost] = book.costs
    found = split(book, cost)
    vat = order_vat(cost.ht_cents, cost.vat_rate) if cost.vat_cents is None else cost.vat_cents
    if cost.vat_way == "direct":
        vat = sum(order_vat(cents, cost.vat_rate) for cents in found.ht.values())
    assert sum(found.ht.values()) == cost.ht_cents
    assert sum(found.vat.values()) == vat
    assert sum(found.ttc.values()) == found.total.ttc == cost.ht_cents + vat
    assert sum(found.shares.values()) == 1
    assert all(abs(found.ht[siren] - cost.ht_cents * share) < 1 for siren, share in found.shares.items())


@unhurried
@given(books())
def test_slices_cover_the_days(book: Book) -> None:
    [cost] = book.costs
    found = split(book, cost)
    assert found.days + sum((end - start).days for start, end in found.empty) == len(list(days_of(cost)))
    spans = sorted([*((one.from_on, one.until_on) for one in found.slices), *found.empty])
    assert (spans[0][0], spans[-1][1]) == (cost.from_on, cost.until_on)
    assert all(one[1] == two[0] for one, two in pairwise(spans))
    assert all(one.whole > 0 and sum(one.share(part.siren) for part in one.parts) == 1 for one in found.slices)


@unhurried
@given(book=books(), random=st.randoms(use_true_random=False))
def test_order_does_not_matter(book: Book, random) -> None:  # type: ignore[no-untyped-def]
    names = ("members", "presences", "populations", "services", "uses", "keys")
    shuffled = {name: tuple(random.sample(getattr(book, name), len(getattr(book, name)))) for name in names}
    again = replace(book, **shuffled)
    assert split_all(again) == split_all(book)
    assert record(again, again.costs[0]) == record(book, book.costs[0])


@unhurried
@given(book=books(), joins=st.integers(0, 90), elsewhere=st.booleans())
def test_adding_a_zero_changes_nothing(book: Book, joins: int, elsewhere: bool) -> None:
    """A member without e-service nor project, or which uses another one than what is paid, in the group or not."""
    [cost] = book.costs
    day = FIRST + timedelta(days=joins)
    uses = (Use("z", NEWCOMER, FIRST),) if elsewhere and (cost.service is not None or cost.users) else ()
    larger = replace(
        book,
        members=(Member(NEWCOMER, "Nouvelle"), *book.members),
        presences=(Presence(NEWCOMER, day), *book.presences),
        services=(*book.services, Service("z", "Autre")),
        uses=(*uses, *book.uses),
    )
    found = split(larger, cost)
    assert found == split(book, cost)
    assert found.amounts(NEWCOMER).ttc == 0
    assert [line.code for line in explain(larger, found, NEWCOMER)][-1] == "zero"


@unhurried
@given(book=books(), place=st.integers(1, 150))
def test_facts_cut_in_two_change_nothing(book: Book, place: int) -> None:
    cut = FIRST + timedelta(days=place)
    presences = tuple(half for one in book.presences for half in _halves(one, cut))
    uses = tuple(half for one in book.uses for half in _halves(one, cut))
    again = replace(book, presences=presences, uses=uses)
    assert split_all(again) == split_all(book)
    assert record(again, again.costs[0]) == record(book, book.costs[0])


def _halves(one: Presence | Use, cut: date) -> tuple[Presence | Use, ...]:
    if one.from_on < cut and (one.until_on is None or cut < one.until_on):
        return replace(one, until_on=cut), replace(one, from_on=cut)
    return (one,)


@unhurried
@given(book=books(), place=st.integers(1, 150))
def test_a_new_version_that_says_the_same_changes_no_amount(book: Book, place: int) -> None:
    day = FIRST + timedelta(days=place)
    if any(key.from_on == day for key in book.keys):
        return
    last = max((key for key in book.keys if key.from_on < day), key=lambda key: key.from_on)
    again = replace(book, keys=(*book.keys, replace(last, version=9, from_on=day)))
    [before], [after] = split_all(book), split_all(again)
    assert (after.shares, after.ht, after.vat) == (before.shares, before.ht, before.vat)


@unhurried
@given(books())
def test_a_record_replays_identically(book: Book) -> None:
    [cost] = book.costs
    kept = record(book, cost)
    assert replay(json.loads(json.dumps(kept))) == split(book, cost)


@unhurried
@given(books())
def test_credits_mirror_debits(book: Book) -> None:
    [cost] = book.costs
    found = split(book, cost)
    mirrored = credit(found, "credit", "Avoir")
    assert mirrored == split(book, mirrored.cost)
    assert all(cents == -found.ht[siren] for siren, cents in mirrored.ht.items())
    assert all(cents == -found.vat[siren] for siren, cents in mirrored.vat.items())
    assert (mirrored.total.ht + found.total.ht, mirrored.total.vat + found.total.vat) == (0, 0)


@unhurried
@given(books())
def test_every_part_is_explained(book: Book) -> None:
    [cost] = book.costs
    found = split(book, cost)
    for member in book.members:
        lines = explain(book, found, member.siren)
        codes = [line.code for line in lines]
        assert codes[0] == "what"
        assert ("zero" in codes) == (member.siren not in found.ht)
        assert all(line.text and not _badly_spaced(line.text) for line in lines)


def _badly_spaced(text: str) -> bool:
    """A breaking space where French has a no-break one."""
    return any(mark in text for mark in (" :", " ;", " %", " €", "« ", " »", "'", "  "))


@unhurried
@given(books())
def test_a_simulation_without_change_is_identical(book: Book) -> None:
    again = simulate(book, [])
    assert again == book
    rows = compare(book, again)
    assert {row.difference for row in rows} == {0}
    assert sum(row.before for row in rows) == split(book, book.costs[0]).total.ttc


@unhurried
@given(book=books(), years=st.integers(1, 3))
def test_totals_by_member_and_by_kind_agree(book: Book, years: int) -> None:
    [cost] = book.costs
    several = replace(book, costs=tuple(replace(cost, id=f"c{place}") for place in range(years)))
    splits = split_all(several)
    assert sum(one.ttc for one in by_member(splits).values()) == years * splits[0].total.ttc
    assert by_kind(splits)["base", cost.from_on.year].ttc == years * splits[0].total.ttc
    assert Fraction(by_member(splits)[next(iter(splits[0].ht))].ht, years) == next(iter(splits[0].ht.values()))


@unhurried
@given(books())
def test_only_those_who_joined_a_project_pay_it(book: Book) -> None:
    """All of them whatever they offer, when they are members on all its days; by the formulas they weigh something."""
    [cost] = book.costs
    found = split(book, cost)
    if cost.users and all(one.key.formula != "single_payer" for one in found.slices):
        assert set(found.weights) <= set(cost.users)
        present = {one.siren for one in book.presences if one.from_on <= cost.from_on and one.until_on is None}
        assert present & set(cost.users) <= set(found.weights)
