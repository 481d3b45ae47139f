from uuid import UUID

from django.utils.translation import gettext as _

from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import Statement
from parvis.pooling.selectors.reach import reach
from parvis.pooling.services.held import require_move
from parvis.pooling.states import StatementState


def held_statement(statement_id: UUID, verb: str) -> Statement:
    """A statement that the authority in scope issued, held until commit. Raises Http404, Refusal not_yours, not_now."""
    found = reach(Statement, statement_id)
    if found.authority_id != scope.current_authority():
        message = _("Seule la collectivité qui appelle ce montant peut le faire. Écrivez-lui si vous le contestez.")
        raise Refusal("not_yours", message)
    held = reach(Statement, statement_id, lock=True)
    require_move(StatementState(held.state), verb, held.get_state_display())
    return held
