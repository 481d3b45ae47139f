"""The gate of the room: each fetches what the authority in scope may read, or says that it is not there.

PostgreSQL keeps the others' rows away (kit.models.SharedModel); what only the owner does is asked for here.
"""

from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _

from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import JointProcurement

M = TypeVar("M", bound=models.Model)


def reach(model: type[M], pk: UUID, *, lock: bool = False, **more: Any) -> M:
    """The row of the authority in scope or of its circles. `lock`: held for update, which only its owner may do.

    Raises Http404 in words that tell nothing of the others' rows.
    """
    rows = model._default_manager.all()
    if lock:
        # Its key stays free: who only writes a row that points to it neither waits nor closes a ring of waiters.
        rows = rows.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=pk, **more).first()
    if found is None:
        raise Http404(_("Cette page n’existe pas, ou ne concerne pas votre collectivité."))
    return found


def group_in_reach(group_id: UUID) -> JointProcurement:
    return reach(JointProcurement, group_id)


def coordinates(group: JointProcurement) -> bool:
    return bool(group.authority_id == scope.current_authority())


def require_coordinator(group: JointProcurement) -> None:
    """Raises Refusal (code not_coordinator) for another authority than the group's own."""
    if not coordinates(group):
        message = _("Seul le coordinateur du groupement peut le faire. Écrivez-lui ce que vous souhaitez changer.")
        raise Refusal("not_coordinator", message)
