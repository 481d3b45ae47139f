from datetime import date
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.kit.jinja import date_long
from parvis.pooling.models import JointProcurement, Membership, PaperKind
from parvis.pooling.selectors.reach import require_coordinator
from parvis.pooling.selectors.today import today
from parvis.pooling.services.attach_paper import attach_paper
from parvis.pooling.services.ensure_default_keys import ensure_default_keys
from parvis.pooling.services.held import held_group, require_move
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.services.tell_of_group import tell_of_group
from parvis.pooling.states import GroupState, MembershipState


def start_group(
    group_id: UUID,
    *,
    signed_on: date,
    starts_on: date,
    ends_on: date,
    stream: BinaryIO,
    name: str,
    actor_id: UUID,
) -> JointProcurement:
    """The constitutive agreement is signed and attached: the group is in force from `starts_on` to the day before
    `ends_on`. Whoever is a member already is so from that first day at the earliest.

    Raises Refusal: not_coordinator, not_now, in_the_future, over (the term has passed), invalid, and those of
    attach_paper.
    """
    with transaction.atomic():
        group = held_group(group_id)
        require_coordinator(group)
        require_move(GroupState(group.state), "start_group", group.get_state_display())
        _check_days(signed_on, ends_on)
        foreseen = group.starts_on
        group.signed_on, group.starts_on, group.ends_on = signed_on, starts_on, ends_on
        group.state = GroupState.RUNNING
        save_checked(group)
        attach_paper(
            group.id, group.id, PaperKind.CONSTITUTIVE, _("Convention constitutive"), stream,
            owner_id=group.authority_id, name=name, dated=signed_on, actor_id=actor_id,
        )  # fmt: skip
        _move_members(group, starts_on, foreseen)
        ensure_default_keys(group, actor_id)
        data = {"signed_on": signed_on.isoformat(), "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
        audit.record("group.started", subject=group.id, data=data, actor=actor_id)
        _tell(group, starts_on)
    return group


def _check_days(signed_on: date, ends_on: date) -> None:
    if signed_on > today():
        raise Refusal("in_the_future", _("Cette date de signature est à venir. Vérifiez-la."), "signed_on")
    if ends_on <= today():
        raise Refusal("over", _("Ce terme est déjà passé. Vérifiez-le."), "ends_on")


def _move_members(group: JointProcurement, starts_on: date, foreseen: date | None) -> None:
    """To the first day: those who were to be members from the day foreseen, and those from an earlier one."""
    for one in Membership.objects.filter(group=group, state=MembershipState.MEMBER):
        own = one.member_id == group.authority_id
        if own or one.effective_on is None or one.effective_on == foreseen or one.effective_on < starts_on:
            one.effective_on = starts_on
            save_checked(one)


def _tell(group: JointProcurement, starts_on: date) -> None:
    others = Membership.objects.filter(group=group).exclude(member_id=group.authority_id)
    for one in others:
        title = _("Le groupement «\u202f{name}\u202f» est constitué").format(name=group.name)
        text = _("Sa convention constitutive est signée. Il commence le {day}.").format(day=date_long(starts_on))
        tell_of_group(one.member_id, group, title, text, once=f"group.started:{group.id}")
