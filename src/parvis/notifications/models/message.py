from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.kit import clock
from parvis.kit.models import GlobalModel


class Channel(models.TextChoices):
    EMAIL = "email", _("Courriel")
    SMS = "sms", _("SMS")


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("En attente")
    SENT = "sent", _("Remis au serveur de messagerie")
    FAILED = "failed", _("Échec définitif")


class Message(GlobalModel):
    """One e-mail or SMS to one address or number and what became of it. Global: account mails belong to no authority;
    desks see theirs by `authority_id`. `attached` names each file, `attached_contents` holds their bytes in that order.
    """

    authority_id = models.UUIDField(null=True, db_index=True)
    subject_id = models.UUIDField(null=True, db_index=True)
    channel = models.CharField(max_length=5, choices=Channel.choices, default=Channel.EMAIL)
    once_key = models.CharField(max_length=200)
    to = models.CharField(max_length=254)
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)
    attached = models.JSONField(default=list)
    attached_contents = ArrayField(models.BinaryField(), default=list)
    not_after = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "once_key"],
                name="one_message_per_channel_and_key",
                violation_error_message=_("Ce message a déjà été écrit."),
            ),
        ]
