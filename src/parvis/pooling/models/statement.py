from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from parvis.kit import clock
from parvis.kit.models import SharedModel


class StatementKind(models.TextChoices):
    INSTALMENT = "instalment", _("Acompte")
    CLOSING = "closing", _("Solde")
    CREDIT = "credit", _("Avoir")


class StatementState(models.TextChoices):
    ISSUED = "issued", _("Appelé")
    PAID = "paid", _("Payé")
    CREDITED = "credited", _("Annulé par un avoir")


class Statement(SharedModel):
    """What one member owes another for a year: the basis of the revenue order, which the finance software makes.

    Its owner is the creditor. Cents; a credit has negative amounts, and so may a closing that gives back.
    """

    group = models.ForeignKey("pooling.JointProcurement", on_delete=models.PROTECT, related_name="statements")
    number = models.CharField(max_length=30)
    debtor = models.ForeignKey("authorities.Authority", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=StatementKind.choices)
    # Of which instalment this is the call; 0 for a closing or a credit.
    rank = models.PositiveSmallIntegerField(default=0)
    issued_on = models.DateField()
    due_on = models.DateField()
    ht_cents = models.BigIntegerField()
    vat_cents = models.BigIntegerField()
    ttc_cents = models.BigIntegerField()
    service_code = models.CharField(max_length=40, blank=True)
    commitment = models.CharField(max_length=40, blank=True)
    mirrors = models.OneToOneField("self", on_delete=models.PROTECT, related_name="credit", null=True, blank=True)
    reason = models.CharField(_("Pourquoi cet avoir"), max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=StatementState.choices, default=StatementState.ISSUED)
    issued_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(SharedModel.Meta):
        ordering = ["-issued_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority_id", "number"],
                name="one_statement_per_number",
                violation_error_message=_("Un relevé porte déjà ce numéro. Recommencez."),
            ),
            models.UniqueConstraint(
                fields=["group", "authority_id", "debtor", "year", "kind", "rank"],
                condition=Q(kind__in=["instalment", "closing"]) & ~Q(state="credited"),
                name="one_call_per_debtor_and_rank",
                violation_error_message=_("Cet appel a déjà été émis pour cette collectivité."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="credit") | (Q(mirrors__isnull=False) & ~Q(reason="")),
                name="credit_mirrors_a_statement",
                violation_error_message=_("Un avoir annule un relevé et dit pourquoi."),
            ),
            models.CheckConstraint(
                condition=Q(ttc_cents=F("ht_cents") + F("vat_cents")),
                name="statement_total_is_its_parts",
                violation_error_message=_("Le total du relevé n’est pas la somme du hors taxes et de la TVA."),
            ),
        ]


class StatementLine(SharedModel):
    """`share`: the exact fraction, "numerator/denominator"; `why`: its explanation, one sentence an item."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="lines")
    cost = models.ForeignKey("pooling.CostItem", on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey("pooling.ShareRun", on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=200)
    key = models.CharField(max_length=160)
    share = models.TextField()
    ht_cents = models.BigIntegerField()
    vat_cents = models.BigIntegerField()
    ttc_cents = models.BigIntegerField()
    why = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)

    append_only = True

    class Meta(SharedModel.Meta):
        ordering = ["position"]


class Payment(SharedModel):
    """What the treasury says was paid on a statement. Cents, all taxes included; negative for what was given back, and
    for the correction of a payment noted by mistake, which `corrects` names.
    """

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="payments")
    paid_on = models.DateField(_("Payé le"))
    amount_cents = models.BigIntegerField(_("Montant"))
    reference = models.CharField(_("Référence du paiement"), max_length=60, blank=True)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, related_name="correction", null=True, blank=True)
    noted_by = models.UUIDField(null=True)
    noted_at = models.DateTimeField(default=clock.now, editable=False)

    append_only = True

    class Meta(SharedModel.Meta):
        ordering = ["paid_on", "noted_at"]
