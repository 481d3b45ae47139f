"""The groups that an authority may ask to join: it has no seat in them yet, so their coordinator shows them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from parvis.authorities.facade import AuthorityView, authorities
from parvis.kit import scope
from parvis.pooling.models import JointProcurement, Membership
from parvis.pooling.states import GroupState, MembershipState


@dataclass(frozen=True, slots=True)
class JoinableGroup:
    """What is public of a group."""

    id: UUID
    name: str
    purpose: str
    coordinator: AuthorityView
    members: tuple[str, ...]
    starts_on: date | None
    ends_on: date | None


def joinable_groups() -> list[JoinableGroup]:
    """Public groups, not ended, in which the authority in scope has no place yet."""
    me = scope.current_authority()
    found = []
    for house in _coordinators():
        if house.id == me:
            continue
        with scope.authority(house.id):
            own = JointProcurement.objects.filter(authority_id=house.id, public=True).exclude(state=GroupState.ENDED)
            found += [_view(one, house) for one in own.exclude(memberships__member_id=me)]
    return found


def joinable_group(group_id: UUID) -> JoinableGroup:
    """Raises Http404 for a group that the authority in scope is in already, or may not see."""
    for one in joinable_groups():
        if one.id == group_id:
            return one
    raise _unknown()


def coordinator_of(group_id: UUID) -> UUID:
    """Of a group within reach, or of one that may be joined. Raises Http404."""
    known = JointProcurement.objects.filter(id=group_id).first()
    return known.authority_id if known is not None else joinable_group(group_id).coordinator.id


def _coordinators() -> list[AuthorityView]:
    return [one for one in authorities() if one.kind == "agglomeration"]


def _view(group: JointProcurement, house: AuthorityView) -> JoinableGroup:
    members = Membership.objects.filter(group=group, state=MembershipState.MEMBER).select_related("member")
    names = tuple(one.member.name for one in members)
    return JoinableGroup(group.id, group.name, group.purpose, house, names, group.starts_on, group.ends_on)


def _unknown() -> Http404:
    return Http404(_("Ce groupement n’existe pas, ou votre collectivité y est déjà."))
