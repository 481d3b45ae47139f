from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.kit.models import ScopedModel
from parvis.procurement.models.consultation import Consultation


class GroupRole(models.TextChoices):
    LEADER = "leader", _("Coordonnateur")
    MEMBER = "member", _("Membre")


class ConsultationBuyer(ScopedModel):
    """One of the authorities that buy together by this consultation; the leader is the authority that holds it."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="buyers")
    buyer = models.ForeignKey("authorities.Authority", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, choices=GroupRole.choices)
    rank = models.PositiveSmallIntegerField()

    class Meta(ScopedModel.Meta):
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "buyer"],
                name="one_place_per_group_buyer",
                violation_error_message=_("Cette collectivité est déjà dans le groupement."),
            ),
            models.UniqueConstraint(
                fields=["consultation"],
                condition=models.Q(role="leader"),
                name="one_leader_per_consultation",
                violation_error_message=_("Un groupement de commandes n’a qu’un coordonnateur."),
            ),
        ]
