from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from parvis.kit.models import GlobalModel


class PublishedConsultation(GlobalModel):
    """What is public of a published consultation, for every list and search; the same id as the consultation.

    Nothing confidential comes here.
    """

    authority = models.ForeignKey("authorities.Authority", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    purpose = models.TextField()
    procedure = models.CharField(max_length=40)
    framework = models.BooleanField()
    nature = models.CharField(max_length=20)
    cpv = models.CharField(max_length=10)
    place_nuts = models.CharField(max_length=5)
    lots = models.PositiveSmallIntegerField()
    deadline = models.DateTimeField(db_index=True)
    published_at = models.DateTimeField(db_index=True)
    state = models.CharField(max_length=12)
    is_test = models.BooleanField(default=False)
    # Of a joint procurement: its id in the room above, and its buyers in rank order, the leader first.
    group_id = models.UUIDField(null=True, db_index=True)
    buyers = ArrayField(models.UUIDField(), default=list)
    search = SearchVectorField(null=True)

    class Meta:
        ordering = ["-published_at"]
        indexes = [GinIndex(fields=["search"], name="published_search")]


class Participation(GlobalModel):
    """That a company takes part in a consultation, so that its people find their submissions across authorities.

    Says nothing of content.
    """

    company_id = models.UUIDField(db_index=True)
    authority = models.ForeignKey("authorities.Authority", on_delete=models.PROTECT, related_name="+")
    consultation_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company_id", "consultation_id"], name="one_participation_per_company")
        ]
