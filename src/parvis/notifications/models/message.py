from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.kit import clock
from parvis.kit.models import GlobalModel


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("En attente")
    SENT = "sent", _("Remis au serveur de messagerie")
    FAILED = "failed", _("Échec définitif")


class Message(GlobalModel):
    """One e-mail to one address and what became of it. Global: account mails belong to no authority; desks see theirs
    by `authority_id`.
    """

    authority_id = models.UUIDField(null=True, db_index=True)
    subject_id = models.UUIDField(null=True, db_index=True)
    once_key = models.CharField(max_length=200, unique=True)
    to = models.EmailField(max_length=254)
    title = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    sent_at = models.DateTimeField(null=True)
