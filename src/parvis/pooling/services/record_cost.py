from uuid import UUID

from parvis.audit import facade as audit
from parvis.pooling.models import CostItem
from parvis.pooling.rules.cost_terms import CostTerms, checked
from parvis.pooling.services.held import held_group
from parvis.pooling.services.held_cost import facts_of, require_place, write_terms
from parvis.pooling.services.held_member import require_membership
from parvis.pooling.services.save_checked import save_checked


def record_cost(group_id: UUID, terms: CostTerms, *, actor_id: UUID | None = None) -> CostItem:
    """A cost that the authority in scope pays to the contractor, written by hand: an estimate for the group to share.

    Raises Http404, Refusal: not_member, those of cost_terms.checked and of held_cost.require_place, invalid.
    """
    group = held_group(group_id)
    require_membership(group)
    terms = checked(terms)
    require_place(group, terms)
    item = CostItem(group=group, circle_id=group.circle_id)
    write_terms(item, terms)
    save_checked(item)
    audit.record("cost.recorded", subject=item.id, data={**facts_of(item), "by_hand": True}, actor=actor_id)
    return item
