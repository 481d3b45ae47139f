from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.kit.models import ScopedModel


class UploadState(models.TextChoices):
    OPEN = "open", _("En cours")
    COMPLETE = "complete", _("Complet")
    SEALED = "sealed", _("Déposé")
    ABANDONED = "abandoned", _("Abandonné")


class Upload(ScopedModel):
    """Bytes on their way in, by parts, each durable before it is acknowledged. `subject_id` is what they are for (a consultation)."""

    owner_id = models.UUIDField(db_index=True)
    subject_id = models.UUIDField(db_index=True)
    metadata = models.JSONField(default=dict)
    size = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)

    class Meta(ScopedModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(offset__lte=models.F("size"), offset__gte=0),
                name="upload_never_exceeds_its_size",
                violation_error_message=_("Le fichier reçu dépasse la taille annoncée. Recommencez l’envoi."),
            ),
            models.CheckConstraint(
                condition=models.Q(state="open") | models.Q(state="abandoned") | (models.Q(offset=models.F("size")) & ~models.Q(sha256="")),
                name="complete_upload_has_all_its_bytes",
                violation_error_message=_("Il manque des octets au fichier. Reprenez l’envoi."),
            ),
        ]
