"""The populations that a group keeps, and those that its members' own pages propose."""

from dataclasses import dataclass
from uuid import UUID

from parvis.pooling.models import DatedPopulation, JointProcurement, Membership
from parvis.pooling.rules.populations import Place


@dataclass(frozen=True, slots=True)
class PopulationTable:
    """`columns`: kind and year, latest first; `rows`: each member's name and its figures in that order, None where
    none is known; `sources` of each column.
    """

    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    sources: tuple[tuple[str, ...], ...]


def population_table(group: JointProcurement) -> PopulationTable:
    known = list(DatedPopulation.objects.filter(group=group))
    columns = sorted({(one.kind, one.year) for one in known}, key=lambda one: (-one[1], one[0] != "totale", one[0]))
    value = {(one.member_id, one.kind, one.year): one.inhabitants for one in known}
    rows = [
        (one.member.name, tuple(value.get((one.member_id, *column)) for column in columns)) for one in places_in(group)
    ]
    sources = [
        tuple(dict.fromkeys(one.source for one in known if (one.kind, one.year) == column)) for column in columns
    ]
    return PopulationTable(tuple(columns), tuple(rows), tuple(sources))


def places_in(group: JointProcurement) -> list[Membership]:
    """Members and invited ones, the coordinator first, each with its authority."""
    rows = Membership.objects.filter(group=group).select_related("member").order_by("member__name")
    return sorted(rows, key=lambda one: one.member_id != group.authority_id)


def pasted_places(group: JointProcurement) -> list[Place]:
    found = places_in(group)
    return [Place(one.member_id, one.member.name, one.member.siren, one.member.insee_code) for one in found]


def proposed(group: JointProcurement, kind: str, year: int) -> dict[UUID, int]:
    """For that kind and year: what the group keeps already, else what the authority says of itself."""
    own = {
        one.member_id: one.member.population
        for one in places_in(group)
        if (one.member.population_kind, one.member.population_year) == (kind, year)
    }
    kept = DatedPopulation.objects.filter(group=group, kind=kind, year=year).values_list("member_id", "inhabitants")
    return {**own, **dict(kept)}


def usual_year(group: JointProcurement) -> tuple[str, int]:
    """Of the members' own figures: the kind and year that most of them have, the latest of them."""
    own = [(one.member.population_kind, one.member.population_year) for one in places_in(group)]
    return max(own, key=lambda one: (own.count(one), one[1]), default=("totale", 2022))
