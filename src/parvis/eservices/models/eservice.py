from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.kit.models import PublishedModel


class Theme(models.TextChoices):
    IDENTITY = "identity", _("Papiers, état civil, élections")
    FAMILY = "family", _("Enfance, école, famille")
    HOUSING = "housing", _("Logement et urbanisme")
    SURROUNDINGS = "surroundings", _("Rue, déchets, cadre de vie")
    LEISURE = "leisure", _("Sport, culture, loisirs")
    ASSOCIATIONS = "associations", _("Associations et salles")
    SOLIDARITY = "solidarity", _("Aide et solidarité")
    BUSINESS = "business", _("Commerces et entreprises")
    OTHER = "other", _("Autres démarches")


class EService(PublishedModel):
    """An e-service of the catalogue. Its authority runs it; others may join it (EServiceUse)."""

    code = models.CharField(
        _("Code"),
        max_length=40,
        validators=[
            RegexValidator(
                r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
                _("Le code s’écrit en minuscules, chiffres et tirets. Exemple\u202f: location-salle."),
            )
        ],
    )
    name = models.CharField(_("Nom du téléservice"), max_length=120)
    summary = models.CharField(_("En une phrase"), max_length=300, blank=True)
    theme = models.CharField(_("Thème"), max_length=20, choices=Theme.choices, default=Theme.OTHER)
    offered_from = models.DateField(_("En service depuis le"))
    offered_until = models.DateField(_("En service jusqu’au"), null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority_id", "code"],
                name="one_eservice_per_code",
                violation_error_message=_(
                    "Un téléservice de cette collectivité porte déjà ce code. Choisissez-en un autre."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(offered_until__isnull=True) | models.Q(offered_until__gte=models.F("offered_from")),
                name="eservice_ends_after_it_begins",
                violation_error_message=_("Le dernier jour du téléservice précède le premier."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EServiceUse(PublishedModel):
    """The authority of this row offers the e-service to its citizens: its own, or another's that it joined.

    Both days are included. `order_id` is a purchase order of the room above, which this room never reads.
    """

    service = models.ForeignKey(EService, on_delete=models.PROTECT, related_name="uses")
    from_on = models.DateField(_("À partir du"))
    until_on = models.DateField(_("Jusqu’au"), null=True, blank=True)
    order_id = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["from_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gte=models.F("from_on")),
                name="eservice_use_ends_after_it_begins",
                violation_error_message=_("Le dernier jour d’utilisation précède le premier."),
            ),
            ExclusionConstraint(
                name="one_use_of_an_eservice_at_a_time",
                expressions=[
                    ("service", RangeOperators.EQUAL),
                    ("authority_id", RangeOperators.EQUAL),
                    (
                        models.Func(
                            "from_on",
                            "until_on",
                            models.Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_(
                    "Cette collectivité offre déjà ce téléservice à ces dates. "
                    "Mettez d’abord fin à l’utilisation en cours."
                ),
            ),
        ]
