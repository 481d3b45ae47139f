from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from parvis.kit import clock
from parvis.kit.models import SharedModel


class Formula(models.TextChoices):
    WEIGHTED = "weighted", _("Téléservices et population, pondérés")
    PRODUCT = "product", _("Téléservices multipliés par population")
    PER_SERVICE = "per_service", _("Téléservice par téléservice")
    POPULATION = "population", _("Population")
    SINGLE_PAYER = "single_payer", _("Une seule collectivité paie")


class CostKey(SharedModel):
    """One version of a cost key: in force from a day until the next version of the same code. Never changed, only
    followed. `weight` is a fraction: the part of e-services in the weighted formula. `payer` pays all by the formula
    of a single payer, unless the cost names another.
    """

    group = models.ForeignKey("pooling.JointProcurement", on_delete=models.PROTECT, related_name="keys")
    code = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(_("Nom de la clé"), max_length=120)
    formula = models.CharField(_("Formule"), max_length=15, choices=Formula.choices)
    weight_numerator = models.PositiveSmallIntegerField(default=1)
    weight_denominator = models.PositiveSmallIntegerField(default=2)
    population_kind = models.CharField(_("Population"), max_length=12, default="totale")
    reference_year = models.PositiveSmallIntegerField(_("Année de référence"))
    agglomeration = models.CharField(
        _("Population de l’agglomération"),
        max_length=10,
        choices=[
            ("full", _("Entière")),
            ("residual", _("Sans celle des communes membres")),
            ("zero", _("Comptée pour zéro")),
        ],
        default="full",
    )
    payer = models.ForeignKey(
        "authorities.Authority", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    in_force_on = models.DateField(_("En vigueur à partir du"))
    decision = models.ForeignKey("pooling.Decision", on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta(SharedModel.Meta):
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "code", "version"],
                name="one_key_per_version",
                violation_error_message=_("Une autre version de cette clé vient d’être enregistrée. Relisez-la."),
            ),
            models.UniqueConstraint(
                fields=["group", "code", "in_force_on"],
                name="one_key_per_day",
                violation_error_message=_("Une version de cette clé commence déjà ce jour-là."),
            ),
            models.CheckConstraint(
                condition=Q(weight_denominator__gte=1, weight_numerator__lte=F("weight_denominator")),
                name="weight_between_zero_and_one",
                violation_error_message=_("La part des téléservices va de 0 à 1."),
            ),
        ]


class DatedPopulation(SharedModel):
    """Inhabitants of a member for a reference year, of one kind (totale, municipale, dgf)."""

    group = models.ForeignKey("pooling.JointProcurement", on_delete=models.CASCADE, related_name="populations")
    member = models.ForeignKey("authorities.Authority", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("Nature"), max_length=12, default="totale")
    year = models.PositiveSmallIntegerField(_("Année de référence"))
    inhabitants = models.PositiveIntegerField(_("Habitants"))
    source = models.CharField(_("Source"), max_length=160)

    class Meta(SharedModel.Meta):
        ordering = ["-year", "member__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "member", "kind", "year"],
                name="one_population_per_year",
                violation_error_message=_("Cette population est déjà enregistrée pour cette année."),
            )
        ]


class CostState(models.TextChoices):
    ESTIMATED = "estimated", _("Estimé")
    CLOSED = "closed", _("Arrêté")


class CostItem(SharedModel):
    """A cost to share; its owner is the authority that pays the contractor and is owed by the others.

    Cents. `ht_cents`, `vat_cents` are the estimate; `final_ht_cents`, `final_vat_cents` what it came to. Half-open
    dates. `users`: ids of the members that share it, when neither the group nor an e-service says who; empty: they do.
    """

    group = models.ForeignKey("pooling.JointProcurement", on_delete=models.PROTECT, related_name="costs")
    order = models.ForeignKey(
        "pooling.PurchaseOrder", on_delete=models.PROTECT, related_name="costs", null=True, blank=True
    )
    kind = models.CharField(_("Nature"), max_length=20)
    label = models.CharField(_("Intitulé"), max_length=200)
    year = models.PositiveSmallIntegerField(_("Exercice"))
    from_on = models.DateField(_("Du"))
    until_on = models.DateField(_("Jusqu’au"))
    ht_cents = models.BigIntegerField(_("Montant hors taxes"))
    vat_cents = models.BigIntegerField(_("TVA"))
    final_ht_cents = models.BigIntegerField(null=True, blank=True)
    final_vat_cents = models.BigIntegerField(null=True, blank=True)
    key_code = models.CharField(_("Clé"), max_length=20)
    eservice_id = models.UUIDField(null=True, blank=True)
    payer = models.ForeignKey(
        "authorities.Authority", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    users = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=CostState.choices, default=CostState.ESTIMATED)
    closed_on = models.DateField(_("Arrêté le"), null=True, blank=True)
    # What shows the final amount: the invoices, the paid order, another paper.
    proof = models.CharField(_("Ce qui le prouve"), max_length=300, blank=True)

    class Meta(SharedModel.Meta):
        ordering = ["year", "kind", "label"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gt=F("from_on")),
                name="cost_ends_after_it_begins",
                violation_error_message=_("La période du coût finit avant de commencer. Vérifiez les dates."),
            ),
            models.CheckConstraint(
                condition=Q(state="estimated") | Q(final_ht_cents__isnull=False, final_vat_cents__isnull=False),
                name="closed_cost_has_its_amount",
                violation_error_message=_("Un coût arrêté a un montant définitif."),
            ),
            models.CheckConstraint(
                condition=Q(eservice_id__isnull=True) | Q(users=[]),
                name="cost_names_users_or_an_eservice",
                violation_error_message=_(
                    "Un coût se partage entre ceux qui utilisent son téléservice, ou entre ceux que vous nommez\u202f:"
                    " pas les deux."
                ),
            ),
        ]


class ShareRun(SharedModel):
    """One computation, kept whole: key version, populations, counts, fractions, result. Replayed, it says the same."""

    cost = models.ForeignKey(CostItem, on_delete=models.PROTECT, related_name="runs")
    purpose = models.CharField(max_length=10, choices=[("instalment", _("Acompte")), ("closing", _("Solde"))])
    record = models.JSONField()
    digest = models.CharField(max_length=64)
    computed_at = models.DateTimeField(default=clock.now, editable=False)

    append_only = True

    class Meta(SharedModel.Meta):
        ordering = ["computed_at"]
