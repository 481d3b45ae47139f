import json
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.authorities.facade import authority
from parvis.kit import scope
from parvis.kit.money import euros
from parvis.notifications import facade as notifications
from parvis.notifications.facade import Attachment
from parvis.pooling.models import OrderState, PurchaseOrder
from parvis.pooling.services.order_pdf import order_pdf


def send_order(authority_id: UUID, order_id: UUID) -> None:
    """Mail an issued order to its contractor once, with its PDF and its signed content; not one cancelled meanwhile."""
    with scope.authority(authority_id):
        order = PurchaseOrder.objects.select_related("framework").get(id=order_id)
        framework = order.framework
        if order.state == OrderState.CANCELLED or not framework.contractor_email:
            return
        words = {
            "number": order.number, "who": authority(authority_id).name, "title": order.title,
            "ht": euros(order.ht_cents), "reference": framework.reference,
        }  # fmt: skip
        title = _("Bon de commande {number}, {who}").format(**words)
        text = _(
            "Bonjour,\n\n{who} vous commande «\u202f{title}\u202f» pour {ht} hors taxes, sur l’accord-cadre"
            " {reference}. Le bon de commande {number} est joint, avec le fichier signé qui le prouve. Merci de"
            " rappeler ce numéro sur la facture."
        ).format(**words)
        signed = json.dumps(order.signed_order, ensure_ascii=False, indent=2).encode()
        files = (
            Attachment(f"{order.number}.pdf", "application/pdf", order_pdf(order)),
            Attachment(f"{order.number}.json", "application/json", signed),
        )
        notifications.send(
            framework.contractor_email, title, text, once_key=f"order:{order.id}:issued:contractor",
            authority_id=authority_id, subject_id=order.id, attachments=files,
        )  # fmt: skip
