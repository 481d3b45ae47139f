from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.kit import clock
from parvis.kit.models import ScopedModel
from parvis.procurement.models.consultation import Consultation, Lot


class KeyKind(models.TextChoices):
    APPLICATION = "application", _("Candidatures")
    BID = "bid", _("Offres")
    REHEARSAL = "rehearsal", _("Répétition")


class CustodianKey(ScopedModel):
    """The public side of a custodian's identity.

    Its private side is here only sealed, by their passphrase or passkey, if they wanted it.
    """

    person_id = models.UUIDField(db_index=True)
    recipient = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    sealed_by_passphrase = models.TextField(blank=True)
    sealed_by_passkey = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    replaced_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["authority_id", "person_id"],
                condition=models.Q(replaced_at__isnull=True),
                name="one_custodian_key_in_use",
                violation_error_message=_("Vous avez déjà une clé en service."),
            )
        ]


class OpeningKey(ScopedModel):
    """The key to which the envelopes of one stage and one lot are sealed; its private side exists only as shares."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="opening_keys")
    kind = models.CharField(max_length=12, choices=KeyKind.choices)
    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="+", null=True)
    recipient = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    threshold = models.PositiveSmallIntegerField()
    canary = models.BinaryField(null=True)
    canary_commitment = models.CharField(max_length=64, blank=True)
    canary_opened_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "kind", "lot"],
                nulls_distinct=False,
                name="one_opening_key_per_lot_and_stage",
                violation_error_message=_("Les clés de cette consultation existent déjà."),
            ),
            models.CheckConstraint(
                condition=models.Q(threshold__gte=1),
                name="opening_key_needs_someone",
                violation_error_message=_("Il faut au moins un détenteur pour ouvrir."),
            ),
        ]


class KeyShare(ScopedModel):
    opening_key = models.ForeignKey(OpeningKey, on_delete=models.CASCADE, related_name="shares")
    custodian = models.ForeignKey(CustodianKey, on_delete=models.PROTECT, related_name="shares")
    sealed = models.BinaryField()
    commitment = models.CharField(max_length=64)

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["opening_key", "custodian"],
                name="one_share_per_custodian",
                violation_error_message=_("Un détenteur ne reçoit qu’une part d’une même clé."),
            )
        ]


class RehearsalProof(ScopedModel):
    """A custodian has opened every one of their shares in their own browser."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="rehearsals")
    custodian = models.ForeignKey(CustodianKey, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(
        max_length=10, choices=[("passphrase", _("Phrase secrète")), ("passkey", _("Clé d’accès"))]
    )
    share = models.BinaryField()
    at = models.DateTimeField()

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "custodian"],
                name="one_rehearsal_per_custodian",
                violation_error_message=_("Vous avez déjà répété pour cette consultation."),
            )
        ]
