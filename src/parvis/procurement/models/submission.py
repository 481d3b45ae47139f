from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.kit.models import ScopedModel
from parvis.procurement.models.consultation import Consultation, Lot


class SubmissionState(models.TextChoices):
    SEALED = "sealed", _("Déposé, scellé")
    SUPERSEDED = "superseded", _("Remplacé, gardé scellé")
    LATE = "late", _("Hors délai, gardé scellé")
    OPENED = "opened", _("Ouvert")


class Submission(ScopedModel):
    """What a company deposited in one seal.

    `stamp` is the time of the request's last byte at the edge; against `deadline`, it alone decides who is late.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    company_id = models.UUIDField(db_index=True)
    person_id = models.UUIDField()
    idempotency_key = models.UUIDField()
    stamp = models.DateTimeField()
    deadline = models.DateTimeField()
    on_time = models.GeneratedField(
        expression=models.Q(stamp__lte=models.F("deadline")),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    # In time by its stamp, yet its request reached the register only once the session was closed: kept sealed, flagged.
    after_closing = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=SubmissionState.choices, default=SubmissionState.SEALED)
    receipt = models.JSONField()
    fact_id = models.UUIDField()
    timestamp_token = models.BinaryField(null=True)
    timestamp_authority = models.CharField(max_length=200, blank=True)
    completed_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="one_submission_per_number"),
            models.UniqueConstraint(
                fields=["consultation", "company_id", "idempotency_key"],
                name="one_submission_per_seal",
                violation_error_message=_("Ce pli est déjà déposé\u202f: voici son récépissé."),
            ),
            models.CheckConstraint(
                condition=models.Q(on_time=False, state__in=["late", "returned"])
                | (models.Q(on_time=True) & ~models.Q(state="late")),
                name="late_submission_stays_closed",
                violation_error_message=_("Un pli hors délai ne s’ouvre pas (R2143-2, R2151-5)."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state="opened") | models.Q(after_closing=False),
                name="nothing_opens_after_the_session",
                violation_error_message=_("Ce pli est arrivé au registre après la séance\u202f: il reste scellé."),
            ),
            models.UniqueConstraint(
                fields=["consultation", "company_id"],
                condition=models.Q(state="opened"),
                name="one_opened_submission_per_company",
                violation_error_message=_("Seul le dernier pli d’une entreprise s’ouvre (R2151-6)."),
            ),
        ]


class Envelope(ScopedModel):
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="envelopes")
    kind = models.CharField(max_length=12, choices=[("application", _("Candidature")), ("bid", _("Offre"))])
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+", null=True)
    upload = models.OneToOneField("documents.Upload", on_delete=models.PROTECT, related_name="+")
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)
    opened_at = models.DateTimeField(null=True)
    unreadable = models.CharField(max_length=300, blank=True)

    class Meta(ScopedModel.Meta):
        ordering = ["kind", "lot__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "kind", "lot"],
                nulls_distinct=False,
                name="one_envelope_per_lot_and_stage",
                violation_error_message=_("Deux enveloppes portent le même contenu annoncé."),
            )
        ]


class DepositCounter(ScopedModel):
    """The last number given in a consultation: taken late in a seal: numbers have no gap, seals wait little."""

    consultation = models.OneToOneField(Consultation, on_delete=models.PROTECT, related_name="+")
    last = models.PositiveIntegerField(default=0)

    counts: ClassVar[str] = "submissions"
