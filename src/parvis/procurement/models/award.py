from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.kit import clock
from parvis.kit.models import PublishedModel
from parvis.procurement.models.consultation import Consultation


class Award(PublishedModel):
    """Who got a contract, and for how much: public, so that every authority's pages may read it.

    `consultation` None: a contract that was there before the platform. `lot`: its number in the consultation. A price,
    or the bounds of a framework agreement, in euro cents excluding VAT.
    """

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="awards", null=True, blank=True
    )
    lot = models.PositiveSmallIntegerField(null=True, blank=True)
    reference = models.CharField(_("Numéro du marché"), max_length=40)
    title = models.CharField(_("Intitulé"), max_length=200)
    contractor_name = models.CharField(_("Titulaire"), max_length=200)
    contractor_siret = models.CharField(_("SIRET du titulaire"), max_length=14)
    decided_on = models.DateField(_("Date de la décision d’attribution"))
    signed_on = models.DateField(_("Date de signature"), null=True, blank=True)
    notified_on = models.DateField(_("Date de notification"), null=True, blank=True)
    duration_months = models.PositiveSmallIntegerField(
        _("Durée en mois"), validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    amount_cents = models.BigIntegerField(_("Montant"), null=True, blank=True)
    framework_min_cents = models.BigIntegerField(_("Minimum de l’accord-cadre"), null=True, blank=True)
    framework_max_cents = models.BigIntegerField(_("Maximum de l’accord-cadre"), null=True, blank=True)
    recorded_by = models.UUIDField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["-decided_on", "reference"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority_id", "reference"],
                name="one_award_per_reference",
                violation_error_message=_("Un marché porte déjà ce numéro. Choisissez-en un autre."),
            ),
            models.UniqueConstraint(
                fields=["consultation", "lot"],
                condition=models.Q(consultation__isnull=False),
                nulls_distinct=False,
                name="one_award_per_lot",
                violation_error_message=_("L’attribution est déjà enregistrée."),
            ),
            models.CheckConstraint(
                condition=models.Q(lot__isnull=True) | models.Q(consultation__isnull=False),
                name="award_of_a_lot_has_a_consultation",
                violation_error_message=_("Un lot est celui d’une consultation\u202f: dites laquelle."),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    amount_cents__isnull=False,
                    amount_cents__gt=0,
                    framework_min_cents__isnull=True,
                    framework_max_cents__isnull=True,
                )
                | models.Q(amount_cents__isnull=True, framework_max_cents__isnull=False, framework_max_cents__gt=0),
                name="award_has_a_price_or_a_maximum",
                violation_error_message=_("Donnez un montant, ou le maximum de l’accord-cadre, supérieur à zéro."),
            ),
            models.CheckConstraint(
                condition=models.Q(framework_min_cents__isnull=True)
                | models.Q(framework_min_cents__gte=0, framework_max_cents__gte=models.F("framework_min_cents")),
                name="award_maximum_reaches_minimum",
                violation_error_message=_("Le maximum de l’accord-cadre est inférieur à son minimum."),
            ),
            models.CheckConstraint(
                condition=models.Q(signed_on__isnull=True) | models.Q(signed_on__gte=models.F("decided_on")),
                name="award_is_signed_after_its_decision",
                violation_error_message=_("La signature ne peut pas précéder la décision d’attribution."),
            ),
            models.CheckConstraint(
                condition=models.Q(notified_on__isnull=True)
                | models.Q(signed_on__isnull=False, notified_on__gte=models.F("signed_on")),
                name="award_is_notified_once_signed",
                violation_error_message=_(
                    "Un marché se notifie une fois signé\u202f: la notification suit la signature."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"
