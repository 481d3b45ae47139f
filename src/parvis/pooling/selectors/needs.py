"""The needs of a group's members: whose, for what, and which of them a consultation has taken up."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from parvis.authorities.facade import authorities
from parvis.kit import scope
from parvis.pooling.models import GroupConsultation, JointProcurement, Membership, Need
from parvis.pooling.rules.needs import Asked
from parvis.pooling.states import MembershipState
from parvis.procurement import facade as procurement

GIVEN_UP = frozenset({"cancelled", "discontinued"})


@dataclass(frozen=True, slots=True)
class StatedNeed:
    """`taken_by`: the consultation that has it, None as long as it may change. `of_member`: its authority is a member
    by now, not only a prospect.
    """

    need: Need
    member_name: str
    of_member: bool
    taken_by: GroupConsultation | None

    @property
    def asked(self) -> Asked:
        one = self.need
        return Asked(
            str(one.id), str(one.authority_id), self.member_name, one.kind, one.label, one.quantity, one.unit,
            one.estimated_cents, one.wanted_on, one.remark,
        )  # fmt: skip


def stated_needs(group: JointProcurement) -> list[StatedNeed]:
    """By member, then by kind and label; for any seat of the group."""
    rows = list(Need.objects.filter(group=group))
    names = {one.id: one.name for one in authorities({row.authority_id for row in rows})}
    members = set(
        Membership.objects.filter(group=group, state=MembershipState.MEMBER).values_list("member_id", flat=True)
    )
    taken = taken_up(group)
    found = [
        StatedNeed(row, names[row.authority_id], row.authority_id in members, taken.get(str(row.id))) for row in rows
    ]
    return sorted(found, key=lambda one: (one.member_name, one.need.kind, one.need.label))


def taken_up(group: JointProcurement) -> dict[str, GroupConsultation]:
    """The consultation that has each need, by the need's id; one that was given up has none."""
    found: dict[str, GroupConsultation] = {}
    for one in live_consultations(group):
        found |= {str(need["id"]): one for need in one.needs}
    return found


def live_consultations(group: JointProcurement) -> list[GroupConsultation]:
    """Those of the group that go on or came to an end, not those given up or without result; the newest first."""
    rows = list(GroupConsultation.objects.filter(group=group))
    with scope.authority(group.authority_id):
        states = {row.id: procurement.consultation_line(row.consultation_id) for row in rows}
    return [row for row in rows if (line := states[row.id]) is not None and line.state not in GIVEN_UP]


def snapshot(needs: Iterable[StatedNeed]) -> list[dict[str, Any]]:
    """The needs as they are today, as JSON."""
    return [
        {
            "id": one.asked.id, "member": one.asked.member, "member_name": one.member_name, "kind": one.asked.kind,
            "label": one.asked.label, "quantity": one.asked.quantity, "unit": one.asked.unit,
            "estimated_cents": one.asked.estimated_cents,
            "wanted_on": one.asked.wanted_on.isoformat() if one.asked.wanted_on else None, "remark": one.asked.remark,
        }
        for one in needs
    ]  # fmt: skip


def has_needs(group: JointProcurement, member_id: UUID) -> bool:
    return bool(Need.objects.filter(group=group, authority_id=member_id).exists())
