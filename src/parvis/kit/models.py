from typing import Any, ClassVar

from django.db import models

from parvis.kit import scope
from parvis.kit.ids import new_id


class ScopedQuerySet(models.QuerySet[Any]):
    pass


class ScopedManager(models.Manager[Any]):
    """Rows of the authority in scope, and no others. Raises NoAuthorityInScope when none is."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(authority_id=scope.current_authority())


class Identified(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class ScopedModel(Identified):
    """A row that belongs to one authority. `migrate` gives its table a policy and a foreign key to that authority."""

    authority_id = models.UUIDField(default=scope.current_authority, editable=False, db_index=True)

    objects: ClassVar[ScopedManager] = ScopedManager()

    scoped: ClassVar[bool] = True

    class Meta:
        abstract = True
        base_manager_name = "objects"


class PublishedModel(Identified):
    """A row that everybody may read and only its authority may write, such as the hours of a desk.

    `migrate` gives its table four policies: reading is open, the three others want the authority in scope.
    """

    authority_id = models.UUIDField(default=scope.current_authority, editable=False, db_index=True)

    published: ClassVar[bool] = True

    class Meta:
        abstract = True


class SharedManager(models.Manager[Any]):
    """Rows of the circles in which the authority in scope sits: PostgreSQL chooses them, by its policy.

    Raises NoAuthorityInScope when none is.
    """

    def get_queryset(self) -> models.QuerySet[Any]:
        scope.current_authority()
        return super().get_queryset()


class SharedModel(Identified):
    """A row of one authority that its circle reads too: the members of a joint procurement, the two sides of an
    agreement. Only its authority writes it.

    `migrate` gives its table four policies: reading wants a seat in the circle, the three others its authority.
    """

    authority_id = models.UUIDField(default=scope.current_authority, editable=False, db_index=True)
    circle_id = models.UUIDField(editable=False, db_index=True)

    objects: ClassVar[SharedManager] = SharedManager()

    shared: ClassVar[bool] = True

    class Meta:
        abstract = True
        base_manager_name = "objects"


class GlobalModel(Identified):
    """A row that every authority may see. The list of these is short and kept by tests/architecture."""

    class Meta:
        abstract = True
