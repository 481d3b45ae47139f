from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.kit.models import ScopedModel
from parvis.procurement.models.consultation import Consultation
from parvis.procurement.models.keys import CustodianKey, OpeningKey
from parvis.procurement.models.submission import Envelope


class OpeningSession(ScopedModel):
    """The board's session: opened once per consultation, after the deadline. `stage` is what is being opened now."""

    consultation = models.OneToOneField(Consultation, on_delete=models.PROTECT, related_name="session")
    stage = models.CharField(max_length=12, choices=[("application", _("Candidatures")), ("bid", _("Offres"))])
    chair_id = models.UUIDField()
    recipient = models.CharField(max_length=100, blank=True)
    started_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)


class Attendance(ScopedModel):
    session = models.ForeignKey(OpeningSession, on_delete=models.PROTECT, related_name="attendance")
    person_id = models.UUIDField(null=True)
    name = models.CharField(_("Prénom et nom"), max_length=150)
    quality = models.CharField(_("Qualité"), max_length=120)


class ReleasedShare(ScopedModel):
    """A custodian's share, sealed again to the session's own key; void when the session's key changes."""

    session = models.ForeignKey(OpeningSession, on_delete=models.PROTECT, related_name="released")
    opening_key = models.ForeignKey(OpeningKey, on_delete=models.PROTECT, related_name="+")
    custodian = models.ForeignKey(CustodianKey, on_delete=models.PROTECT, related_name="+")
    session_recipient = models.CharField(max_length=100)
    sealed = models.BinaryField()
    method = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["opening_key", "custodian", "session_recipient"], name="one_release_per_session_key"
            )
        ]


class OpenedDocument(ScopedModel):
    """A document taken out of an opened envelope."""

    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="documents")
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta(ScopedModel.Meta):
        ordering = ["position"]
