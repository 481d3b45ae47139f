from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.kit import clock
from parvis.kit.models import ScopedModel


class ConsultationState(models.TextChoices):
    DRAFT = "draft", _("En préparation")
    PUBLISHED = "published", _("Publiée")
    OPENING = "opening", _("Ouverture en cours")
    OPENED = "opened", _("Plis ouverts")
    AWARDED = "awarded", _("Attribuée")
    DISCONTINUED = "discontinued", _("Sans suite")
    CANCELLED = "cancelled", _("Abandonnée avant publication")


class OpeningOrder(models.TextChoices):
    APPLICATION_FIRST = "applications_first", _("Candidatures, puis offres")
    BID_FIRST = "bids_first", _("Offres, puis candidatures")


class Consultation(ScopedModel):
    """A call for competition of one authority; a draft may be incomplete, so most fields may be empty."""

    reference = models.CharField(_("Référence"), max_length=40)
    title = models.CharField(_("Intitulé"), max_length=200, blank=True)
    purpose = models.TextField(_("Objet"), blank=True)
    procedure = models.CharField(_("Procédure"), max_length=40, blank=True)
    framework = models.BooleanField(_("Accord-cadre à bons de commande"), default=False)
    framework_min_cents = models.BigIntegerField(null=True, blank=True)
    framework_max_cents = models.BigIntegerField(null=True, blank=True)
    nature = models.CharField(_("Nature"), max_length=20, blank=True)
    cpv = models.CharField(_("Code CPV"), max_length=10, blank=True)
    place_nuts = models.CharField(_("Lieu d’exécution"), max_length=5, blank=True)
    place = models.CharField(_("Précision sur le lieu"), max_length=200, blank=True)
    estimated_cents = models.BigIntegerField(null=True, blank=True)
    duration_months = models.PositiveSmallIntegerField(_("Durée en mois"), null=True, blank=True)
    dispatch_on = models.DateField(_("Envoi de l’avis"), null=True, blank=True)
    deadline = models.DateTimeField(_("Date limite de remise des plis"), null=True, blank=True)
    questions_until = models.DateTimeField(_("Questions jusqu’au"), null=True, blank=True)
    opening_order = models.CharField(
        max_length=20, choices=OpeningOrder.choices, default=OpeningOrder.APPLICATION_FIRST
    )
    application_expected = models.BooleanField(default=True)
    backup_copy = models.BooleanField(_("Copie de sauvegarde admise"), default=True)
    urgent = models.BooleanField(default=False)
    prior_notice = models.BooleanField(default=False)
    contact_name = models.CharField(_("Contact"), max_length=120, blank=True)
    contact_email = models.EmailField(_("Adresse du contact"), blank=True)
    contact_phone = models.CharField(_("Téléphone du contact"), max_length=30, blank=True)
    state = models.CharField(max_length=12, choices=ConsultationState.choices, default=ConsultationState.DRAFT)
    documents_version = models.CharField(max_length=64, blank=True)
    is_test = models.BooleanField(default=False)
    # The joint procurement, of the room above, whose needs it answers; its buyers are in ConsultationBuyer.
    group_id = models.UUIDField(null=True, blank=True, db_index=True)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    changed_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta(ScopedModel.Meta):
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority_id", "reference"],
                name="one_consultation_per_reference",
                violation_error_message=_("Une consultation porte déjà cette référence. Choisissez-en une autre."),
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | (
                    models.Q(deadline__isnull=False, published_at__isnull=False)
                    & ~models.Q(title="")
                    & ~models.Q(procedure="")
                )
                | models.Q(state="cancelled"),
                name="published_consultation_is_complete",
                violation_error_message=_(
                    "La consultation est incomplète\u202f: intitulé, procédure et date limite sont nécessaires."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(framework_max_cents__isnull=True)
                | models.Q(framework_min_cents__isnull=True)
                | models.Q(framework_max_cents__gte=models.F("framework_min_cents")),
                name="framework_maximum_reaches_minimum",
                violation_error_message=_("Le maximum de l’accord-cadre est inférieur à son minimum."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"


class Lot(ScopedModel):
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="lots")
    number = models.PositiveSmallIntegerField(_("Numéro"))
    title = models.CharField(_("Intitulé du lot"), max_length=200)
    cpv = models.CharField(_("Code CPV"), max_length=10, blank=True)
    estimated_cents = models.BigIntegerField(null=True, blank=True)

    class Meta(ScopedModel.Meta):
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"],
                name="one_lot_per_number",
                violation_error_message=_("Deux lots portent le même numéro."),
            )
        ]


class Criterion(ScopedModel):
    """An award criterion of the whole consultation, or of one lot. Weights are hundredths of a percent point."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="criteria")
    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    label = models.CharField(_("Critère"), max_length=200)
    weight_hundredths = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(ScopedModel.Meta):
        ordering = ["position", "id"]


class ProcurementDocument(ScopedModel):
    """A document of the consultation. `title` is the file name that companies see; `kind` a code of procedures.toml."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="documents")
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=30, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(ScopedModel.Meta):
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "title"],
                name="one_document_per_name",
                violation_error_message=_("Un document porte déjà ce nom."),
            )
        ]
