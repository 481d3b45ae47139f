from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from parvis.appointments.models import Agenda, Reason
from parvis.appointments.rules.reasons import SHARED
from parvis.appointments.services.save_checked import save_checked
from parvis.audit import facade as audit
from parvis.kit.errors import Refusal


def save_reason(
    agenda: Agenda, values: Mapping[str, Any], reason: Reason | None = None, *, actor: UUID | None = None
) -> Reason:
    """Adds or changes a reason of an agenda, in the scope of its authority; a new one of the agenda's own gets a code
    from its label. Appointments already made keep their length. Raises Refusal invalid.
    """
    with transaction.atomic():
        if reason is None:
            last = Reason.objects.filter(agenda=agenda).aggregate(last=Max("rank"))["last"] or 0
            reason = Reason(agenda=agenda, rank=last + 1, code=_code(agenda, values))
        for name, value in values.items():
            setattr(reason, name, value)
        save_checked(reason)
        data = {
            "reason": reason.code, "minutes": reason.minutes, "minutes_more": reason.minutes_more,
            "buffer_minutes": reason.buffer_minutes, "units": reason.units, "max_persons": reason.max_persons,
            "active": reason.active,
        }  # fmt: skip
        audit.record("agenda.changed", subject=agenda.id, data=data, actor=actor)
    return reason


def add_shared_reason(agenda: Agenda, code: str, *, actor: UUID | None = None) -> Reason:
    """One of the reasons that all places share, with its usual length; again, it is offered again. Raises Refusal
    unknown.
    """
    shared = SHARED.get(code)
    if shared is None:
        raise Refusal("unknown", _("Ce motif n’est pas dans la liste. Écrivez-le comme un motif à vous."))
    known = Reason.objects.filter(agenda=agenda, code=code).first()
    if known is not None:
        return save_reason(agenda, {"active": True}, known, actor=actor)
    values = {"code": code, "label": shared.label, "minutes": shared.minutes, "minutes_more": shared.minutes_more}
    return save_reason(agenda, values, actor=actor)


def _code(agenda: Agenda, values: Mapping[str, Any]) -> str:
    """A word that no other reason of the agenda has, and that is none of the shared ones."""
    stem = slugify(str(values.get("label", "")))[:34] or "motif"
    taken = {*Reason.objects.filter(agenda=agenda).values_list("code", flat=True), *SHARED}
    return next(one for one in (stem, *(f"{stem}-{n}" for n in range(2, 999))) if one not in taken)
