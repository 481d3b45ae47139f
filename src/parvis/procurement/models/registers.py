from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.kit import clock
from parvis.kit.models import ScopedModel
from parvis.procurement.models.consultation import Consultation

# What a line says when all documents left together.
WHOLE = "documents.zip"


class Download(ScopedModel):
    """A line of the download register. Anonymous unless the visitor was signed in or left an address."""

    append_only: ClassVar[bool] = True

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="downloads")
    what = models.CharField(max_length=255)
    documents_version = models.CharField(max_length=64)
    company_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    email = models.EmailField(blank=True)
    at = models.DateTimeField()

    class Meta(ScopedModel.Meta):
        ordering = ["-at"]


class Watcher(ScopedModel):
    """An address to warn of every change and answer of a consultation."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="watchers")
    email = models.EmailField(_("Adresse électronique"))
    company_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    stopped_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "email"],
                name="one_watcher_per_address",
                violation_error_message=_("Cette adresse sera déjà prévenue des changements."),
            )
        ]
