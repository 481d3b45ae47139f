from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.kit import clock
from parvis.kit.models import ScopedModel


class WaitingState(models.TextChoices):
    WAITING = "waiting", _("En attente")
    SERVED = "served", _("A trouvé une place")
    LEFT = "left", _("N’attend plus")


class Waiting(ScopedModel):
    """Somebody who wants an earlier slot, in any of the chosen places. Kept by the agglomeration, across communes.

    `place_ids` empty: any place. A slot fits from `after` to `before`, both days included.
    """

    reason_code = models.CharField(max_length=40)
    persons = models.PositiveSmallIntegerField(default=1)
    place_ids = models.JSONField(default=list)
    after = models.DateField()
    before = models.DateField()
    email = models.EmailField()
    phone = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=8, choices=WaitingState.choices, default=WaitingState.WAITING)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    confirmed_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(before__gte=models.F("after")),
                name="waiting_ends_after_it_begins",
                violation_error_message=_("La dernière date précède la première."),
            )
        ]


class Offer(ScopedModel):
    """A freed slot shown to some who wait, first come; its booking (of the place's authority) keeps it meanwhile."""

    waiting = models.ForeignKey(Waiting, on_delete=models.CASCADE, related_name="offers")
    place_authority_id = models.UUIDField()
    booking_id = models.UUIDField(db_index=True)
    starts_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(default=clock.now, editable=False)
    taken_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["waiting", "booking_id"],
                name="one_offer_per_waiting_and_slot",
                violation_error_message=_("Cette place a déjà été proposée à cette personne."),
            )
        ]
