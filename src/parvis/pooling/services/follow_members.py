from uuid import UUID

from parvis.pooling.models import GroupConsultation, JointProcurement, Membership
from parvis.pooling.states import MembershipState
from parvis.procurement import facade as procurement
from parvis.procurement.contracts import GroupBuyer


def buyers_of(group: JointProcurement) -> list[GroupBuyer]:
    """The coordinator as leader, then the members by name."""
    rows = Membership.objects.filter(group=group, state=MembershipState.MEMBER).select_related("member")
    others = [GroupBuyer(one.member_id, "member") for one in rows if one.member_id != group.authority_id]
    return [GroupBuyer(group.authority_id, "leader"), *others]


def follow_members(group: JointProcurement, *, actor_id: UUID) -> None:
    """The consultations of the group that are still drafts name its members of today; in the coordinator's scope."""
    for one in GroupConsultation.objects.filter(group=group):
        line = procurement.consultation_line(one.consultation_id)
        if line is not None and line.state == "draft":
            procurement.set_group_buyers(one.consultation_id, buyers_of(group), actor_id=actor_id)
