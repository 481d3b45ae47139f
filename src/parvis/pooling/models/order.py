from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from parvis.kit import clock
from parvis.kit.models import SharedModel


class OrderState(models.TextChoices):
    DRAFT = "draft", _("En préparation")
    INFORMED = "informed", _("Groupement informé")
    ISSUED = "issued", _("Émis")
    DELIVERED = "delivered", _("Réception prononcée")
    INVOICED = "invoiced", _("Facturé")
    PAID = "paid", _("Payé")
    CANCELLED = "cancelled", _("Annulé")


class PurchaseOrder(SharedModel):
    """An order of one member (its owner) under a framework agreement; the whole group reads it.

    Amounts in cents. From `issued` on, `ht_cents - released_cents` is its part of the framework's counter: what was
    given back (cancelled, or paid less than ordered) is released.
    """

    framework = models.ForeignKey("pooling.FrameworkAgreement", on_delete=models.PROTECT, related_name="orders")
    number = models.CharField(max_length=30, blank=True)
    title = models.CharField(_("Objet de la commande"), max_length=200)
    state = models.CharField(max_length=10, choices=OrderState.choices, default=OrderState.DRAFT)
    ht_cents = models.BigIntegerField(default=0)
    vat_cents = models.BigIntegerField(default=0)
    released_cents = models.BigIntegerField(default=0, editable=False)
    deliver_to = models.CharField(_("Lieu de livraison ou d’exécution"), max_length=300, blank=True)
    deliver_by = models.DateField(_("À livrer pour le"), null=True, blank=True)
    commitment = models.CharField(_("Numéro d’engagement"), max_length=40, blank=True)
    service_code = models.CharField(_("Code service"), max_length=40, blank=True)
    remark = models.TextField(_("Précisions pour le titulaire"), blank=True)
    # The e-service that this order puts online, and since when its users have it.
    eservice_id = models.UUIDField(null=True, blank=True)
    serves_from = models.DateField(_("Téléservice ouvert à partir du"), null=True, blank=True)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    informed_at = models.DateTimeField(null=True)
    answers_until = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    issued_by = models.UUIDField(null=True)
    signatory = models.CharField(_("Nom et qualité du signataire"), max_length=160, blank=True)
    # The order as issued, signed by the platform: what the contractor may check.
    signed_order = models.JSONField(null=True)
    entitlement_reason = models.CharField(max_length=300, blank=True)
    delivered_on = models.DateField(_("Reçu le"), null=True, blank=True)
    delivery_report = models.TextField(_("Constat"), blank=True)
    # What was not as ordered, for the contractor to put right; blank: accepted without reserve.
    reserves = models.TextField(_("Réserves"), blank=True)
    reserves_lifted_on = models.DateField(_("Réserves levées le"), null=True, blank=True)
    put_right = models.TextField(_("Ce qui a été corrigé"), blank=True)
    paid_on = models.DateField(_("Payé le"), null=True, blank=True)
    payment_reference = models.CharField(_("Numéro de mandat"), max_length=60, blank=True)
    cancel_reason = models.CharField(_("Pourquoi"), max_length=300, blank=True)

    class Meta(SharedModel.Meta):
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "number"],
                condition=~Q(number=""),
                name="one_order_per_number",
                violation_error_message=_("Un bon de commande porte déjà ce numéro. Recommencez."),
            ),
            models.CheckConstraint(
                condition=Q(released_cents__gte=0, released_cents__lte=F("ht_cents")),
                name="order_gives_back_what_it_took",
                violation_error_message=_("Une commande ne rend pas plus que ce qu’elle a pris sur le maximum."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"])
                | Q(informed_at__isnull=False, answers_until__isnull=False),
                name="order_after_mutual_information",
                violation_error_message=_("Une commande s’émet après avoir informé le groupement."),
            ),
            models.CheckConstraint(
                condition=Q(reserves_lifted_on__isnull=True) | (~Q(reserves="") & ~Q(put_right="")),
                name="only_reserves_are_lifted",
                violation_error_message=_("Dites ce qui a été corrigé\u202f: des réserves se lèvent par écrit."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "informed", "cancelled"])
                | (Q(issued_at__isnull=False, ht_cents__gt=0) & ~Q(number="")),
                name="issued_order_has_its_number",
                violation_error_message=_("Un bon de commande émis a un numéro, une date et un montant."),
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.title

    @property
    def open_reserves(self) -> str:
        """What the contractor has still to put right; blank when nothing is."""
        return "" if self.reserves_lifted_on else str(self.reserves)


class OrderLine(SharedModel):
    """`quantity_hundredths`: 150 is 1.5. The price is copied from the schedule the day the line was written."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="lines")
    price = models.ForeignKey("pooling.PriceLine", on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    quantity_hundredths = models.PositiveIntegerField(default=100)
    unit = models.CharField(max_length=40)
    unit_cents = models.BigIntegerField()
    vat_rate = models.PositiveIntegerField()
    ht_cents = models.BigIntegerField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(SharedModel.Meta):
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity_hundredths__gt=0),
                name="order_line_has_a_quantity",
                violation_error_message=_("Une ligne de commande a une quantité positive."),
            )
        ]


class AnswerKind(models.TextChoices):
    SEEN = "seen", _("Vu, sans remarque")
    COMMENT = "comment", _("Remarque")
    JOIN = "join", _("Je me joins à cette commande")


class OrderAnswer(SharedModel):
    """What another member says of an announced order; the row is that member's."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="answers")
    kind = models.CharField(max_length=10, choices=AnswerKind.choices)
    text = models.TextField(_("Votre remarque"), blank=True)
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(default=clock.now)

    class Meta(SharedModel.Meta):
        ordering = ["answered_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="comment") | ~Q(text=""),
                name="a_comment_says_something",
                violation_error_message=_("Écrivez votre remarque, ou répondez «\u202fVu\u202f»."),
            )
        ]


class OrderParty(SharedModel):
    """A member that shares the order, the ordering one included; accepted by the ordering member, who keeps the row."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="parties")
    member = models.ForeignKey("authorities.Authority", on_delete=models.PROTECT, related_name="+")

    class Meta(SharedModel.Meta):
        ordering = ["member__kind", "member__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "member"],
                name="one_part_per_member",
                violation_error_message=_("Cette collectivité partage déjà la commande."),
            )
        ]


class InvoiceState(models.TextChoices):
    READ = "read", _("Lue, à rapprocher")
    MATCHED = "matched", _("Rapprochée")
    REFUSED = "refused", _("Refusée")


class Invoice(SharedModel):
    """An invoice or a credit note (type 381, amounts as written, positive) of the contractor, as read from its file.

    `content`: the whole reading (rules/invoice_json.py). `order` is only proposed until the invoice is matched;
    `differences`: those accepted then, with `reason`. `sender_key`: its seller and number, as told from another's.
    """

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="invoices", null=True)
    paper = models.ForeignKey("pooling.Paper", on_delete=models.PROTECT, related_name="+", null=True)
    number = models.CharField(_("Numéro de facture"), max_length=60)
    type_code = models.CharField(max_length=3, default="380")
    issued_on = models.DateField(_("Date de la facture"))
    due_on = models.DateField(_("À payer pour le"), null=True, blank=True)
    seller_name = models.CharField(_("Vendeur"), max_length=200, blank=True)
    # Its SIREN where the invoice gives no more, blank where it gives nothing.
    seller_siret = models.CharField(_("SIRET du vendeur"), max_length=14, blank=True)
    sender_key = models.CharField(max_length=160, editable=False)
    ht_cents = models.BigIntegerField(_("Montant hors taxes"))
    vat_cents = models.BigIntegerField(_("TVA"))
    ttc_cents = models.BigIntegerField(_("Montant TTC"))
    content = models.JSONField(default=dict)
    differences = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=InvoiceState.choices, default=InvoiceState.READ)
    reason = models.TextField(_("Pourquoi"), blank=True)
    received_at = models.DateTimeField(default=clock.now, editable=False)
    received_by = models.UUIDField(null=True)

    class Meta(SharedModel.Meta):
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority_id", "sender_key"],
                condition=~Q(state="refused"),
                name="one_invoice_per_number_of_a_seller",
                violation_error_message=_(
                    "Cette facture est déjà enregistrée\u202f: le vendeur et le numéro sont connus."
                ),
            ),
            models.CheckConstraint(
                condition=Q(ttc_cents=F("ht_cents") + F("vat_cents")),
                name="invoice_total_is_its_parts",
                violation_error_message=_("Le montant TTC n’est pas la somme du hors taxes et de la TVA."),
            ),
            models.CheckConstraint(
                condition=~Q(state="matched") | Q(order__isnull=False),
                name="matched_invoice_has_an_order",
                violation_error_message=_("Choisissez la commande que cette facture demande de payer."),
            ),
        ]
