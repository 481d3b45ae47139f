from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.kit import clock
from parvis.kit.models import SharedModel


class PaperKind(models.TextChoices):
    DELIBERATION = "deliberation", _("Délibération de l’agglomération")
    COMMUNE_DELIBERATION = "commune_deliberation", _("Délibération de la commune")
    SIGNED_AGREEMENT = "signed_agreement", _("Convention signée")
    AMENDMENT = "amendment", _("Avenant")
    NOTICE_LETTER = "notice_letter", _("Lettre recommandée")
    CONSTITUTIVE = "constitutive", _("Convention constitutive du groupement")
    DECISION = "decision", _("Décision d’adhésion")
    CONTRACT = "contract", _("Pièce du marché")
    SIGNED_ORDER = "signed_order", _("Bon de commande signé")
    DELIVERY = "delivery", _("Procès-verbal de réception")
    INVOICE = "invoice", _("Facture")
    MINUTES = "minutes", _("Compte rendu")
    DISPUTE = "dispute", _("Pièce du litige")
    OTHER = "other", _("Autre pièce")


class Paper(SharedModel):
    """A file attached to an agreement, a group, a membership, an order, an invoice or a meeting (`subject_id`).

    Its bytes belong to the same authority as this row; whoever may read the row may read them.
    """

    subject_id = models.UUIDField(db_index=True)
    kind = models.CharField(_("Nature"), max_length=24, choices=PaperKind.choices)
    title = models.CharField(_("Intitulé"), max_length=200)
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    dated = models.DateField(_("Date de la pièce"), null=True, blank=True)
    added_by = models.UUIDField(null=True)
    added_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(SharedModel.Meta):
        ordering = ["added_at"]
