"""Who is in a group, on a day."""

from datetime import date
from uuid import UUID

from parvis.pooling.models import FrameworkAgreement, FrameworkMember, JointProcurement, Membership, MembershipState


def members_on(group: JointProcurement, day: date) -> list[Membership]:
    """The members that day, the coordinator included, agglomeration first, each with its authority."""
    found = Membership.objects.filter(group=group, state=MembershipState.MEMBER, effective_on__lte=day)
    return list(found.select_related("member"))


def is_member(group: JointProcurement, authority_id: UUID, day: date) -> bool:
    return any(one.member_id == authority_id for one in members_on(group, day))


def not_identified(framework: FrameworkAgreement, member_ids: list[UUID]) -> set[UUID]:
    """Those of these members that were not named when the procedure was launched: they may have no right to order.

    Source: State guidance on joint procurement, to be confirmed by a lawyer (C).
    """
    named = FrameworkMember.objects.filter(framework=framework, identified_at_launch=True)
    return set(member_ids) - set(named.values_list("member_id", flat=True))
