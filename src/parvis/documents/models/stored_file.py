from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.kit.models import ScopedModel


class ScanState(models.TextChoices):
    PENDING = "pending", _("Analyse en cours")
    CLEAN = "clean", _("Aucun virus trouvé")
    INFECTED = "infected", _("En quarantaine\u202f: virus trouvé")
    UNCHECKED = "unchecked", _("Non analysé")


class StoredFile(ScopedModel):
    """A whole file kept under its id; its bytes never change."""

    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100, default="application/octet-stream")
    scan = models.CharField(max_length=10, choices=ScanState.choices, default=ScanState.PENDING)
    scan_report = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
