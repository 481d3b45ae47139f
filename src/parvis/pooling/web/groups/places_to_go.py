"""Where an agent may go on with from a page of a group: no link leads to a page that is closed to them."""

from typing import Any

from django.urls import reverse

from parvis.pooling.models import JointProcurement
from parvis.procurement.contracts import ConsultationLine

_COORDINATE, _TAKE_PART = "pooling.coordinate", "pooling.take_part"
ASKED = {
    "membership": _COORDINATE, "group_start": _COORDINATE, "group_invite": _COORDINATE,
    "needs_consolidate": _COORDINATE, "membership_notify": _TAKE_PART, "need_new": _TAKE_PART,
}  # fmt: skip


def group_url(request: Any, group: JointProcurement, page: str, *more: Any) -> str:
    """Of a page of the group by its name; "" for one that asks for more than this agent's role gives."""
    house = request.authority
    if page in ASKED and not request.actor.may(ASKED[page], house.id):
        return ""
    return reverse(page, args=[house.slug, group.id, *more])


def consultation_url(request: Any, line: ConsultationLine) -> str:
    """The file of a consultation for its buyers, its public page for the others; "" before it has one."""
    house = request.authority
    if line.authority_id == house.id and request.actor.may("consultation.read", house.id):
        return reverse(line.desk_url, args=[line.authority_slug, line.id])
    return reverse(line.public_url, args=[line.authority_slug, line.id]) if line.public_url else ""
