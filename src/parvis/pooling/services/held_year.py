from uuid import UUID

from parvis.pooling.models import CostItem, JointProcurement
from parvis.pooling.selectors.calls import costs_to_call
from parvis.pooling.services.held import held_group


def held_year(group_id: UUID, year: int) -> tuple[JointProcurement, list[CostItem]]:
    """The group, held until commit so that calls come one after the other, and what the authority in scope is owed a
    part of for a year. Raises Http404, Refusal not_member, no_cost.
    """
    group = held_group(group_id)
    return group, costs_to_call(group, year)
