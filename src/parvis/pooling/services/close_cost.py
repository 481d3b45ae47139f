from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import CostItem
from parvis.pooling.selectors.today import today
from parvis.pooling.services.held_cost import held_cost, require_open_year
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.states import CostState


def close_cost(cost_id: UUID, *, ht_cents: int, vat_cents: int, proof: str, actor_id: UUID | None = None) -> CostItem:
    """What a cost came to, in cents, and what shows it; zeros for one that was never due. selectors/cost_proposals.py
    proposes both from the order and its invoices.

    Raises Http404, Refusal: not_yours, not_now, closed_year, no_amount, no_proof.
    """
    item = held_cost(cost_id, "close_cost")
    require_open_year(item.group, item.year)
    if ht_cents < 0 or vat_cents < 0 or (vat_cents and not ht_cents):
        message = _("Écrivez ce que ce coût a vraiment coûté\u202f: un montant hors taxes et sa TVA, positifs ou nuls.")
        raise Refusal("no_amount", message, "ht_cents")
    if not proof.strip():
        message = _("Dites ce qui prouve ce montant. Exemple\u202f: facture F-2026-118 du 3 décembre.")
        raise Refusal("no_proof", message, "proof")
    item.final_ht_cents, item.final_vat_cents = ht_cents, vat_cents
    item.proof, item.closed_on, item.state = proof.strip(), today(), CostState.CLOSED
    save_checked(item)
    data = {
        "ht_cents": ht_cents, "vat_cents": vat_cents, "proof": item.proof,
        "estimated": [item.ht_cents, item.vat_cents], "order": str(item.order_id) if item.order_id else None,
    }  # fmt: skip
    audit.record("cost.closed", subject=item.id, data=data, actor=actor_id)
    return item
