from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.kit.money import euros
from parvis.pooling.models import Invoice, InvoiceState, OrderState, PurchaseOrder
from parvis.pooling.rules.words import day
from parvis.pooling.selectors.invoices import account
from parvis.pooling.selectors.today import today
from parvis.pooling.services.held_order import held_order
from parvis.pooling.services.release import release
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.services.settle_costs import settle_costs


def pay_order(
    order_id: UUID,
    *,
    paid_on: date,
    reference: str,
    seen_left_cents: int | None = None,
    actor_id: UUID | None = None,
) -> PurchaseOrder:
    """Note that the accountant has paid all that was invoiced: the order is over, what was never invoiced goes back to
    the framework's maximum, and its costs are closed where there is no doubt of what they came to.

    `reference`: the payment order's number. `seen_left_cents`: what the person was told would go back; None: whatever
    it is. Raises Http404, Refusal not_yours, not_now, no_reference, in_the_future, before_order, invoices_waiting,
    changed, invalid.
    """
    order = held_order(order_id, "pay_order")
    _check(order, paid_on, reference)
    due = account(order)
    left = max(0, due.left_ht)
    if seen_left_cents is not None and seen_left_cents != left:
        message = _("Ce qui reste à facturer a changé\u202f: {left} hors taxes. Relisez, puis confirmez.")
        raise Refusal("changed", message.format(left=euros(left)))
    order.state, order.paid_on, order.payment_reference = OrderState.PAID, paid_on, reference.strip()
    save_checked(order)
    # Costs hold the group, and whoever holds it may wait for the framework: that one comes last.
    closed = settle_costs(order, due.net_ht, due.net_ttc - due.net_ht, actor_id=actor_id)
    back = min(left, order.ht_cents - order.released_cents)
    if back:
        release(order, back)
    data = {
        "paid_on": paid_on.isoformat(),
        "reference": order.payment_reference,
        "ht_cents": due.net_ht,
        "ttc_cents": due.net_ttc,
        "released_cents": back,
        "costs": [str(one.id) for one in closed],
    }
    audit.record("order.paid", subject=order.id, data=data, actor=actor_id)
    return order


def _check(order: PurchaseOrder, paid_on: date, reference: str) -> None:
    if not reference.strip():
        message = _("Écrivez le numéro du mandat\u202f: il permet de retrouver le paiement chez votre comptable.")
        raise Refusal("no_reference", message, "reference")
    if paid_on > today():
        raise Refusal("in_the_future", _("Ce paiement n’est pas encore fait. Revenez quand il l’est."), "paid_on")
    issued_on = order.issued_at.astimezone(clock.PARIS).date() if order.issued_at else paid_on
    if paid_on < issued_on:
        message = _("La commande a été émise le {day}, après ce paiement. Vérifiez la date.")
        raise Refusal("before_order", message.format(day=day(issued_on)), "paid_on")
    waiting = Invoice.objects.filter(order=order, state=InvoiceState.READ).first()
    if waiting is not None:
        message = _(
            "La facture {number} attend encore sur cette commande. Rapprochez-la ou refusez-la avant de noter le "
            "paiement."
        )
        raise Refusal("invoices_waiting", message.format(number=waiting.number))
