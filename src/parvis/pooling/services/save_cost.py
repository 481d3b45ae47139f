from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import CostItem
from parvis.pooling.rules.cost_terms import CostTerms, checked
from parvis.pooling.services.held_cost import (
    facts_of,
    held_cost,
    require_nothing_called,
    require_open_year,
    require_place,
    write_terms,
)
from parvis.pooling.services.save_checked import save_checked


def save_cost(cost_id: UUID, terms: CostTerms, *, actor_id: UUID | None = None) -> CostItem:
    """Another estimate, as long as nothing was called on it. What comes from an order keeps its kind and amounts.

    Raises Http404, Refusal: not_yours, not_now, called, from_order, and those of record_cost.
    """
    item = held_cost(cost_id, "save_cost")
    require_nothing_called(item)
    terms = checked(terms)
    if item.order_id and (terms.kind, terms.ht_cents, terms.vat) != (item.kind, item.ht_cents, item.vat_cents):
        message = _("Nature et montants viennent du bon de commande. Arrêtez le coût si la facture dit autre chose.")
        raise Refusal("from_order", message, "ht_cents")
    require_open_year(item.group, item.year)
    require_place(item.group, terms)
    before = facts_of(item)
    write_terms(item, terms)
    save_checked(item)
    audit.record("cost.saved", subject=item.id, data={"before": before, **facts_of(item)}, actor=actor_id)
    return item
