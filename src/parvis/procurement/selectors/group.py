"""The authorities that buy together by one consultation."""

from dataclasses import dataclass

from parvis.procurement.models import Consultation, ConsultationBuyer, GroupRole


@dataclass(frozen=True, slots=True)
class GroupNames:
    leader: str
    members: tuple[str, ...]


def group_names(consultation: Consultation) -> GroupNames | None:
    """None for an authority that buys alone."""
    found = ConsultationBuyer.objects.filter(consultation=consultation).select_related("buyer").order_by("rank")
    rows = [(one.role, one.buyer.name) for one in found]
    if not rows:
        return None
    [leader] = [name for role, name in rows if role == GroupRole.LEADER]
    return GroupNames(leader, tuple(name for role, name in rows if role == GroupRole.MEMBER))
