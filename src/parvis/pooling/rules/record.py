"""What is kept of a split so that it can be computed again, alike, years later.

A record is a JSON object (texts, whole numbers, lists): the cost, only the facts that its days read, cut to those days,
the versions of the key, the result, and the SHA-256 of the canonical JSON (RFC 8785) of all that.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date
from fractions import Fraction
from typing import Any

from parvis.kit.errors import Refusal
from parvis.kit.money import NARROW
from parvis.pooling.rules.book import Book, Cost, Key, Member, Population, Presence, Service, Use
from parvis.pooling.rules.index import Index, Span, clipped
from parvis.pooling.rules.slices import reads_members, services_read
from parvis.pooling.rules.split import Split, split
from parvis.sealing.canonical import CanonicalError, canonical_hash

# A new number whenever the same facts would give another result; the code of an older number then stays beside it.
ENGINE = "parvis.shares/1"

Record = dict[str, Any]


class RecordAltered(Refusal):
    """What is kept is not what was computed: the content does not match its digest, or the result its facts."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "record_altered",
            f"Ce calcul conservé a été modifié après coup{NARROW}: il ne prouve plus rien. Repartez d’une sauvegarde "
            "ou des pièces, et prévenez l’exploitant de la plateforme.",
        )
        self.why = why


class UnknownEngine(Refusal):
    """The record was written by an engine that this version does not know."""

    def __init__(self, engine: object) -> None:
        super().__init__(
            "unknown_engine",
            "Ce calcul vient d’une version plus récente de la plateforme. Mettez la plateforme à jour pour le relire.",
        )
        self.engine = engine


def record(book: Book, cost: Cost) -> Record:
    """The record of `split(book, cost)`. Raises CannotSplit."""
    done = split(book, cost)
    kept = _needed(book, done)
    content: Record = {
        "engine": ENGINE,
        "cost": _cost(cost),
        "agglomeration": kept.agglomeration,
        "members": {one.siren: one.name for one in kept.members},
        "presences": [[one.siren, *_days(one.from_on, one.until_on)] for one in kept.presences],
        "services": {one.code: one.name for one in kept.services},
        "uses": [[one.service, one.siren, *_days(one.from_on, one.until_on)] for one in kept.uses],
        "populations": [[one.siren, one.kind, one.year, one.value] for one in kept.populations],
        "keys": [{**asdict(one), "weight": _ratio(one.weight), "from_on": str(one.from_on)} for one in kept.keys],
        "result": _result(done),
    }
    return {**content, "digest": canonical_hash(content)}


def from_record(kept: Mapping[str, Any]) -> tuple[Book, Cost]:
    """The facts of a record. Raises RecordAltered when its content does not match its digest, UnknownEngine."""
    content = {name: value for name, value in kept.items() if name != "digest"}
    try:
        digest = canonical_hash(content)
    except CanonicalError as error:
        raise RecordAltered(str(error)) from error
    if digest != kept.get("digest"):
        raise RecordAltered("digest")
    if content.get("engine") != ENGINE:
        raise UnknownEngine(content.get("engine"))
    try:
        return _book(content), _cost_of(content["cost"])
    except (AttributeError, KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise RecordAltered(f"unreadable: {error}") from error


def replay(kept: Mapping[str, Any]) -> Split:
    """The very split of a record. Raises RecordAltered, UnknownEngine."""
    book, cost = from_record(kept)
    try:
        done = split(book, cost)
    except Refusal as error:
        raise RecordAltered(error.code) from error
    if _result(done) != kept.get("result"):
        raise RecordAltered("result")
    return done


def _needed(book: Book, done: Split) -> Book:
    """The facts that the days of a split read, and no more, in one order."""
    cost, index = done.cost, Index(book)
    # All that were in force, also on days without anybody.
    keys = index.keys(cost.key, cost.from_on, cost.until_on)
    read = services_read(cost, keys)
    presences, uses = [], []
    for siren, spans in index.present.items() if reads_members(keys) else ():
        presences += [Presence(siren, *span) for span in clipped(spans, cost.from_on, cost.until_on)]
    sirens = {one.siren for one in presences}
    for siren in sorted(sirens):
        for service, spans in index.used[siren].items():
            if read is None or service in read:
                uses += [Use(service, siren, *span) for span in clipped(spans, cost.from_on, cost.until_on)]
    named = {book.agglomeration, *sirens, *(key.payer for key in keys), cost.payer, *cost.users}
    offered = {one.service for one in uses} | {cost.service}
    return replace(
        book,
        members=tuple(sorted((one for one in book.members if one.siren in named), key=lambda one: one.siren)),
        presences=tuple(presences),
        populations=tuple(_populations(index, done)),
        services=tuple(sorted((one for one in book.services if one.code in offered), key=lambda one: one.code)),
        uses=tuple(uses),
        keys=tuple(keys),
        costs=(),
    )


def _populations(index: Index, done: Split) -> Iterator[Population]:
    read = set()
    for one in done.slices:
        if one.key.formula != "single_payer":
            free = index.agglomeration if one.key.agglomeration == "zero" else None
            read |= {(part.siren, one.key) for part in one.parts if part.siren != free}
    known = {(siren, key.population_kind, key.reference_year): index.population(siren, key) for siren, key in read}
    for (siren, kind, year), value in sorted(known.items()):
        yield Population(siren, kind, year, value)


def _result(done: Split) -> Record:
    return {
        "slices": [
            {
                "days": [*_days(one.from_on, one.until_on), one.days],
                "key": [one.key.code, one.key.version],
                "parts": [
                    [
                        part.siren,
                        part.offered,
                        part.population,
                        list(part.services),
                        _ratio(Fraction(weight, one.whole)),
                    ]
                    for part, weight in zip(one.parts, one.weights, strict=True)
                ],
            }
            for one in done.slices
        ],
        "empty": [_days(*span) for span in done.empty],
        "shares": {siren: _ratio(share) for siren, share in done.shares.items()},
        "ht": dict(done.ht),
        "vat": dict(done.vat),
    }


def _book(content: Mapping[str, Any]) -> Book:
    return Book(
        agglomeration=content["agglomeration"],
        members=tuple(Member(siren, name) for siren, name in content["members"].items()),
        presences=tuple(Presence(siren, *_span(days)) for siren, *days in content["presences"]),
        populations=tuple(Population(*one) for one in content["populations"]),
        services=tuple(Service(code, name) for code, name in content["services"].items()),
        uses=tuple(Use(service, siren, *_span(days)) for service, siren, *days in content["uses"]),
        keys=tuple(
            Key(**{**one, "weight": Fraction(one["weight"]), "from_on": date.fromisoformat(one["from_on"])})
            for one in content["keys"]
        ),
    )


def _cost(cost: Cost) -> Record:
    """Without users, as records were before a cost could name them."""
    kept = {**asdict(cost), "from_on": str(cost.from_on), "until_on": str(cost.until_on)}
    users = kept.pop("users")
    return {**kept, "users": list(users)} if users else kept


def _cost_of(kept: Mapping[str, Any]) -> Cost:
    from_on, until_on = _span([kept["from_on"], kept["until_on"]])
    return Cost(**{**kept, "from_on": from_on, "until_on": until_on, "users": tuple(kept.get("users", ()))})


def _ratio(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _days(from_on: date, until_on: date | None) -> list[str]:
    """Both ends: what is kept was cut to the days of the cost."""
    return [str(from_on), str(until_on)]


def _span(days: list[str]) -> Span:
    from_on, until_on = days
    return date.fromisoformat(from_on), date.fromisoformat(until_on)
