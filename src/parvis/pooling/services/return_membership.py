from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import Membership
from parvis.pooling.selectors.reach import require_coordinator
from parvis.pooling.services.held import held_membership
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.services.tell_of_group import tell_of_group
from parvis.pooling.states import MembershipState


def return_membership(membership_id: UUID, missing: str, *, actor_id: UUID) -> Membership:
    """The coordinator sends a notified decision back, and says what is missing; the commune notifies it again.

    Raises Http404, Refusal: not_coordinator, not_now, missing (nothing said).
    """
    with transaction.atomic():
        held = held_membership(membership_id, "return_membership")
        require_coordinator(held.group)
        if not missing.strip():
            raise Refusal("missing", _("Dites ce qui manque\u202f: la commune le lira telle quelle."), "missing")
        held.missing, held.state = missing.strip(), MembershipState.PROSPECT
        save_checked(held)
        data = {"member": str(held.member_id), "missing": held.missing}
        fact = audit.record("membership.returned", subject=held.id, data=data, actor=actor_id)
        title = _("Votre adhésion au groupement «\u202f{name}\u202f» est à compléter").format(name=held.group.name)
        text = _("Le coordinateur écrit\u202f:\n{missing}").format(missing=held.missing)
        once = f"membership.returned:{fact.id}"
        tell_of_group(held.member_id, held.group, title, text, once=once, page="group_members")
    return held
