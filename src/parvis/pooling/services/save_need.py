from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import Need
from parvis.pooling.selectors.needs import taken_up
from parvis.pooling.selectors.reach import reach
from parvis.pooling.services.held import held_group, require_alive
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.services.state_need import check_kind

FIELDS = frozenset({"label", "kind", "quantity", "unit", "estimated_cents", "wanted_on", "remark"})


def save_need(need_id: UUID, values: Mapping[str, Any], *, actor_id: UUID) -> Need:
    """Changes a need of the authority in scope, as long as no consultation has taken it up.

    Raises Http404 (another's need too), Refusal: ended, taken_up, kind, invalid. KeyError for another field.
    """
    if unknown := set(values) - FIELDS:
        raise KeyError(sorted(unknown))
    with transaction.atomic():
        need = own_free_need(need_id)
        check_kind(values.get("kind", need.kind))
        for name, value in values.items():
            setattr(need, name, value)
        save_checked(need)
        audit.record("need.saved", subject=need.id, data={"changed": sorted(values)}, actor=actor_id)
    return need


def own_free_need(need_id: UUID) -> Need:
    """Held until commit, with its group. Raises Http404, Refusal: ended, taken_up."""
    known = reach(Need, need_id, authority_id=scope.current_authority())
    group = held_group(known.group_id)
    require_alive(group)
    if str(need_id) in taken_up(group):
        message = _(
            "Une consultation a déjà repris ce besoin\u202f: il ne change plus. Écrivez un autre besoin pour ce qui"
            " manque."
        )
        raise Refusal("taken_up", message)
    return reach(Need, need_id, lock=True)
