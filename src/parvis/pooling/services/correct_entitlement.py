from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import FrameworkMember
from parvis.pooling.selectors.members import is_member
from parvis.pooling.selectors.today import today
from parvis.pooling.services.held_framework import held_framework
from parvis.pooling.services.save_checked import save_checked


def correct_entitlement(
    framework_id: UUID, member_id: UUID, *, identified: bool, because: str, actor_id: UUID | None = None
) -> FrameworkMember:
    """Whether the procedure named a member when it was launched, when the dates say otherwise, and how it is known.

    Raises Http404, Refusal not_coordinator, no_reason, not_a_member.
    """
    framework = held_framework(framework_id)
    if not because.strip():
        message = _(
            "Écrivez comment vous le savez. Exemple\u202f: nommée à l’article 1 du règlement de la consultation."
        )
        raise Refusal("no_reason", message, "because")
    found = FrameworkMember.objects.filter(framework=framework, member_id=member_id).first()
    if found is None and not is_member(framework.group, member_id, today()):
        raise Refusal("not_a_member", _("Cette collectivité n’est pas membre du groupement aujourd’hui."))
    row = found or FrameworkMember(framework=framework, circle_id=framework.circle_id, member_id=member_id)
    row.identified_at_launch, row.because = identified, because.strip()
    save_checked(row)
    data = {"member": str(member_id), "identified": identified, "because": row.because}
    audit.record("framework.entitlement_corrected", subject=framework.id, data=data, actor=actor_id)
    return row
