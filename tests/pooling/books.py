"""The group of the specification's worked examples: real total populations of 2022, invented costs and e-services."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from parvis.pooling.rules import Book, Cost, Key, Member, Population, Presence, Service, Use, default_keys

JANUARY, NEXT_JANUARY = date(2026, 1, 1), date(2027, 1, 1)
M2A, MULHOUSE, ILLZACH = "200066009", "216802249", "216801548"
KINGERSHEIM, RIEDISHEIM, LUTTERBACH = "216801662", "216802710", "216801951"
# siren -> name, total population of 2022, e-services offered.
FACTS = {
    M2A: ("m2A", 276_825, 12),
    MULHOUSE: ("Mulhouse", 106_095, 25),
    ILLZACH: ("Illzach", 15_362, 9),
    KINGERSHEIM: ("Kingersheim", 13_435, 8),
    RIEDISHEIM: ("Riedisheim", 12_436, 7),
    LUTTERBACH: ("Lutterbach", 6_853, 5),
}
SHARES = {
    M2A: Fraction(3907087, 9482132),
    MULHOUSE: Fraction(4444355, 14223198),
    ILLZACH: Fraction(815491, 9482132),
    KINGERSHEIM: Fraction(2167379, 28446396),
    RIEDISHEIM: Fraction(1918909, 28446396),
    LUTTERBACH: Fraction(325916, 7111599),
}
BASE = Cost("base-2026", "Socle 2026", "base", JANUARY, NEXT_JANUARY, 3_875_000, "shared")
HOSTING = Cost("hosting-2026", "Hébergement 2026", "hosting", JANUARY, NEXT_JANUARY, 1_499_000, "shared")
ACQUISITION = Cost(
    "acq", "Demande d’acte", "acquisition", JANUARY, NEXT_JANUARY, 735_000, "users", service="s01"
)  # fmt: skip
MAINTENANCE = replace(ACQUISITION, id="maint", kind="maintenance", ht_cents=125_000)


def the_book() -> Book:
    """Service s01 is that of Mulhouse, Illzach and Lutterbach; the others only make the counts."""
    shared = {MULHOUSE, ILLZACH, LUTTERBACH}
    uses = []
    for siren, (_, _, count) in FACTS.items():
        first = 1 if siren in shared else 2
        uses += [Use(f"s{place:02d}", siren, JANUARY) for place in range(first, first + count)]
    codes = sorted({one.service for one in uses})
    return Book(
        agglomeration=M2A,
        members=tuple(Member(siren, name) for siren, (name, _, _) in FACTS.items()),
        presences=tuple(Presence(siren, JANUARY) for siren in FACTS),
        populations=tuple(Population(siren, "totale", 2022, people) for siren, (_, people, _) in FACTS.items()),
        services=tuple(Service(code, f"Téléservice {code}") for code in codes),
        uses=tuple(uses),
        keys=default_keys(M2A, JANUARY, 2022),
        costs=(BASE, HOSTING, ACQUISITION, MAINTENANCE),
    )


def with_key(book: Book, **changes: object) -> Book:
    """The same book, its shared key changed in place."""
    keys = tuple(replace(key, **changes) if key.code == "shared" else key for key in book.keys)  # type: ignore[arg-type]
    return replace(book, keys=keys)


def key_of(book: Book, code: str) -> Key:
    return next(key for key in book.keys if key.code == code)
