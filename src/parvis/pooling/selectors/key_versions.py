"""Versions of the cost keys of a group, and what each decision of a committee changed."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import cast
from uuid import UUID

from parvis.pooling.models import CostKey, DatedPopulation, Decision, JointProcurement
from parvis.pooling.rules.book import AgglomerationPopulation, Formula
from parvis.pooling.rules.key_terms import Changed, KeyTerms, changes
from parvis.pooling.selectors.members import members_on


def terms_of(row: CostKey) -> KeyTerms:
    return KeyTerms(
        name=row.name,
        formula=cast(Formula, row.formula),
        reference_year=row.reference_year,
        weight=Fraction(row.weight_numerator, row.weight_denominator),
        population_kind=row.population_kind,
        agglomeration=cast(AgglomerationPopulation, row.agglomeration),
        payer_id=row.payer_id,
    )


def last_versions(group: JointProcurement) -> list[CostKey]:
    """The latest version of each key, in force or to come, by name."""
    latest: dict[str, CostKey] = {}
    for row in CostKey.objects.filter(group=group).order_by("code", "-version"):
        latest.setdefault(row.code, row)
    return sorted(latest.values(), key=lambda row: row.name)


def changes_of(decisions: Iterable[Decision]) -> dict[UUID, tuple[CostKey, tuple[Changed, ...]]]:
    """By decision: the version that it made, and what differs from the one before."""
    made = CostKey.objects.filter(decision__in=list(decisions)).select_related("payer")
    return {row.decision_id: (row, _changes(row)) for row in made}


def _changes(row: CostKey) -> tuple[Changed, ...]:
    before = (
        CostKey.objects.filter(group_id=row.group_id, code=row.code, version__lt=row.version)
        .select_related("payer").order_by("-version").first()
    )  # fmt: skip
    payers = [one.payer for one in (before, row) if one is not None and one.payer is not None]
    names = {payer.id: payer.name for payer in payers}
    return changes(terms_of(before) if before is not None else None, terms_of(row), names)


def without_population(group: JointProcurement, terms: KeyTerms, day: date) -> list[str]:
    """Names of the members on that day whose population these terms want and nobody recorded."""
    if not terms.reads_population:
        return []
    known = DatedPopulation.objects.filter(group=group, kind=terms.population_kind, year=terms.reference_year)
    ids = set(known.values_list("member_id", flat=True))
    return [one.member.name for one in members_on(group, day) if one.member_id not in ids]
