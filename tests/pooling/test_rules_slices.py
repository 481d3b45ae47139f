"""Joining in mid-year, dated e-services and keys, leap years, days without anybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from parvis.pooling.rules import Book, Cost, Key, Member, NobodyToPay, Population, Presence, Service, Use, split

START, END = date(2027, 1, 1), date(2028, 1, 1)
APRIL, OCTOBER = date(2027, 4, 1), date(2027, 10, 1)
OLD, NEW = "1", "2"
KEY = Key("k", 1, "Clé", "population", date(2026, 1, 1), 2024)
COST = Cost("c", "Socle", "base", START, END, 365_000, "k")


def a_book(*presences: Presence, uses: tuple[Use, ...] = (), keys: tuple[Key, ...] = (KEY,)) -> Book:
    """OLD has three quarters of the inhabitants. Whoever has no use of its own offers the e-service a for ever."""
    own = {one.siren for one in uses}
    others = tuple(Use("a", siren, date(2026, 1, 1)) for siren in (OLD, NEW) if siren not in own)
    return Book(
        agglomeration=OLD,
        members=(Member(OLD, "Ancien"), Member(NEW, "Nouveau")),
        presences=presences,
        populations=(
            Population(OLD, "totale", 2024, 300),
            Population(NEW, "totale", 2024, 100),
            Population(OLD, "totale", 2025, 200),
            Population(NEW, "totale", 2025, 200),
        ),
        services=(Service("a", "A"), Service("b", "B")),
        uses=(*uses, *others),
        keys=keys,
    )


ALWAYS = Presence(OLD, date(2026, 1, 1))


def test_joining_on_the_first_of_april() -> None:
    found = split(a_book(ALWAYS, Presence(NEW, APRIL)), COST)
    assert [(one.from_on, one.until_on, one.days) for one in found.slices] == [(START, APRIL, 90), (APRIL, END, 275)]
    assert found.shares == {OLD: Fraction(90 + 275 * 3 // 4, 365) + Fraction(1, 4 * 365), NEW: Fraction(275, 4 * 365)}
    assert found.ht == {OLD: 296_250, NEW: 68_750}


def test_the_slice_of_each() -> None:
    before, after = split(a_book(ALWAYS, Presence(NEW, APRIL)), COST).slices
    assert (before.share(OLD), before.share(NEW), before.part(NEW)) == (1, 0, None)
    assert (after.share(OLD), after.share(NEW)) == (Fraction(3, 4), Fraction(1, 4))


def test_a_leap_year_has_one_more_day() -> None:
    cost = replace(COST, from_on=date(2028, 1, 1), until_on=date(2029, 1, 1), ht_cents=366_000)
    found = split(a_book(ALWAYS, Presence(NEW, date(2028, 3, 1))), cost)
    assert [one.days for one in found.slices] == [60, 306]
    assert found.share(NEW) == Fraction(306, 4 * 366)
    assert found.ht[NEW] == 76_500


def test_rounded_once_over_the_year() -> None:
    """Three slices of a third of a cent each make one cent, not three times nothing."""
    uses = (Use("a", NEW, APRIL), Use("b", NEW, OCTOBER))
    found = split(a_book(ALWAYS, Presence(NEW, START), uses=uses), replace(COST, ht_cents=10))
    assert sum(found.ht.values()) == 10
    assert found.ht[NEW] == round(10 * found.share(NEW)) == 2


def test_what_does_not_change_the_share_cuts_nothing() -> None:
    """A second e-service changes no share by population, and two pieces of one membership are one."""
    uses = (Use("a", NEW, START, APRIL), Use("a", NEW, APRIL), Use("b", NEW, OCTOBER))
    found = split(a_book(Presence(OLD, START, APRIL), Presence(OLD, APRIL), Presence(NEW, START), uses=uses), COST)
    assert [one.days for one in found.slices] == [365]


def test_an_e_service_counts_from_its_day() -> None:
    key = replace(KEY, formula="weighted", weight=Fraction(1))
    uses = (Use("a", NEW, START), Use("b", NEW, APRIL, OCTOBER))
    found = split(a_book(ALWAYS, Presence(NEW, START), uses=uses, keys=(key,)), COST)
    assert [one.days for one in found.slices] == [90, 183, 92]
    assert found.share(NEW) == Fraction(90 + 92, 2 * 365) + Fraction(183 * 2, 3 * 365)


def test_a_version_of_the_key_counts_from_its_day() -> None:
    newer = replace(KEY, version=2, from_on=OCTOBER, reference_year=2025)
    later = replace(KEY, version=3, from_on=END, formula="product")
    found = split(a_book(ALWAYS, Presence(NEW, START), keys=(later, newer, KEY)), COST)
    assert [(one.key.version, one.days) for one in found.slices] == [(1, 273), (2, 92)]
    assert found.share(NEW) == Fraction(273, 4 * 365) + Fraction(92, 2 * 365)


def test_from_one_payer_to_a_share_in_mid_year() -> None:
    alone = replace(KEY, formula="single_payer", payer=OLD)
    shared = replace(KEY, version=2, from_on=APRIL)
    found = split(a_book(ALWAYS, Presence(NEW, START), keys=(alone, shared)), COST)
    assert found.ht == {OLD: 90_000 + 206_250, NEW: 68_750}


def test_one_payer_pays_the_whole_period_whenever_it_joined() -> None:
    found = split(a_book(Presence(NEW, OCTOBER), keys=(replace(KEY, formula="single_payer", payer=NEW),)), COST)
    assert [one.days for one in found.slices] == [365]
    assert found.ht == {NEW: 365_000}


def test_days_without_anybody_are_carried_by_the_others() -> None:
    found = split(a_book(Presence(OLD, APRIL, OCTOBER), Presence(NEW, date(2027, 7, 1), OCTOBER)), COST)
    assert found.empty == ((START, APRIL), (OCTOBER, END))
    assert found.days == 91 + 92
    assert found.share(NEW) == Fraction(92, 4 * 183)
    assert sum(found.ht.values()) == 365_000


def test_a_gap_in_the_middle() -> None:
    found = split(a_book(Presence(OLD, START, APRIL), Presence(OLD, OCTOBER)), COST)
    assert found.empty == ((APRIL, OCTOBER),)
    assert [one.days for one in found.slices] == [90, 92]


def test_nobody_on_any_day() -> None:
    with pytest.raises(NobodyToPay) as found:
        split(a_book(Presence(OLD, END)), COST)
    assert (found.value.from_on, found.value.until_on) == (START, END)


def test_ends_are_not_included() -> None:
    """Who leaves on the first day, or joins on the day after the last, takes no part."""
    found = split(a_book(ALWAYS, Presence(NEW, date(2026, 1, 1), START), Presence(NEW, END)), COST)
    assert found.ht == {OLD: 365_000}
    assert len(found.slices) == 1


def test_one_day() -> None:
    found = split(a_book(ALWAYS, Presence(NEW, END.replace(month=12, day=31, year=2027))), COST)
    assert found.share(NEW) == Fraction(1, 4 * 365)
    day = replace(COST, from_on=date(2027, 12, 31))
    assert split(a_book(ALWAYS, Presence(NEW, date(2027, 12, 31))), day).share(NEW) == Fraction(1, 4)
