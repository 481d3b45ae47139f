from typing import ClassVar

from django.db import models


class PendingLeaf(models.Model):
    """A leaf that waits for its place: the register's queue, emptied by each anchoring."""

    fact_id = models.UUIDField(primary_key=True)


class LogPosition(models.Model):
    """The place of a leaf in the register, from 0, given once."""

    append_only: ClassVar[bool] = True

    index = models.BigIntegerField(primary_key=True)
    fact_id = models.UUIDField(unique=True)
    leaf_hash = models.BinaryField(max_length=32)


class LogNode(models.Model):
    """The root of a complete subtree of 2^level leaves (level 1 and above), so that a proof reads a few rows."""

    append_only: ClassVar[bool] = True

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="one_node_per_place_in_the_tree")]


class Checkpoint(models.Model):
    """The register's size and root, signed (C2SP checkpoint), with the time in a cosignature of the same key."""

    append_only: ClassVar[bool] = True

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    at = models.DateTimeField()
