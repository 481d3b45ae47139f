"""Rows held for the length of a verb, and the no of the tables of moves."""

from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import JointProcurement, Membership
from parvis.pooling.selectors.reach import group_in_reach, reach
from parvis.pooling.states import GroupState, MembershipState, allowed


def held_group(group_id: UUID) -> JointProcurement:
    """The group, held FOR UPDATE until commit, for any authority of its circle: what changes its needs, its members or
    its consultations comes one after the other. Raises Http404.
    """
    group = group_in_reach(group_id)
    with scope.authority(group.authority_id):
        return reach(JointProcurement, group_id, lock=True)


def held_membership(membership_id: UUID, verb: str) -> Membership:
    """The membership and its group, held FOR UPDATE until commit. Raises Http404, Refusal not_now."""
    found = reach(Membership, membership_id)
    held_group(found.group_id)
    with scope.authority(found.authority_id):
        held = reach(Membership, membership_id, lock=True)
    require_move(MembershipState(held.state), verb, held.get_state_display())
    return held


def require_move(state: StrEnum, verb: str, label: str) -> None:
    """Raises Refusal not_now when states.py lets no such verb run in this state, named by `label`."""
    if not allowed(state, verb):
        message = _("Ce n’est pas possible à ce stade\u202f: «\u202f{state}\u202f». Rechargez la page pour la suite.")
        raise Refusal("not_now", message.format(state=label))


def require_alive(group: JointProcurement) -> None:
    """Raises Refusal ended once the group has reached its term."""
    if group.state == GroupState.ENDED:
        raise Refusal("ended", _("Ce groupement est terminé\u202f: il se lit, mais plus rien n’y change."))
