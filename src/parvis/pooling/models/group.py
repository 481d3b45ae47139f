from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.kit import clock
from parvis.kit.models import SharedModel


class GroupState(models.TextChoices):
    PREPARING = "preparing", _("En constitution")
    RUNNING = "running", _("En vigueur")
    ENDED = "ended", _("Terminé")


class MembershipState(models.TextChoices):
    PROSPECT = "prospect", _("Intéressée")
    NOTIFIED = "notified", _("Adhésion notifiée")
    MEMBER = "member", _("Membre")
    ENDED = "ended", _("Terminée avec le groupement")


class JointProcurement(SharedModel):
    """Authorities that buy together. Its owner is the coordinator, its circle is itself, its seats are the members'.

    Half-open dates: `ends_on` is the first day without it.
    """

    name = models.CharField(_("Nom du groupement"), max_length=160)
    purpose = models.TextField(_("Objet"))
    cpv = models.CharField(_("Code CPV"), max_length=10, blank=True)
    signed_on = models.DateField(_("Convention constitutive signée le"), null=True, blank=True)
    starts_on = models.DateField(_("En vigueur à partir du"), null=True, blank=True)
    ends_on = models.DateField(_("Terme"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=GroupState.choices, default=GroupState.PREPARING)
    # How long the others have to answer before an order may be issued.
    information_days = models.PositiveSmallIntegerField(_("Délai d’information mutuelle, en jours"), default=10)
    vat_mode = models.CharField(
        _("TVA"),
        max_length=10,
        choices=[
            ("recharge", _("Qui commande paie le titulaire, puis refacture les parts")),
            ("direct", _("Chacun commande et paie pour soi")),
        ],
        default="recharge",
    )
    instalments = models.PositiveSmallIntegerField(_("Acomptes par an"), default=2)
    public = models.BooleanField(_("Page publique"), default=True)

    class Meta(SharedModel.Meta):
        ordering = ["-starts_on", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gt=models.F("starts_on")),
                name="joint_procurement_ends_after_it_begins",
                violation_error_message=_("Le groupement finit avant de commencer. Vérifiez les dates."),
            ),
            models.CheckConstraint(
                condition=Q(state="preparing")
                | Q(signed_on__isnull=False, starts_on__isnull=False, ends_on__isnull=False),
                name="running_joint_procurement_is_signed",
                violation_error_message=_("Il manque la signature de la convention constitutive, ou ses dates."),
            ),
            models.CheckConstraint(
                condition=Q(instalments__gte=1, instalments__lte=12),
                name="one_to_twelve_instalments",
                violation_error_message=_("Le nombre d’acomptes va de 1 à 12 par an."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(SharedModel):
    """An authority's place in a group, the coordinator's own included; kept by the coordinator.

    No move leaves the state `member` but the group's term.
    """

    group = models.ForeignKey(JointProcurement, on_delete=models.CASCADE, related_name="memberships")
    member = models.ForeignKey("authorities.Authority", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=MembershipState.choices, default=MembershipState.PROSPECT)
    decision = models.CharField(_("Décision d’adhésion"), max_length=80, blank=True)
    decided_on = models.DateField(_("Prise le"), null=True, blank=True)
    notified_on = models.DateField(_("Notifiée au coordinateur le"), null=True, blank=True)
    effective_on = models.DateField(_("Membre à partir du"), null=True, blank=True)
    no_need = models.CharField(_("Pourquoi aucun besoin n’est encore dit"), max_length=300, blank=True)
    # What the coordinator asked for when it sent the decision back.
    missing = models.TextField(_("Ce qui manque"), blank=True)
    # What the finance software needs of a debtor.
    service_code = models.CharField(_("Code service"), max_length=40, blank=True)
    commitment = models.CharField(_("Numéro d’engagement"), max_length=40, blank=True)

    class Meta(SharedModel.Meta):
        ordering = ["member__kind", "member__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "member"],
                name="one_membership_per_authority",
                violation_error_message=_("Cette collectivité est déjà dans le groupement."),
            ),
            models.CheckConstraint(
                condition=Q(state="prospect")
                | (~Q(decision="") & Q(decided_on__isnull=False, notified_on__isnull=False)),
                name="membership_rests_on_a_decision",
                violation_error_message=_("Il manque la décision d’adhésion, sa date ou celle de sa notification."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["prospect", "notified"]) | Q(effective_on__isnull=False),
                name="member_from_a_day",
                violation_error_message=_("Dites à partir de quel jour la collectivité est membre."),
            ),
        ]


class Need(SharedModel):
    """What a member asks of the group. The row is the member's; it is locked once a consultation has taken it up."""

    group = models.ForeignKey(JointProcurement, on_delete=models.CASCADE, related_name="needs")
    label = models.CharField(_("Besoin"), max_length=200)
    kind = models.CharField(_("Nature"), max_length=20)
    quantity = models.PositiveIntegerField(_("Quantité"), default=1)
    unit = models.CharField(_("Unité"), max_length=40, blank=True)
    estimated_cents = models.BigIntegerField(_("Estimation sur la durée, hors taxes"), null=True, blank=True)
    wanted_on = models.DateField(_("Souhaité pour le"), null=True, blank=True)
    remark = models.TextField(_("Précisions"), blank=True)
    stated_at = models.DateTimeField(default=clock.now, editable=False)
    stated_by = models.UUIDField(null=True)

    class Meta(SharedModel.Meta):
        ordering = ["kind", "label"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=1) & (Q(estimated_cents__isnull=True) | Q(estimated_cents__gte=0)),
                name="need_has_a_quantity",
                violation_error_message=_("Un besoin a une quantité d’au moins 1 et une estimation positive ou vide."),
            )
        ]


class GroupConsultation(SharedModel):
    """The consultation that the group's needs opened in procurement.

    `needs`: [{"id", "member", "label", …}], as they were that day.
    """

    group = models.ForeignKey(JointProcurement, on_delete=models.PROTECT, related_name="consultations")
    consultation_id = models.UUIDField(unique=True)
    needs = models.JSONField(default=list)
    opened_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(SharedModel.Meta):
        ordering = ["-opened_at"]


class CoordinatorTask(SharedModel):
    """One duty of the coordinator, with its date. `code` is that of rules/tasks, blank for one added by hand.

    `consultation`: the one it belongs to, once the needs have opened one.
    """

    group = models.ForeignKey(JointProcurement, on_delete=models.CASCADE, related_name="tasks")
    consultation = models.ForeignKey(GroupConsultation, on_delete=models.PROTECT, related_name="tasks", null=True)
    code = models.CharField(max_length=40, blank=True)
    label = models.CharField(_("Tâche"), max_length=200)
    due_on = models.DateField(_("Pour le"), null=True, blank=True)
    done_on = models.DateField(_("Fait le"), null=True, blank=True)
    done_by = models.UUIDField(null=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(SharedModel.Meta):
        ordering = ["position", "due_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "consultation", "code"],
                condition=~Q(code=""),
                nulls_distinct=False,
                name="one_coordinator_task_per_code",
                violation_error_message=_("Cette tâche est déjà dans la liste."),
            )
        ]


class DisputeState(models.TextChoices):
    OPEN = "open", _("En cours")
    CLOSED = "closed", _("Réglé")


class Dispute(SharedModel):
    group = models.ForeignKey(JointProcurement, on_delete=models.CASCADE, related_name="disputes")
    subject = models.CharField(_("Objet"), max_length=200)
    opponent = models.CharField(_("Avec qui"), max_length=160)
    opened_on = models.DateField(_("Ouvert le"))
    account = models.TextField(_("Ce qui s’est passé"))
    state = models.CharField(max_length=10, choices=DisputeState.choices, default=DisputeState.OPEN)
    closed_on = models.DateField(_("Réglé le"), null=True, blank=True)
    outcome = models.TextField(_("Comment il s’est réglé"), blank=True)

    class Meta(SharedModel.Meta):
        ordering = ["-opened_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | (Q(closed_on__isnull=False) & ~Q(outcome="")),
                name="closed_dispute_has_an_outcome",
                violation_error_message=_("Dites quand et comment le litige s’est réglé."),
            )
        ]
