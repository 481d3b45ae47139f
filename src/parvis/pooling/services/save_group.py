from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import JointProcurement, Membership
from parvis.pooling.selectors.reach import require_coordinator
from parvis.pooling.selectors.today import today
from parvis.pooling.services.held import held_group, require_move
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.states import GroupState

FIELDS = frozenset({
    "name", "purpose", "cpv", "starts_on", "ends_on", "information_days", "vat_mode", "instalments", "public",
})  # fmt: skip
OWN_DECISION = frozenset({"decision", "decided_on"})


def save_group(group_id: UUID, values: Mapping[str, Any], *, actor_id: UUID) -> JointProcurement:
    """Changes a group whose constitutive agreement is not signed yet; with `decision` and `decided_on`, the
    coordinator's own.

    Raises Refusal: not_coordinator, not_now, in_the_future, invalid. KeyError for another field.
    """
    if unknown := set(values) - FIELDS - OWN_DECISION:
        raise KeyError(sorted(unknown))
    with transaction.atomic():
        group = held_group(group_id)
        require_coordinator(group)
        require_move(GroupState(group.state), "save_group", group.get_state_display())
        for name in FIELDS & set(values):
            setattr(group, name, values[name])
        save_checked(group)
        _save_own_decision(group, values)
        data = {"changed": sorted(values)}
        audit.record("group.saved", subject=group.id, data=data, actor=actor_id)
    return group


def _save_own_decision(group: JointProcurement, values: Mapping[str, Any]) -> None:
    own = Membership.objects.get(group=group, member_id=group.authority_id)
    own.decision = values.get("decision", own.decision)
    own.decided_on = own.notified_on = values.get("decided_on", own.decided_on)
    if own.decided_on > today():
        raise Refusal("in_the_future", _("Cette décision n’est pas encore prise. Vérifiez sa date."), "decided_on")
    own.effective_on = group.starts_on or own.decided_on
    save_checked(own)
