from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from parvis.procurement.contracts import GroupBuyer, LotView, Nature
from parvis.procurement.models import Consultation
from parvis.procurement.services.create_consultation import create_consultation
from parvis.procurement.services.save_draft import LotInput, save_draft
from parvis.procurement.services.set_group_buyers import set_group_buyers


def open_group_consultation(
    *,
    title: str,
    purpose: str,
    cpv: str,
    nature: Nature,
    framework_min_cents: int | None,
    framework_max_cents: int,
    duration_months: int,
    estimated_cents: int | None,
    lots: Sequence[LotView] = (),
    buyers: Sequence[GroupBuyer],
    group_id: UUID,
    actor_id: UUID,
) -> UUID:
    """A draft of a framework agreement, filled with the needs of a joint procurement; the id of the consultation.

    In the scope of the authority that coordinates. Lots come in the order of their numbers. The buyer goes on with it
    as with any draft. Raises the Refusals of create_consultation, save_draft and set_group_buyers: then
    nothing is left.
    """
    with transaction.atomic():
        made = create_consultation(title=title, nature=nature, actor_id=actor_id)
        Consultation.objects.filter(id=made.id).update(group_id=group_id)
        fields = {
            "purpose": purpose, "cpv": cpv, "framework": True, "framework_min_cents": framework_min_cents,
            "framework_max_cents": framework_max_cents, "duration_months": duration_months,
            "estimated_cents": estimated_cents,
        }  # fmt: skip
        rows = [LotInput(one.title, one.cpv, one.estimated_cents) for one in sorted(lots, key=lambda one: one.number)]
        save_draft(made.id, fields, actor_id=actor_id, lots=rows)
        set_group_buyers(made.id, buyers, actor_id=actor_id)
    return made.id
