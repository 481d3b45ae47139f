from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from parvis.kit.models import SharedModel


class AgreementState(models.TextChoices):
    DRAFT = "draft", _("En préparation")
    RUNNING = "running", _("En vigueur")
    NOTICE = "notice", _("Préavis en cours")
    ENDED = "ended", _("Terminée")


class Side(models.TextChoices):
    AGGLOMERATION = "agglomeration", _("L’agglomération")
    COMMUNE = "commune", _("La commune")


class SharingAgreement(SharedModel):
    """The agglomeration (its owner) lends a commune the tool of procurement. Its circle is itself: two sides.

    Half-open dates: `ends_on` is the first day without it. One year from `starts_on`, renewed tacitly up to
    `renewals` times.
    """

    number = models.CharField(_("Numéro de la convention"), max_length=30)
    commune = models.ForeignKey("authorities.Authority", on_delete=models.PROTECT, related_name="+")
    deliberation = models.CharField(_("Délibération de l’agglomération"), max_length=60, blank=True)
    deliberated_on = models.DateField(_("Date de cette délibération"), null=True, blank=True)
    commune_deliberation = models.CharField(_("Délibération de la commune"), max_length=60, blank=True)
    commune_deliberated_on = models.DateField(_("Date de cette délibération"), null=True, blank=True)
    signed_on = models.DateField(_("Signée le"), null=True, blank=True)
    starts_on = models.DateField(_("En vigueur à partir du"), null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    renewals = models.PositiveSmallIntegerField(default=3)
    amount_cents = models.BigIntegerField(default=0, editable=False)
    state = models.CharField(max_length=10, choices=AgreementState.choices, default=AgreementState.DRAFT)
    notice_by = models.CharField(max_length=15, choices=Side.choices, blank=True)
    notice_letter = models.CharField(_("Numéro du recommandé"), max_length=40, blank=True)
    notice_sent_on = models.DateField(_("Envoyé le"), null=True, blank=True)
    notice_received_on = models.DateField(_("Reçu le"), null=True, blank=True)
    end_reason = models.CharField(_("Pourquoi elle prend fin"), max_length=300, blank=True)

    class Meta(SharedModel.Meta):
        ordering = ["commune__name", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents=0),
                name="sharing_agreement_is_free",
                violation_error_message=_("La mise à disposition est gratuite\u202f: aucun montant ne s’y inscrit."),
            ),
            models.CheckConstraint(
                condition=Q(renewals__lte=3),
                name="sharing_agreement_renewed_three_times_at_most",
                violation_error_message=_("La convention se reconduit trois fois au plus\u202f: quatre ans en tout."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(signed_on__isnull=False, starts_on__isnull=False, ends_on__isnull=False)
                | (Q(state="ended", signed_on__isnull=True) & ~Q(end_reason="")),
                name="signed_sharing_agreement_has_its_dates",
                violation_error_message=_("Il manque la signature ou les dates de la convention."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="sharing_agreement_ends_after_it_begins",
                violation_error_message=_("La convention finit avant de commencer. Vérifiez les dates."),
            ),
            models.UniqueConstraint(
                fields=["commune"],
                condition=Q(state="draft"),
                name="one_drafted_sharing_agreement_per_commune",
                violation_error_message=_("Cette commune a déjà une convention en préparation. Ouvrez-la plutôt."),
            ),
            # The next one may be signed before the present one ends, to begin on the day it does.
            ExclusionConstraint(
                name="sharing_agreements_of_a_commune_do_not_overlap",
                expressions=[
                    ("commune", RangeOperators.EQUAL),
                    (Func("starts_on", "ends_on", function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(signed_on__isnull=False),
                violation_error_message=_(
                    "Une autre convention de cette commune couvre déjà ces jours. Choisissez une date après sa fin."
                ),
            ),
            models.UniqueConstraint(
                fields=["authority_id", "number"],
                name="one_sharing_agreement_per_number",
                violation_error_message=_("Une convention porte déjà ce numéro. Choisissez-en un autre."),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class AgreementVersion(SharedModel):
    """What the agreement says: version 1 as signed, then one more for each amendment, never a change in between.

    `terms`: {"articles": [{"title", "text"}], "annex": [{"title", "items": [..]}]}.
    """

    agreement = models.ForeignKey(SharingAgreement, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    amendment = models.CharField(_("Objet de l’avenant"), max_length=300, blank=True)
    signed_on = models.DateField(_("Signé le"), null=True, blank=True)
    effective_on = models.DateField(_("En vigueur à partir du"), null=True, blank=True)
    terms = models.JSONField(default=dict)

    class Meta(SharedModel.Meta):
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "number"],
                name="one_version_per_number",
                violation_error_message=_("Un autre avenant vient d’être enregistré. Relisez la convention."),
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(amendment=""),
                name="a_new_version_comes_by_amendment",
                violation_error_message=_("Une convention signée ne change que par un avenant\u202f: dites son objet."),
            ),
        ]
