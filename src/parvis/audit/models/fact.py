from typing import ClassVar

from django.db import models

from parvis.kit.ids import new_id
from parvis.kit.models import ScopedModel


class Fact(ScopedModel):
    """What happened, to what, by whom, when: written once in the transaction of the change, never edited."""

    append_only: ClassVar[bool] = True

    kind = models.CharField(max_length=64)
    subject_id = models.UUIDField(db_index=True)
    actor_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    data = models.JSONField()
    salt = models.BinaryField(max_length=32)

    class Meta(ScopedModel.Meta):
        ordering = ["at", "id"]


class LogLeaf(models.Model):
    """The public side of a fact: a canonical JSON line that names nobody, waiting for its place in the register."""

    append_only: ClassVar[bool] = True

    fact_id = models.UUIDField(primary_key=True, default=new_id)
    leaf = models.TextField()
