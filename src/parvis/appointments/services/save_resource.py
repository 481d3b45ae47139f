from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from parvis.appointments.models import Agenda, Occupancy, Resource
from parvis.appointments.services.hours_change import HoursChange
from parvis.appointments.services.save_checked import save_checked
from parvis.audit import facade as audit
from parvis.kit import clock


def add_resource(agenda: Agenda, values: Mapping[str, Any], *, actor: UUID | None = None) -> Resource:
    """One more desk, agent or room, last in line, in the scope of its authority. Raises Refusal invalid."""
    with transaction.atomic():
        last = Resource.objects.filter(agenda=agenda).aggregate(last=Max("rank"))["last"] or 0
        resource = Resource(agenda=agenda, rank=last + 1, **values)
        save_checked(resource)
        _record(resource, actor)
    return resource


@dataclass(frozen=True)
class SaveResource(HoursChange):
    """A desk's name, seats, agent, or that it no longer works: never deleted, and its appointments looked after."""

    resource: Resource
    values: Mapping[str, Any]

    def agenda_ids(self) -> Sequence[UUID]:
        return [self.resource.agenda_id]

    def write(self) -> None:
        """Raises Refusal invalid."""
        resource = Resource.objects.get(id=self.resource.id)
        for name, value in self.values.items():
            setattr(resource, name, value)
        save_checked(resource)

    def reached(self) -> set[UUID]:
        if self.values.get("active", True):
            return set()
        taken = Occupancy.objects.filter(resource=self.resource, during__endswith__gt=clock.now())
        return set(taken.values_list("booking_id", flat=True))

    def record(self, actor: UUID | None) -> None:
        _record(Resource.objects.get(id=self.resource.id), actor)


def _record(resource: Resource, actor: UUID | None) -> None:
    data = {"resource": str(resource.id), "name": resource.name, "seats": resource.capacity, "active": resource.active}
    audit.record("agenda.changed", subject=resource.agenda_id, data=data, actor=actor)
