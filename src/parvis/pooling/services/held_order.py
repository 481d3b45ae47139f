from uuid import UUID

from django.utils.translation import gettext as _

from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import PurchaseOrder
from parvis.pooling.selectors.reach import reach
from parvis.pooling.services.held import require_move
from parvis.pooling.states import OrderState


def held_order(order_id: UUID, verb: str) -> PurchaseOrder:
    """An order of the authority in scope, held FOR UPDATE until commit. Raises Http404, Refusal not_yours, not_now."""
    if reach(PurchaseOrder, order_id).authority_id != scope.current_authority():
        message = _("Seule la collectivité qui commande peut le faire. Répondez-lui par l’information du groupement.")
        raise Refusal("not_yours", message)
    held = reach(PurchaseOrder, order_id, lock=True)
    require_move(OrderState(held.state), verb, held.get_state_display())
    return held
