"""A book arranged for reading by day: built once, used for all its costs."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from parvis.pooling.rules.book import Book, Key
from parvis.pooling.rules.errors import MissingPopulation, NoKeyInForce
from parvis.pooling.rules.kinds import USUAL_NAMES

# [from, until); what has no end ends on the last day there is.
Span = tuple[date, date]


class Index:
    """Periods are joined where they touch or overlap, so that a fact written in two pieces counts once."""

    def __init__(self, book: Book) -> None:
        self.agglomeration = book.agglomeration
        self.names = {one.siren: one.name for one in book.members}
        self._populations = {(one.siren, one.kind, one.year): one.value for one in book.populations}
        present: defaultdict[str, list[Span]] = defaultdict(list)
        for presence in book.presences:
            present[presence.siren].append((presence.from_on, presence.until_on or date.max))
        used: defaultdict[tuple[str, str], list[Span]] = defaultdict(list)
        for use in book.uses:
            used[use.siren, use.service].append((use.from_on, use.until_on or date.max))
        self.present = {siren: joined(present[siren]) for siren in sorted(present)}
        self.used: defaultdict[str, dict[str, tuple[Span, ...]]] = defaultdict(dict)
        for siren, service in sorted(used):
            self.used[siren][service] = joined(used[siren, service])
        versions: defaultdict[str, list[Key]] = defaultdict(list)
        for key in sorted(book.keys, key=lambda one: one.from_on):
            versions[key.code].append(key)
        self._versions = dict(versions)

    def keys(self, code: str, from_on: date, until_on: date) -> list[Key]:
        """The versions in force one after the other on these days. Raises NoKeyInForce for the first day."""
        started = [key for key in self._versions.get(code, []) if key.from_on < until_on]
        before = [key for key in started if key.from_on <= from_on]
        if not before:
            versions = self._versions.get(code, [])
            raise NoKeyInForce(code, from_on, versions[0].name if versions else USUAL_NAMES.get(code, ""))
        return started[len(before) - 1 :]

    def population(self, siren: str, key: Key) -> int:
        """Raises MissingPopulation."""
        value = self._populations.get((siren, key.population_kind, key.reference_year))
        if value is None:
            raise MissingPopulation(siren, self.names[siren], key.population_kind, key.reference_year)
        return value


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same days in as few spans as possible, in order."""
    found: list[Span] = []
    for from_on, until_on in sorted(spans):
        if found and from_on <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], until_on)
        else:
            found.append((from_on, until_on))
    return tuple(found)


def clipped(spans: Iterable[Span], from_on: date, until_on: date) -> tuple[Span, ...]:
    """What of these spans falls within [from_on, until_on)."""
    found = []
    for start, end in spans:
        if start < until_on and end > from_on:
            found.append((start if start > from_on else from_on, end if end < until_on else until_on))
    return tuple(found)


def covers(spans: Iterable[Span], on: date) -> bool:
    return any(start <= on < end for start, end in spans)
