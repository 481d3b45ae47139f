"""Every cost share of a country of groups, computed exactly, against adding up as many whole numbers."""

from __future__ import annotations

import gc
from datetime import date

from parvis.pooling.rules import (
    Book,
    Cost,
    Member,
    Population,
    Presence,
    Service,
    Split,
    Use,
    by_member,
    default_keys,
    split_all,
)
from tests.bench.measure import Line, Report, cpu_seconds

GROUPS, MEMBERS, YEARS, SERVICES = 1_255, 40, (2026, 2027, 2028, 2029), 30
START = date(2026, 1, 1)


def a_book(group: int) -> Book:
    """Forty members: one in five joins during a year; ten e-services or so each, one in eight begun in mid-term."""
    sirens = [f"{group:05d}{place:04d}" for place in range(MEMBERS)]
    joined = [
        START if place % 5 else date(2026 + place // 5 % 4, 1 + (group + place) % 12, 1) for place in range(MEMBERS)
    ]
    uses = []
    for place, siren in enumerate(sirens):
        for step in range(4 + (group + 3 * place) % 13):
            late = (group + place + step) % 8 == 0
            begun = date(2026 + (place + step) % 4, 1 + step % 12, 1) if late else START
            uses.append(Use(f"s{(place + 7 * step) % SERVICES:02d}", siren, begun))
    costs = []
    for year in YEARS:
        first, end = date(year, 1, 1), date(year + 1, 1, 1)
        costs += [
            Cost(f"base-{year}", "Socle", "base", first, end, 3_875_000 + group, "shared"),
            Cost(f"hosting-{year}", "Hébergement", "hosting", first, end, 1_499_000 + group, "shared"),
            Cost(f"service-{year}", "Téléservice", "maintenance", first, end, 125_000 + group, "users", service="s07"),
        ]
    return Book(
        agglomeration=sirens[0],
        members=tuple(Member(siren, f"Commune {siren}") for siren in sirens),
        presences=tuple(Presence(siren, day) for siren, day in zip(sirens, joined, strict=True)),
        populations=tuple(
            Population(siren, "totale", 2022, 300 + 977 * (group + place) % 90_000)
            for place, siren in enumerate(sirens)
        ),
        services=tuple(Service(f"s{place:02d}", f"Téléservice {place}") for place in range(SERVICES)),
        uses=tuple(uses),
        keys=default_keys(sirens[0], START, 2022),
        costs=tuple(costs),
    )


def plain_sums(rows: list[list[tuple[str, int, int]]]) -> list[dict[str, list[int]]]:
    """What any billing must do at least: add each part, HT and VAT, to its member."""
    found = []
    for group in rows:
        totals: dict[str, list[int]] = {}
        for siren, ht, vat in group:
            total = totals.setdefault(siren, [0, 0])
            total[0] += ht
            total[1] += vat
        found.append(totals)
    return found


def test_shares_of_every_group(report: Report) -> None:
    books = [a_book(group) for group in range(GROUPS)]
    splits: list[tuple[Split, ...]] = []
    gc.collect()
    ours = cpu_seconds(lambda: splits.extend(split_all(book) for book in books))
    rows = [[(siren, ht, one.vat[siren]) for one in group for siren, ht in one.ht.items()] for group in splits]
    summed: list[dict[str, list[int]]] = []
    bare = cpu_seconds(lambda: summed.extend(plain_sums(rows)))
    count = sum(len(group) for group in rows)
    slices = sum(len(one.slices) for group in splits for one in group)
    for book, group, totals in zip(books, splits, summed, strict=True):
        assert sum(ht for ht, _ in totals.values()) == sum(cost.ht_cents for cost in book.costs)
        assert all(one.total.vat == one.cost.ht_cents // 5 + (one.cost.ht_cents % 5 > 2) for one in group)
        assert {siren: [one.ht, one.vat] for siren, one in by_member(group).items()} == totals
    assert count > GROUPS * MEMBERS * len(YEARS)
    assert slices > 2 * len(YEARS) * GROUPS * 3
    report(
        Line(
            f"shares, {GROUPS:,} groups × {MEMBERS} × {len(YEARS)} years",
            f"{ours:.1f} CPU-s for {count:,} parts",
            f"{bare:.2f} CPU-s (as many additions)",
            ours / bare,
            "≤ 60 s in all",
        )
    )
    report(
        Line(
            "shares, parts a second",
            f"{count / ours:,.0f} of {slices / (3 * len(YEARS) * GROUPS):.1f} slices each",
            f"{count / bare:,.0f} additions",
            bare / ours,
            "",
        )
    )
