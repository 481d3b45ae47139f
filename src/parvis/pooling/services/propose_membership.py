from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.authorities.facade import authority, give_seat
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import JointProcurement, Membership
from parvis.pooling.selectors.joinable import coordinator_of
from parvis.pooling.services.held import held_group, require_alive
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.services.tell_of_group import tell_of_group


def propose_membership(group_id: UUID, member_id: UUID, *, actor_id: UUID) -> Membership:
    """An authority becomes a prospect of a group and reads it from now on: it comes by itself to a public group, or is
    invited by the coordinator.

    Raises Http404 (no such group, or a private one), Refusal: not_yours (in another's name), ended, already.
    """
    asking, owner = scope.current_authority(), coordinator_of(group_id)
    if asking not in {member_id, owner}:
        raise Refusal("not_yours", _("Une collectivité se propose elle-même, ou le coordinateur l’invite."))
    with scope.authority(owner):
        group = held_group(group_id)
        require_alive(group)
        _refuse_twice(group, member_id)
        made = Membership(group=group, circle_id=group.id, member_id=member_id)
        save_checked(made)
        give_seat(group.id, member_id)
        data = {"member": str(member_id), "by": str(asking)}
        audit.record("membership.proposed", subject=made.id, data=data, actor=actor_id)
        _tell(group, made, invited=asking == owner)
    return made


def _refuse_twice(group: JointProcurement, member_id: UUID) -> None:
    if Membership.objects.filter(group=group, member_id=member_id).exists():
        message = _("{name} est déjà dans la liste du groupement. Ouvrez sa ligne pour la suite.")
        raise Refusal("already", message.format(name=authority(member_id).name), "member")


def _tell(group: JointProcurement, made: Membership, *, invited: bool) -> None:
    if invited:
        title = _("Votre commune est invitée dans le groupement «\u202f{name}\u202f»").format(name=group.name)
        text = _("Pour en être membre, écrivez vos besoins et notifiez votre décision au coordinateur.")
        tell_of_group(made.member_id, group, title, text, once=f"membership.proposed:{made.id}")
    else:
        member = authority(made.member_id).name
        title = _("{member} s’intéresse au groupement «\u202f{name}\u202f»").format(member=member, name=group.name)
        text = _("Elle notifiera sa décision et ses besoins. Vous n’avez rien à faire d’ici là.")
        tell_of_group(group.authority_id, group, title, text, once=f"membership.proposed:{made.id}")
