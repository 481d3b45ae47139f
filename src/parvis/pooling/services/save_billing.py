from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import Membership
from parvis.pooling.services.held import held_group, require_alive

LONGEST = 40


def save_billing(group_id: UUID, *, service_code: str, commitment: str, actor_id: UUID | None = None) -> Membership:
    """What the finance software of the creditors must know of the authority in scope, for the next calls; what is
    called already keeps its own. The row is the coordinator's: it is written in its scope.

    Raises Http404, Refusal not_member, too_long, ended.
    """
    code, number = " ".join(service_code.split()), " ".join(commitment.split())
    for field, value in (("service_code", code), ("commitment", number)):
        if len(value) > LONGEST:
            message = _("C’est trop long\u202f: {most} signes au plus.").format(most=LONGEST)
            raise Refusal("too_long", message, field)
    with transaction.atomic():
        group = held_group(group_id)
        require_alive(group)
        me = scope.current_authority()
        with scope.authority(group.authority_id):
            found: Membership | None = Membership.objects.filter(group=group, member_id=me).first()
            if found is None:
                raise Refusal("not_member", _("Votre collectivité ne fait pas partie de ce groupement."))
            found.service_code, found.commitment = code, number
            found.save(update_fields=["service_code", "commitment"])
        data = {"service_code": code, "commitment": number}
        audit.record("membership.billing_saved", subject=found.id, data=data, actor=actor_id)
        return found
