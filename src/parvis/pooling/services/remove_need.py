from uuid import UUID

from django.db import transaction

from parvis.audit import facade as audit
from parvis.pooling.services.save_need import own_free_need


def remove_need(need_id: UUID, *, actor_id: UUID) -> None:
    """Takes back a need of the authority in scope, as long as no consultation has taken it up.

    Raises Http404, Refusal: ended, taken_up.
    """
    with transaction.atomic():
        need = own_free_need(need_id)
        data = {"group": str(need.group_id), "label": need.label, "kind": need.kind, "quantity": need.quantity}
        audit.record("need.removed", subject=need.id, data=data, actor=actor_id)
        need.delete()
