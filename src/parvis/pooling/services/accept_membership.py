from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.kit.jinja import date_long
from parvis.pooling.models import FrameworkAgreement, FrameworkMember, Membership
from parvis.pooling.selectors.reach import require_coordinator
from parvis.pooling.services.follow_members import follow_members
from parvis.pooling.services.held import held_membership, require_alive
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.services.tell_of_group import tell_of_group
from parvis.pooling.states import MembershipState


def accept_membership(membership_id: UUID, effective_on: date, *, actor_id: UUID) -> Membership:
    """The coordinator takes note of a decision: a member from `effective_on`, until the group's term.

    It enters the group's frameworks, with whether it was a member before their procedure was launched, and its
    consultations that are not published yet. Raises Http404, Refusal: not_coordinator, not_now, ended, effective_on.
    """
    with transaction.atomic():
        held = held_membership(membership_id, "accept_membership")
        require_coordinator(held.group)
        require_alive(held.group)
        _check_day(held, effective_on)
        held.effective_on, held.state = effective_on, MembershipState.MEMBER
        save_checked(held)
        _enter_frameworks(held, effective_on)
        follow_members(held.group, actor_id=actor_id)
        data = {"member": str(held.member_id), "effective_on": effective_on.isoformat()}
        audit.record("membership.accepted", subject=held.id, data=data, actor=actor_id)
        title = _("Votre collectivité est membre du groupement «\u202f{name}\u202f»").format(name=held.group.name)
        text = _("À partir du {day}, jusqu’au terme du groupement.").format(day=date_long(effective_on))
        tell_of_group(held.member_id, held.group, title, text, once=f"membership.accepted:{held.id}")
    return held


def _check_day(held: Membership, effective_on: date) -> None:
    group = held.group
    if held.notified_on and effective_on < held.notified_on:
        message = _("L’adhésion ne peut pas prendre effet avant sa notification, le {day}.")
        raise Refusal("effective_on", message.format(day=date_long(held.notified_on)), "effective_on")
    if group.starts_on and effective_on < group.starts_on:
        message = _("Le groupement commence le {day}\u202f: on n’en est pas membre avant.")
        raise Refusal("effective_on", message.format(day=date_long(group.starts_on)), "effective_on")
    if group.ends_on and effective_on >= group.ends_on:
        message = _("Le groupement finit le {day}. Choisissez un jour avant.")
        raise Refusal("effective_on", message.format(day=date_long(group.ends_on)), "effective_on")


def _enter_frameworks(held: Membership, effective_on: date) -> None:
    for framework in FrameworkAgreement.objects.filter(group=held.group):
        FrameworkMember.objects.get_or_create(
            framework=framework,
            member_id=held.member_id,
            defaults={
                "circle_id": held.group_id,
                "identified_at_launch": effective_on <= framework.launched_on,
            },
        )
