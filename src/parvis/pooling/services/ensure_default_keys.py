from uuid import UUID

from parvis.pooling.models import CostKey, DatedPopulation, JointProcurement, Membership
from parvis.pooling.rules.key_terms import KeyTerms
from parvis.pooling.rules.kinds import AGGLOMERATION, default_keys
from parvis.pooling.selectors.today import today
from parvis.pooling.services.new_key_version import new_key_version


def ensure_default_keys(group: JointProcurement, actor_id: UUID | None = None) -> list[CostKey]:
    """The usual keys that the group does not have yet, from its first day on: half e-services and half population,
    population of the users, one member, the agglomeration. Called when a group starts; its committee changes them.

    Raises Refusal not_coordinator.
    """
    known = set(CostKey.objects.filter(group=group).values_list("code", flat=True))
    first_day = group.starts_on or today()
    made = []
    for key in default_keys("", first_day, reference_year_of(group)):
        if key.code not in known:
            terms = KeyTerms(
                name=key.name, formula=key.formula, reference_year=key.reference_year, weight=key.weight,
                population_kind=key.population_kind, agglomeration=key.agglomeration,
                payer_id=group.authority_id if key.code == AGGLOMERATION else None,
            )  # fmt: skip
            made.append(new_key_version(group.id, key.code, terms, in_force_on=first_day, actor_id=actor_id))
    return made


def reference_year_of(group: JointProcurement) -> int:
    """The latest year for which most members have a total population, among those recorded, else among their own."""
    recorded = DatedPopulation.objects.filter(group=group, kind="totale").values_list("year", flat=True)
    own = Membership.objects.filter(group=group).values_list("member__population_year", flat=True)
    years = list(recorded) or list(own)
    return max(years, key=lambda year: (years.count(year), year)) if years else today().year - 4
