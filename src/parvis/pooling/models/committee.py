from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.kit import clock
from parvis.kit.models import SharedModel


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("En préparation")
    CALLED = "called", _("Convoqué")
    HELD = "held", _("Tenu, compte rendu à déposer")
    MINUTED = "minuted", _("Compte rendu déposé")
    CANCELLED = "cancelled", _("Annulé")


class CommitteeMeeting(SharedModel):
    """A meeting of the steering committee of a group, kept by the coordinator."""

    group = models.ForeignKey("pooling.JointProcurement", on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField(_("Intitulé"), max_length=160)
    meets_at = models.DateTimeField(_("Date et heure"))
    place = models.CharField(_("Lieu, ou lien de visioconférence"), max_length=200)
    state = models.CharField(max_length=10, choices=MeetingState.choices, default=MeetingState.PLANNED)
    called_at = models.DateTimeField(null=True)
    minutes = models.TextField(_("Compte rendu"), blank=True)
    minuted_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(_("Pourquoi"), max_length=300, blank=True)

    class Meta(SharedModel.Meta):
        ordering = ["-meets_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="minuted") | ~Q(minutes=""),
                name="filed_minutes_say_something",
                violation_error_message=_("Écrivez le compte rendu avant de le déposer."),
            )
        ]


class AgendaItem(SharedModel):
    meeting = models.ForeignKey(CommitteeMeeting, on_delete=models.CASCADE, related_name="items")
    title = models.CharField(_("Point"), max_length=200)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(SharedModel.Meta):
        ordering = ["position", "id"]


class Presence(models.TextChoices):
    EXPECTED = "expected", _("Attendue")
    PRESENT = "present", _("Présente")
    EXCUSED = "excused", _("Excusée")
    ABSENT = "absent", _("Absente")


class Attendance(SharedModel):
    """A member at a meeting. `delegate`: who came for it, in words."""

    meeting = models.ForeignKey(CommitteeMeeting, on_delete=models.CASCADE, related_name="attendances")
    member = models.ForeignKey("authorities.Authority", on_delete=models.PROTECT, related_name="+")
    presence = models.CharField(max_length=10, choices=Presence.choices, default=Presence.EXPECTED)
    delegate = models.CharField(_("Représentée par"), max_length=120, blank=True)

    class Meta(SharedModel.Meta):
        ordering = ["member__kind", "member__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"],
                name="one_attendance_per_member",
                violation_error_message=_("Cette collectivité est déjà dans la liste."),
            )
        ]


class DecisionKind(models.TextChoices):
    KEY = "key", _("Clé de répartition")
    PROJECT = "project", _("Projet")
    OTHER = "other", _("Autre décision")


class Decision(SharedModel):
    meeting = models.ForeignKey(CommitteeMeeting, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(_("Nature"), max_length=10, choices=DecisionKind.choices)
    text = models.TextField(_("Décision"))
    effective_on = models.DateField(_("S’applique à partir du"), null=True, blank=True)
    decided_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(SharedModel.Meta):
        ordering = ["decided_at"]
