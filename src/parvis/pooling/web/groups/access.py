"""Who opens which page of a group: everybody of its circle reads, its coordinator alone sees its own forms."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from parvis.pooling.models import JointProcurement, Membership
from parvis.pooling.selectors.groups import own_membership
from parvis.pooling.selectors.reach import coordinates, group_in_reach


def coordinated_group(group_id: UUID) -> JointProcurement:
    """A group that the authority in scope coordinates. Raises Http404."""
    group = group_in_reach(group_id)
    if not coordinates(group):
        raise Http404(
            _("Cette page est celle du coordinateur du groupement. La vue d’ensemble du groupement vous aide.")
        )
    return group


def place_in(group: JointProcurement) -> Membership:
    """The place of the authority in scope. Raises Http404 for one that has none."""
    found = own_membership(group)
    if found is None:
        raise Http404(_("Votre collectivité n’a pas de place dans ce groupement."))
    return found


def takes_part(request: Any) -> bool:
    return bool(request.actor.may("pooling.take_part", request.authority.id))


def runs(request: Any, group: JointProcurement) -> bool:
    """Whether this agent does the coordinator's work in this group."""
    return coordinates(group) and bool(request.actor.may("pooling.coordinate", request.authority.id))
