from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.kit.models import ScopedModel


class UploadState(models.TextChoices):
    OPEN = "open", _("En cours")
    COMPLETE = "complete", _("Complet")
    SEALED = "sealed", _("Déposé")
    ABANDONED = "abandoned", _("Abandonné")


class Upload(ScopedModel):
    """Bytes on their way in, by parts, each durable before it is acknowledged. `subject_id` is what they are for (a
    consultation).
    """

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
                condition=models.Q(state="open")
                | models.Q(state="abandoned")
                | (models.Q(offset=models.F("size")) & ~models.Q(sha256="")),
                name="complete_upload_has_all_its_bytes",
                violation_error_message=_("Il manque des octets au fichier. Reprenez l’envoi."),
            ),
        ]


class UploadEvent(models.TextChoices):
    CREATED = "created", _("Envoi ouvert")
    STARTED = "started", _("Partie commencée")
    RECEIVED = "received", _("Partie reçue")
    REFUSED = "refused", _("Refus ou interruption")
    REMOVED = "removed", _("Envoi retiré par son auteur")


class UploadAttempt(ScopedModel):
    """What a visitor tried and what was answered, so that each side can show whether the platform worked (CE, 23
    September 2021, n° 449250).

    A part has two rows: one when it starts, one when it ends, so that a killed process leaves a trace too.
    """

    append_only: ClassVar[bool] = True

    upload_id = models.UUIDField(null=True, db_index=True)
    owner_id = models.UUIDField()
    subject_id = models.UUIDField(db_index=True)
    event = models.CharField(max_length=8, choices=UploadEvent.choices)
    at = models.DateTimeField()
    offset = models.BigIntegerField(default=0)
    received = models.BigIntegerField(default=0)
    status = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=40, blank=True)
    client_clock = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        ordering = ["at", "id"]
