from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.appointments.models.place import Agenda, Place, Resource
from parvis.kit.models import PublishedModel


class Audience(models.TextChoices):
    ONLINE = "online", _("Réservable en ligne")
    DESK = "desk", _("Réservé aux agents")
    WALK_IN = "walk_in", _("Sans rendez-vous")


class Season(models.TextChoices):
    ALWAYS = "always", _("Toute l’année")
    TERM = "term", _("Hors vacances scolaires")
    HOLIDAYS = "holidays", _("Pendant les vacances scolaires")


class WeeklyHours(PublishedModel):
    """A period of the week, in Paris hours, when a resource works. A session in a collective agenda.

    `release_days`: these slots come out that many days before, not with the agenda's others (0: on the day itself).
    """

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField(_("De"))
    closes = models.TimeField(_("À"))
    valid_from = models.DateField(_("À partir du"))
    valid_until = models.DateField(_("Jusqu’au"), null=True, blank=True)
    season = models.CharField(max_length=8, choices=Season.choices, default=Season.ALWAYS)
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.ONLINE)
    release_days = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens__lt=models.F("closes"), weekday__range=(0, 6)),
                name="hours_close_after_they_open",
                violation_error_message=_("La fermeture vient après l’ouverture, le même jour."),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=models.F("valid_from")),
                name="hours_end_after_they_begin",
                violation_error_message=_("La dernière date de ces horaires précède la première."),
            ),
        ]


class HoursException(PublishedModel):
    """A dated change to the hours: a closure of a place or of one resource, or an extra opening of one resource."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="exceptions")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="exceptions", null=True, blank=True)
    closed = models.BooleanField(default=True)
    during = DateTimeRangeField()
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.ONLINE)
    why = models.CharField(_("Raison, montrée au public"), max_length=160, blank=True)

    class Meta:
        ordering = ["during"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed=True) | models.Q(resource__isnull=False),
                name="extra_opening_has_a_resource",
                violation_error_message=_("Une ouverture de plus se fait à un guichet\u202f: choisissez lequel."),
            ),
            models.CheckConstraint(
                condition=~models.Q(during__isempty=True),
                name="exception_lasts",
                violation_error_message=_("La fin vient après le début."),
            ),
        ]


class Opening(PublishedModel):
    """A period when a resource really works, made from the hours (rules/hours.py) for each day of the horizon.

    Slots are not stored: they are computed from openings and occupancies. Visible from `released_at` on. `day` is its
    day in Paris (none crosses midnight), and `mark` a number drawn at random when the row is written: together they
    tell the caches of the national network what changed (selectors/fingerprint.py).
    """

    # Their own indexes would repeat the first column of those below.
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="+", db_index=False)
    agenda = models.ForeignKey(Agenda, on_delete=models.CASCADE, related_name="+", db_index=False)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+", db_index=False)
    during = DateTimeRangeField()
    audience = models.CharField(max_length=8, choices=Audience.choices)
    released_at = models.DateTimeField()
    day = models.DateField()
    mark = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["place", "day"], include=["mark"], name="opening_fingerprint"),
            models.Index(fields=["agenda", "day"], name="opening_by_agenda"),
        ]
        constraints = [
            ExclusionConstraint(
                name="openings_do_not_overlap",
                expressions=[("resource", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_message=_("Ces horaires en chevauchent d’autres du même guichet."),
            )
        ]
