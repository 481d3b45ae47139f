from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.authorities.facade import authority
from parvis.kit import clock, outbox
from parvis.kit.errors import Refusal
from parvis.kit.money import euros
from parvis.pooling.models import OrderState, PurchaseOrder
from parvis.pooling.selectors.issue_checks import issue_checks
from parvis.pooling.selectors.orders import party_ids
from parvis.pooling.selectors.today import today
from parvis.pooling.services.draft_order import require_member
from parvis.pooling.services.held_order import held_order
from parvis.pooling.services.record_order_costs import record_order_costs
from parvis.pooling.services.reserve import Reserved, reserve
from parvis.pooling.services.sign_order import sign_order
from parvis.pooling.services.tell_of_order import tell_of_order
from parvis.pooling.services.warn_of_ceiling import warn_of_ceiling


@transaction.atomic
def issue_order(order_id: UUID, *, signatory: str, reason: str = "", actor_id: UUID | None = None) -> PurchaseOrder:
    """Send the contractor an order that commits: number, signature, its part of the maximum, its costs to share.

    `signatory`: name and quality of who signs. `reason`: why a member that the procedure did not name orders all the
    same. Raises Http404, Refusal not_yours, not_now, not_a_member, no_signatory, information, prices, term,
    above_maximum, not_identified.
    """
    order = held_order(order_id, "issue_order")
    require_member(order.framework)
    if not signatory.strip():
        raise Refusal("no_signatory", _("Écrivez le nom et la qualité de la personne qui signe."), "signatory")
    _require_checks(order, reason.strip())
    reserved = reserve(order.framework, order.ht_cents)
    order.number = f"BC-{today().year}-{reserved.rank:04d}"
    order.state, order.issued_at, order.issued_by = OrderState.ISSUED, clock.now(), actor_id
    order.signatory, order.entitlement_reason = signatory.strip()[:160], reason.strip()[:300]
    signed = order.signed_order = sign_order(order)
    order.save()
    record_order_costs(order)
    _record(order, reserved, signed["digest"], actor_id)
    warn_of_ceiling(order.framework, reserved)
    _tell(order)
    return order


def _require_checks(order: PurchaseOrder, reason: str) -> None:
    """Raises Refusal for the first condition that does not hold; reserve says its own no about the maximum."""
    for check in issue_checks(order):
        if check.code == "ceiling":
            continue
        if check.holds is None and not reason:
            raise Refusal("not_identified", check.detail, "reason")
        if check.holds is False:
            raise Refusal(check.code, check.detail)


def _record(order: PurchaseOrder, reserved: Reserved, digest: str, actor_id: UUID | None) -> None:
    data = {
        "number": order.number, "framework": str(order.framework_id), "ht_cents": order.ht_cents,
        "vat_cents": order.vat_cents, "used_cents": reserved.used_cents, "max_cents": reserved.max_cents,
        "signatory": order.signatory, "entitlement_reason": order.entitlement_reason,
        "parties": [str(one) for one in party_ids(order)], "digest": digest,
    }  # fmt: skip
    audit.record("order.issued", subject=order.id, data=data, actor=actor_id)


def _tell(order: PurchaseOrder) -> None:
    """The contractor by a job that draws the PDF; the members that share it by a mail."""
    if order.framework.contractor_email:
        outbox.enqueue("pooling.send_order", authority=str(order.authority_id), order=str(order.id))
    others = [one for one in party_ids(order) if one != order.authority_id]
    title = _("Le bon de commande {number} est émis").format(number=order.number)
    text = _("{who} a émis la commande que vous partagez\u202f: «\u202f{title}\u202f», {amount} hors taxes.").format(
        who=authority(order.authority_id).name, title=order.title, amount=euros(order.ht_cents)
    )
    tell_of_order(order, others, title, text, once="issued")
