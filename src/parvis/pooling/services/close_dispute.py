from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import Dispute
from parvis.pooling.selectors.reach import reach, require_coordinator
from parvis.pooling.selectors.today import today
from parvis.pooling.services.held import require_move
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.states import DisputeState


def close_dispute(dispute_id: UUID, *, closed_on: date, outcome: str, actor_id: UUID) -> Dispute:
    """How and when a dispute was settled. Raises Http404, Refusal: not_coordinator, not_now, dates, invalid."""
    with transaction.atomic():
        require_coordinator(reach(Dispute, dispute_id).group)
        held = reach(Dispute, dispute_id, lock=True)
        require_move(DisputeState(held.state), "close_dispute", held.get_state_display())
        if not held.opened_on <= closed_on <= today():
            message = _("Un litige se règle après son début, et au plus tard aujourd’hui. Vérifiez la date.")
            raise Refusal("dates", message, "closed_on")
        held.closed_on, held.outcome, held.state = closed_on, outcome.strip(), DisputeState.CLOSED
        save_checked(held)
        data = {"group": str(held.group_id), "closed_on": closed_on.isoformat()}
        audit.record("dispute.closed", subject=held.id, data=data, actor=actor_id)
    return held
