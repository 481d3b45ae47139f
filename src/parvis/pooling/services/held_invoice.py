from uuid import UUID

from django.utils.translation import gettext as _

from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import Invoice, PurchaseOrder
from parvis.pooling.selectors.reach import reach
from parvis.pooling.services.held import require_move
from parvis.pooling.states import InvoiceState


def held_invoice(invoice_id: UUID, verb: str) -> Invoice:
    """An invoice of the authority in scope, held FOR UPDATE until commit. Raises Http404, Refusal not_yours, not_now.

    Whoever needs its order too holds the order first.
    """
    own_invoice(invoice_id)
    held = reach(Invoice, invoice_id, lock=True)
    require_move(InvoiceState(held.state), verb, held.get_state_display())
    return held


def own_invoice(invoice_id: UUID) -> Invoice:
    """As it is now, not held. Raises Http404, Refusal not_yours."""
    found = reach(Invoice, invoice_id)
    _require_own(found)
    return found


def held_invoiced_order(order_id: UUID) -> PurchaseOrder:
    """An order of the authority in scope, held FOR UPDATE whatever its state. Raises Http404, Refusal not_yours."""
    _require_own(reach(PurchaseOrder, order_id))
    return reach(PurchaseOrder, order_id, lock=True)


def _require_own(row: Invoice | PurchaseOrder) -> None:
    if row.authority_id != scope.current_authority():
        message = _("Cette facture est celle d’un autre membre\u202f: lui seul la traite. Vous pouvez la lire.")
        raise Refusal("not_yours", message)
