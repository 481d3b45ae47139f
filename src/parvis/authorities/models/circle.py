from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.kit.models import PublishedModel


class CircleSeat(PublishedModel):
    """One authority's right to read what a circle shares (kit.models.SharedModel).

    `authority_id` is that of the circle's owner, who alone gives seats: whoever gave the first one, in the transaction
    that made the circle, while nobody else knew its id.
    """

    circle_id = models.UUIDField(db_index=True)
    member = models.ForeignKey("authorities.Authority", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "circle_id"],
                name="one_seat_per_member_of_a_circle",
                violation_error_message=_("Cette collectivité a déjà sa place."),
            ),
            # Else an authority could seat itself in another's circle, by a row of its own.
            ExclusionConstraint(
                name="one_owner_of_the_seats_of_a_circle",
                expressions=[("circle_id", RangeOperators.EQUAL), ("authority_id", RangeOperators.NOT_EQUAL)],
                violation_error_message=_("Les places de ce cercle sont données par une autre collectivité."),
            ),
        ]
