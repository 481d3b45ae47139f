from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.kit import clock
from parvis.kit.models import ScopedModel


class SentReminder(ScopedModel):
    """A reminder that left, so that it leaves once. `code` says which, with its date if it comes back."""

    subject_id = models.UUIDField()
    code = models.CharField(max_length=60)
    sent_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["authority_id", "subject_id", "code"],
                name="one_reminder_of_each",
                violation_error_message=_("Ce rappel est déjà parti."),
            )
        ]
