"""The groups that an authority takes part in, and who is in each."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from parvis.kit import scope
from parvis.pooling.models import JointProcurement, Membership, Paper, PaperKind
from parvis.pooling.selectors.papers import papers_by_subject, papers_of
from parvis.pooling.states import MembershipState

IN_IT = (MembershipState.MEMBER, MembershipState.ENDED)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group as the authority in scope sees it; `own`: its own place there."""

    group: JointProcurement
    coordinator: str
    own: Membership
    members: int
    waiting: int


@dataclass(frozen=True, slots=True)
class MemberRow:
    membership: Membership
    name: str
    coordinator: bool
    papers: tuple[Paper, ...]


def groups_here() -> list[GroupRow]:
    """Those in which the authority in scope has a place, running ones first."""
    me = scope.current_authority()
    found = []
    for group in JointProcurement.objects.filter(memberships__member_id=me).prefetch_related("memberships__member"):
        rows = list(group.memberships.all())
        names = {one.member_id: one.member.name for one in rows}
        own = next(one for one in rows if one.member_id == me)
        members = sum(one.state in IN_IT for one in rows)
        waiting = sum(one.state == MembershipState.NOTIFIED for one in rows)
        found.append(GroupRow(group, names[group.authority_id], own, members, waiting))
    order = ("running", "preparing", "ended")
    return sorted(found, key=lambda row: (order.index(row.group.state), row.group.name))


def member_rows(group: JointProcurement) -> list[MemberRow]:
    """The coordinator, then the others by name, with the decisions attached."""
    rows = list(Membership.objects.filter(group=group).select_related("member").order_by("member__name"))
    papers = papers_by_subject([one.id for one in rows], [PaperKind.DECISION])
    made = [
        MemberRow(one, one.member.name, one.member_id == group.authority_id, tuple(papers.get(one.id, ())))
        for one in rows
    ]
    return sorted(made, key=lambda row: not row.coordinator)


def own_membership(group: JointProcurement) -> Membership | None:
    """The place of the authority in scope."""
    return Membership.objects.filter(group=group, member_id=scope.current_authority()).first()


def member_ids(group: JointProcurement, on: date) -> list[UUID]:
    """Who is a member that day."""
    rows = Membership.objects.filter(group=group, state__in=IN_IT, effective_on__lte=on)
    return list(rows.values_list("member_id", flat=True))


def constitutive_papers(group: JointProcurement) -> list[Paper]:
    return papers_of(group.id, [PaperKind.CONSTITUTIVE])
