from datetime import date
from uuid import UUID

from parvis.audit import facade as audit
from parvis.eservices import facade as eservices
from parvis.kit import scope
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.services.offer_eservice import require_say


def withdraw_eservice(
    group_id: UUID, use_id: UUID, until_on: date, *, agreement: str = "", actor_id: UUID | None = None
) -> eservices.UseView:
    """The last day on which a member offers an e-service, written by that member or, with its agreement, by the
    coordinator: it no longer counts in the shares after it.

    Raises Http404, Refusal: not_member, not_yours, no_agreement, and those of eservices.
    """
    group = group_in_reach(group_id)
    member_id = eservices.use(use_id).authority_id
    require_say(group, member_id, agreement)
    use = eservices.end_use(use_id, until_on, actor_id=actor_id)
    data = {
        "use": str(use.id), "service": use.service_name, "member": str(member_id), "until": until_on.isoformat(),
        "agreement": agreement.strip(), "by_coordinator": member_id != scope.current_authority(),
    }  # fmt: skip
    audit.record("eservice.withdrawn", subject=group.id, data=data, actor=actor_id)
    return use
