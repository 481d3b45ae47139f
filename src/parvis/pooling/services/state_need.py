from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import JointProcurement, Membership, Need
from parvis.pooling.rules import KINDS
from parvis.pooling.services.held import held_group, require_alive
from parvis.pooling.services.save_checked import save_checked


def state_need(
    group_id: UUID,
    *,
    label: str,
    kind: str,
    quantity: int = 1,
    unit: str = "",
    estimated_cents: int | None = None,
    wanted_on: date | None = None,
    remark: str = "",
    actor_id: UUID,
) -> Need:
    """What the authority in scope asks of the group, as a member or a prospect. `kind`: a code of rules.KINDS;
    `estimated_cents`: excluding VAT, over the whole term.

    Raises Http404, Refusal: ended, not_in_group, kind, invalid.
    """
    with transaction.atomic():
        group = held_group(group_id)
        require_alive(group)
        _require_place(group)
        check_kind(kind)
        need = Need(
            group=group, circle_id=group.id, label=label, kind=kind, quantity=quantity, unit=unit,
            estimated_cents=estimated_cents, wanted_on=wanted_on, remark=remark, stated_by=actor_id,
        )  # fmt: skip
        save_checked(need)
        data = {"group": str(group.id), "label": label, "kind": kind, "quantity": quantity}
        audit.record("need.stated", subject=need.id, data=data, actor=actor_id)
    return need


def check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise Refusal("kind", _("Choisissez une nature dans la liste."), "kind")


def _require_place(group: JointProcurement) -> None:
    if not Membership.objects.filter(group=group, member_id=scope.current_authority()).exists():
        raise Refusal("not_in_group", _("Rejoignez d’abord le groupement\u202f: ses membres y écrivent leurs besoins."))
