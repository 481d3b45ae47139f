from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import FrameworkAgreement, PurchaseOrder
from parvis.pooling.rules.order_content import OrderContent
from parvis.pooling.selectors.members import is_member
from parvis.pooling.selectors.reach import reach
from parvis.pooling.selectors.today import today
from parvis.pooling.services.write_order import write_order


@transaction.atomic
def draft_order(framework_id: UUID, content: OrderContent, *, actor_id: UUID | None = None) -> PurchaseOrder:
    """An order of the authority in scope, which nobody else is told of yet.

    Raises Refusal not_a_member, framework_over, and those of write_order.
    """
    framework = reach(FrameworkAgreement, framework_id)
    require_member(framework)
    if framework.ends_on <= today():
        raise Refusal("framework_over", _("Cet accord-cadre est terminé\u202f: plus rien ne s’y commande."))
    order = PurchaseOrder(framework=framework, circle_id=framework.circle_id, created_by=actor_id)
    write_order(order, content)
    data = {"framework": str(framework.id), "title": order.title, "ht_cents": order.ht_cents}
    audit.record("order.drafted", subject=order.id, data=data, actor=actor_id)
    return order


def require_member(framework: FrameworkAgreement) -> None:
    """Raises Refusal not_a_member when the authority in scope is no member of the group today."""
    if not is_member(framework.group, scope.current_authority(), today()):
        message = _(
            "Votre collectivité n’est pas membre de ce groupement aujourd’hui\u202f: elle ne peut pas commander."
        )
        raise Refusal("not_a_member", message)
