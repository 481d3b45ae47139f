"""The five formulas. Each gives whole numbers in the very proportions of the shares: no fraction, no rounding.

N = number of e-services, P = population, sums over those who take part; w = the key's weight of N.
When nobody who takes part has inhabitants (the agglomeration alone, counted for zero), only what else counts remains:
N for weighted and product, equal parts for population and for each e-service.
"""

from collections.abc import Callable, Sequence
from math import gcd, lcm
from typing import NamedTuple

from parvis.pooling.rules.book import Formula, Key


class Part(NamedTuple):
    """Who takes part in a slice, with what counts: `offered` is N, `population` P as the key counts it.

    A figure that the formula does not read is zero; `services` is filled by the per_service formula only.
    """

    siren: str
    offered: int
    population: int
    services: tuple[str, ...] = ()


def weigh(key: Key, parts: Sequence[Part]) -> tuple[int, ...]:
    """One number per part, as small as they can be. Somebody takes part."""
    weights = FORMULAS[key.formula](key, parts)
    common = gcd(*weights)
    return tuple(weight // common for weight in weights)


def _weighted(key: Key, parts: Sequence[Part]) -> list[int]:
    """s = w·N/ΣN + (1 − w)·P/ΣP"""
    counts, people = _sum_counts(parts), _sum_people(parts)
    if not people:
        return [part.offered for part in parts]
    by_count = key.weight.numerator * people
    by_people = (key.weight.denominator - key.weight.numerator) * counts
    return [by_count * part.offered + by_people * part.population for part in parts]


def _product(key: Key, parts: Sequence[Part]) -> list[int]:
    """s = N·P/ΣNP"""
    if not _sum_people(parts):
        return [part.offered for part in parts]
    return [part.offered * part.population for part in parts]


def _per_service(key: Key, parts: Sequence[Part]) -> list[int]:
    """s = Σ over one's services of (1/|S|)·P/Σ(users)P: each service weighs the same, and its users pay it.

    A project alone, which names no e-service, is shared by P.
    """
    if not any(part.services for part in parts):
        return _population(key, parts)
    people: dict[str, int] = {}
    users: dict[str, int] = {}
    for part in parts:
        for service in part.services:
            people[service] = people.get(service, 0) + part.population
            users[service] = users.get(service, 0) + 1
    common = lcm(*(people[service] or users[service] for service in users))
    each = {service: common // (people[service] or users[service]) for service in users}
    return [sum(each[one] * (part.population if people[one] else 1) for one in part.services) for part in parts]


def _population(key: Key, parts: Sequence[Part]) -> list[int]:
    """s = P/ΣP"""
    if not _sum_people(parts):
        return [1] * len(parts)
    return [part.population for part in parts]


def _single_payer(key: Key, parts: Sequence[Part]) -> list[int]:
    return [1] * len(parts)


def _sum_counts(parts: Sequence[Part]) -> int:
    return sum(part.offered for part in parts)


def _sum_people(parts: Sequence[Part]) -> int:
    return sum(part.population for part in parts)


FORMULAS: dict[Formula, Callable[[Key, Sequence[Part]], list[int]]] = {
    "weighted": _weighted,
    "product": _product,
    "per_service": _per_service,
    "population": _population,
    "single_payer": _single_payer,
}
