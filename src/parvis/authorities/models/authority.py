from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.authorities.rules import AuthorityKind, PopulationKind
from parvis.kit.models import GlobalModel


class Authority(GlobalModel):
    """The agglomeration or one of its communes: a buyer, with its own name, colours, agents and prerogatives."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("Nom"), max_length=120)
    kind = models.CharField(_("Nature"), max_length=20, choices=[(k.value, k.label) for k in AuthorityKind])
    siren = models.CharField(_("Numéro SIREN"), max_length=9, unique=True)
    siret = models.CharField(_("Numéro SIRET"), max_length=14, blank=True)
    insee_code = models.CharField(_("Code INSEE"), max_length=5, blank=True)
    department = models.CharField(_("Département"), max_length=3)
    population = models.PositiveIntegerField(_("Population"))
    population_kind = models.CharField(
        _("Nature de la population"), max_length=12, choices=[(k.value, k.label) for k in PopulationKind]
    )
    population_year = models.PositiveSmallIntegerField(_("Année de référence"))
    address = models.CharField(_("Adresse"), max_length=300, blank=True)
    postcode = models.CharField(_("Code postal"), max_length=5, blank=True)
    # Of the town hall, in degrees (WGS 84). Without them an authority is left out of searches by distance.
    latitude = models.FloatField(_("Latitude de la mairie"), null=True, blank=True)
    longitude = models.FloatField(_("Longitude de la mairie"), null=True, blank=True)
    # The tool of procurement is lent to a commune by a sharing agreement: from this day, and until the day before that
    # one. Without a first day it is closed; the agglomeration's own is always open.
    procurement_from = models.DateField(null=True, blank=True, editable=False)
    procurement_until = models.DateField(null=True, blank=True, editable=False)
    accent = models.CharField(_("Couleur"), max_length=7, default="#1f4e79")
    logo = models.TextField(_("Blason (SVG)"), blank=True)
    host_name = models.CharField(_("Nom de domaine propre"), max_length=253, blank=True)
    good_friday = models.BooleanField(_("Vendredi saint férié (commune avec un temple protestant)"), default=False)
    desk_name = models.CharField(_("Service à joindre"), max_length=120, default="Service de la commande publique")
    desk_hours = models.CharField(
        _("Horaires"), max_length=160, default="du lundi au vendredi, de 8 h 30 à 12 h et de 14 h à 17 h"
    )
    desk_contact = models.CharField(_("Téléphone ou adresse électronique"), max_length=160, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(kind="agglomeration"),
                name="one_agglomeration",
                violation_error_message=_("Un Parvis sert une seule agglomération."),
            ),
            models.UniqueConstraint(
                fields=["host_name"],
                condition=~models.Q(host_name=""),
                name="one_authority_per_host_name",
                violation_error_message=_("Ce nom de domaine est déjà celui d’une autre collectivité."),
            ),
            models.CheckConstraint(
                condition=models.Q(procurement_until__isnull=True)
                | models.Q(procurement_from__isnull=False, procurement_until__gte=models.F("procurement_from")),
                name="procurement_access_ends_after_it_begins",
                violation_error_message=_("L’accès à l’outil d’achat finit avant de commencer. Vérifiez les dates."),
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="both_coordinates_or_none",
                violation_error_message=_(
                    "La position est incomplète ou hors du globe. Donnez la latitude (de −90 à 90) et la longitude"
                    " (de −180 à 180), ou laissez les deux vides."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name
