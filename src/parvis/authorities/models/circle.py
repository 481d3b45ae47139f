from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.kit.models import PublishedModel


class CircleSeat(PublishedModel):
    """One authority's right to read what a circle shares (kit.models.SharedModel).

    `authority_id` is that of the circle's owner, who alone gives and takes seats; the owner needs none itself.
    """

    circle_id = models.UUIDField(db_index=True)
    member = models.ForeignKey("authorities.Authority", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "circle_id"],
                name="one_seat_per_member_of_a_circle",
                violation_error_message=_("Cette collectivité a déjà sa place."),
            )
        ]
