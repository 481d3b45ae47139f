from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from parvis.kit import clock
from parvis.kit.models import SharedModel


class FrameworkAgreement(SharedModel):
    """The framework agreement of a group: one contractor, one term, one ceiling for all members together.

    Amounts in cents excluding VAT. `used_cents` is the one counter of all orders: an order takes its amount there in
    the statement that checks the maximum (services/reserve.py); `earlier_cents` of it was ordered elsewhere, before the
    contract was taken up here. Half-open dates, but for `earlier_until`, which is a last day.
    """

    group = models.ForeignKey("pooling.JointProcurement", on_delete=models.PROTECT, related_name="frameworks")
    reference = models.CharField(_("Référence"), max_length=40)
    title = models.CharField(_("Intitulé"), max_length=200)
    contractor_name = models.CharField(_("Titulaire"), max_length=160)
    contractor_siret = models.CharField(_("SIRET du titulaire"), max_length=14)
    contractor_email = models.EmailField(_("Adresse où envoyer les commandes"), blank=True)
    award_id = models.UUIDField(null=True, unique=True)
    consultation_id = models.UUIDField(null=True)
    launched_on = models.DateField(_("Procédure lancée le"))
    awarded_on = models.DateField(_("Décision de la commission du"))
    notified_on = models.DateField(_("Notifié le"))
    starts_on = models.DateField(_("Commence le"))
    ends_on = models.DateField(_("Finit le"))
    # Why it lasts more than four years; blank: it does not.
    term_reason = models.CharField(_("Pourquoi plus de quatre ans"), max_length=300, blank=True)
    min_cents = models.BigIntegerField(_("Minimum hors taxes"), default=0)
    max_cents = models.BigIntegerField(_("Maximum hors taxes"))
    used_cents = models.BigIntegerField(default=0, editable=False)
    earlier_cents = models.BigIntegerField(_("Déjà commandé, hors taxes"), default=0, editable=False)
    earlier_until = models.DateField(_("Commandé jusqu’au"), null=True, editable=False)
    # How the amount is known: a written source, or the title of the paper that proves it.
    earlier_source = models.CharField(_("D’où vient ce montant"), max_length=300, blank=True, editable=False)
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    orders_count = models.PositiveIntegerField(default=0, editable=False)
    alerted_percent = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta(SharedModel.Meta):
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(used_cents__gte=0, used_cents__lte=F("max_cents")),
                name="framework_never_above_its_maximum",
                violation_error_message=_(
                    "Cette commande dépasse le maximum de l’accord-cadre\u202f: il a épuisé ses effets."
                    " Réduisez la commande, ou parlez-en au coordinateur."
                ),
            ),
            models.CheckConstraint(
                condition=Q(earlier_cents__gte=0, earlier_cents__lte=F("used_cents"))
                & (Q(earlier_cents=0) | (Q(earlier_until__isnull=False) & ~Q(earlier_source=""))),
                name="framework_earlier_orders_are_proved",
                violation_error_message=_("Ce qui était déjà commandé a un jour et une preuve."),
            ),
            models.CheckConstraint(
                condition=Q(min_cents__gte=0, max_cents__gt=0, max_cents__gte=F("min_cents")),
                name="framework_bounds_in_order",
                violation_error_message=_("Le maximum de l’accord-cadre est inférieur à son minimum."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="framework_ends_after_it_begins",
                violation_error_message=_("L’accord-cadre finit avant de commencer. Vérifiez les dates."),
            ),
            models.UniqueConstraint(
                fields=["authority_id", "reference"],
                name="one_framework_per_reference",
                violation_error_message=_("Un accord-cadre porte déjà cette référence. Choisissez-en une autre."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def taken_up(self) -> bool:
        """A contract that existed already: no consultation of the platform gave it."""
        return self.consultation_id is None


class FrameworkMember(SharedModel):
    """Whether a member was named when the procedure was launched; one who was not may have no right to order.

    `because`: how the coordinator knows, when it says otherwise than the dates do.
    """

    framework = models.ForeignKey(FrameworkAgreement, on_delete=models.CASCADE, related_name="members")
    member = models.ForeignKey("authorities.Authority", on_delete=models.PROTECT, related_name="+")
    identified_at_launch = models.BooleanField(default=False)
    because = models.CharField(max_length=300, blank=True)

    class Meta(SharedModel.Meta):
        ordering = ["member__kind", "member__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "member"],
                name="one_entitlement_per_member",
                violation_error_message=_("Cette collectivité est déjà dans la liste de l’accord-cadre."),
            )
        ]


class PriceLine(SharedModel):
    """A line of the price schedule. `vat_rate`: hundredths of a percent, 2000 is 20 %. Prices in cents excluding VAT.

    `valid_from`, `valid_until` (half-open): an amendment ends one line and begins another of the same code.
    """

    framework = models.ForeignKey(FrameworkAgreement, on_delete=models.CASCADE, related_name="prices")
    code = models.CharField(_("Code"), max_length=20)
    label = models.CharField(_("Désignation"), max_length=200)
    kind = models.CharField(_("Nature"), max_length=20)
    unit = models.CharField(_("Unité"), max_length=40, default="forfait")
    unit_cents = models.BigIntegerField(_("Prix unitaire hors taxes"))
    vat_rate = models.PositiveIntegerField(_("Taux de TVA"), default=2000)
    for_eservice = models.BooleanField(_("Met en ligne un téléservice"), default=False)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(SharedModel.Meta):
        ordering = ["position", "code", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "code", "valid_from"],
                name="one_price_per_code_and_day",
                violation_error_message=_("Ce code du bordereau a déjà un prix à cette date."),
            ),
            models.CheckConstraint(
                condition=Q(unit_cents__gte=0, vat_rate__lte=10000),
                name="price_and_rate_make_sense",
                violation_error_message=_("Un prix est positif ou nul, un taux de TVA va de 0 à 100 %."),
            ),
        ]


class FrameworkAmendment(SharedModel):
    """A change of the framework agreement: its maximum, its term or its prices. None of the three: a clause."""

    framework = models.ForeignKey(FrameworkAgreement, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    purpose = models.CharField(_("Objet de l’avenant"), max_length=300)
    signed_on = models.DateField(_("Signé le"))
    effective_on = models.DateField(_("En vigueur à partir du"))
    max_before_cents = models.BigIntegerField(null=True)
    max_after_cents = models.BigIntegerField(_("Nouveau maximum hors taxes"), null=True, blank=True)
    end_before = models.DateField(null=True)
    end_after = models.DateField(_("Nouvelle fin"), null=True, blank=True)
    prices = models.JSONField(default=list, blank=True)

    class Meta(SharedModel.Meta):
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "number"],
                name="one_framework_amendment_per_number",
                violation_error_message=_("Un autre avenant vient d’être enregistré. Relisez l’accord-cadre."),
            )
        ]
