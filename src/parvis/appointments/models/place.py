from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.kit.models import PublishedModel


class Place(PublishedModel):
    """Where people come: a town hall, a pool, a social centre. What the national network calls a meeting point."""

    name = models.CharField(_("Nom du lieu"), max_length=120)
    address = models.CharField(_("Adresse"), max_length=200)
    postcode = models.CharField(_("Code postal"), max_length=5)
    city = models.CharField(_("Commune"), max_length=80)
    latitude = models.FloatField(_("Latitude"))
    longitude = models.FloatField(_("Longitude"))
    has_lift = models.BooleanField(_("Accessible sans marche (plain-pied ou ascenseur)"), default=False)
    access = models.CharField(_("Comment venir"), max_length=300, blank=True)
    phone = models.CharField(_("Téléphone"), max_length=30, blank=True)
    email = models.EmailField(_("Adresse électronique"), blank=True)
    website = models.URLField(_("Site"), blank=True)
    national = models.BooleanField(_("Figure dans la recherche nationale"), default=False)
    active = models.BooleanField(_("Ouvert à la réservation"), default=True)

    class Meta:
        ordering = ["city", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority_id", "name"],
                name="one_place_per_name",
                violation_error_message=_("Un lieu porte déjà ce nom. Choisissez-en un autre."),
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="place_is_on_earth",
                violation_error_message=_(
                    "Ces coordonnées n’existent pas\u202f: latitude de −90 à 90, longitude de −180 à 180."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Agenda(PublishedModel):
    """One team's agenda at one place: its resources, the reasons it serves, and how its slots are let out.

    `wave_weekday` (0 Monday) and `wave_hour`: slots come out by the week, `horizon_days` before, on that day and hour;
    without them each day comes out `horizon_days` before, at midnight. All hours are Paris time.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="agendas")
    name = models.CharField(_("Nom de l’agenda"), max_length=80)
    intro = models.TextField(_("À lire avant de réserver"), max_length=600, blank=True)
    collective = models.BooleanField(_("Séances collectives"), default=False)
    step_minutes = models.PositiveSmallIntegerField(
        _("Un créneau commence toutes les … minutes"),
        default=20,
        validators=[MinValueValidator(5), MaxValueValidator(240)],
    )
    lead_minutes = models.PositiveIntegerField(_("Délai minimal avant un rendez-vous, en minutes"), default=120)
    horizon_days = models.PositiveSmallIntegerField(
        _("Réservable combien de jours à l’avance"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    wave_weekday = models.PositiveSmallIntegerField(
        _("Jour de mise en ligne"), null=True, blank=True, validators=[MaxValueValidator(6)]
    )
    wave_hour = models.PositiveSmallIntegerField(
        _("Heure de mise en ligne"), null=True, blank=True, validators=[MaxValueValidator(23)]
    )
    closed_on_holidays = models.BooleanField(_("Fermé les jours fériés"), default=True)
    walk_in_quota = models.PositiveSmallIntegerField(
        _("Personnes reçues sans rendez-vous, par demi-journée"), default=0
    )
    keeps_waiting_list = models.BooleanField(_("Liste d’attente"), default=True)
    active = models.BooleanField(_("Ouvert à la réservation"), default=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "name"],
                name="one_agenda_per_name",
                violation_error_message=_("Un agenda de ce lieu porte déjà ce nom. Choisissez-en un autre."),
            ),
            models.CheckConstraint(
                condition=models.Q(wave_weekday__isnull=True, wave_hour__isnull=True)
                | models.Q(
                    wave_weekday__isnull=False,
                    wave_hour__isnull=False,
                    wave_weekday__range=(0, 6),
                    wave_hour__range=(0, 23),
                ),
                name="wave_has_day_and_hour",
                violation_error_message=_("Donnez le jour et l’heure de mise en ligne, ou aucun des deux."),
            ),
            models.CheckConstraint(
                condition=models.Q(step_minutes__range=(5, 240), horizon_days__range=(1, 365)),
                name="agenda_step_and_horizon_are_sane",
                violation_error_message=_(
                    "Un créneau commence toutes les 5 à 240 minutes, réservable 1 à 365 jours avant."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Resource(PublishedModel):
    """What a booking takes: a desk or an agent (one at a time), or a room with `capacity` seats."""

    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="resources")
    name = models.CharField(_("Nom"), max_length=60)
    capacity = models.PositiveSmallIntegerField(
        _("Places"), default=1, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    person_id = models.UUIDField(_("Agent"), null=True, blank=True)
    rank = models.PositiveSmallIntegerField(default=1)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["rank", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["agenda", "name"],
                name="one_resource_per_name",
                violation_error_message=_("Cet agenda a déjà un guichet de ce nom. Choisissez-en un autre."),
            ),
            models.CheckConstraint(
                condition=models.Q(capacity__range=(1, 200)),
                name="resource_has_a_seat",
                violation_error_message=_("Une salle compte de 1 à 200 places."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Reason(PublishedModel):
    """Why people come, and how long it takes: `minutes` for the first person, `minutes_more` for each other one.

    `code` is shared by all places that do the same thing (rules/reasons.py), so that one search compares them; a
    collective agenda gives its sessions' own length. `units`: how many agents or desks one booking takes.
    """

    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="reasons")
    code = models.CharField(_("Code"), max_length=40)
    label = models.CharField(_("Motif"), max_length=120)
    minutes = models.PositiveSmallIntegerField(
        _("Durée pour une personne, en minutes"), default=20, validators=[MinValueValidator(5), MaxValueValidator(480)]
    )
    minutes_more = models.PositiveSmallIntegerField(_("Durée par personne de plus, en minutes"), default=20)
    buffer_minutes = models.PositiveSmallIntegerField(_("Temps gardé après le rendez-vous, en minutes"), default=0)
    units = models.PositiveSmallIntegerField(
        _("Agents nécessaires"), default=1, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    max_persons = models.PositiveSmallIntegerField(
        _("Personnes au plus"), default=4, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    active = models.BooleanField(_("Proposé"), default=True)
    rank = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["rank", "label"]
        constraints = [
            models.UniqueConstraint(
                fields=["agenda", "code"],
                name="one_reason_per_code",
                violation_error_message=_("Cet agenda propose déjà ce motif."),
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__range=(5, 480), units__range=(1, 10), max_persons__range=(1, 20)),
                name="reason_figures_are_sane",
                violation_error_message=_(
                    "Un rendez-vous dure de 5 à 480 minutes, pour 1 à 20 personnes et 1 à 10 agents."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.label
