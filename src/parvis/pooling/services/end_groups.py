from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import scope
from parvis.pooling.models import JointProcurement, Membership
from parvis.pooling.selectors.today import today
from parvis.pooling.services.held import held_group
from parvis.pooling.services.tell_of_group import tell_of_group
from parvis.pooling.states import GroupState, MembershipState


def end_groups(*, actor_id: UUID | None = None) -> int:
    """Ends the groups of the authority in scope whose term has come, and with each its memberships: the only way out.

    How many ended.
    """
    own = JointProcurement.objects.filter(authority_id=scope.current_authority())
    over = list(own.filter(state=GroupState.RUNNING, ends_on__lte=today()).values_list("id", flat=True))
    return sum(_end(group_id, actor_id) for group_id in over)


def _end(group_id: UUID, actor_id: UUID | None) -> bool:
    with transaction.atomic():
        group = held_group(group_id)
        if group.state != GroupState.RUNNING:
            return False
        group.state = GroupState.ENDED
        group.save(update_fields=["state"])
        members = list(Membership.objects.filter(group=group, state=MembershipState.MEMBER))
        Membership.objects.filter(group=group, state=MembershipState.MEMBER).update(state=MembershipState.ENDED)
        data = {"ends_on": str(group.ends_on), "members": len(members)}
        audit.record("group.ended", subject=group.id, data=data, actor=actor_id)
        title = _("Le groupement «\u202f{name}\u202f» est arrivé à son terme").format(name=group.name)
        text = _("Votre adhésion finit avec lui. Les commandes déjà émises vont à leur fin\u202f; tout reste à lire.")
        for one in members:
            tell_of_group(one.member_id, group, title, text, once=f"group.ended:{group.id}")
    return True
