from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from parvis.appointments.models import Agenda, HoursException, Occupancy, Place, Resource
from parvis.appointments.services.hours_change import HoursChange
from parvis.appointments.services.save_checked import save_checked
from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.errors import Refusal


@dataclass(frozen=True)
class ClosePeriod(HoursChange):
    """Closes a place, or one of its desks, between two aware instants; `reason` is shown to the public."""

    place: Place
    resource: Resource | None
    start: datetime
    end: datetime
    reason: str = ""

    def agenda_ids(self) -> Sequence[UUID]:
        if self.resource is not None:
            return [self.resource.agenda_id]
        return list(Agenda.objects.filter(place=self.place).values_list("id", flat=True))

    def write(self) -> None:
        """The same closure again changes nothing. Raises Refusal backwards, past."""
        if self.end <= self.start:
            raise Refusal("backwards", _("La fin vient avant le début. Corrigez l’un des deux."), "last_day")
        if self.end <= clock.now():
            raise Refusal("past", _("Cette fermeture est déjà passée. Choisissez des jours à venir."), "last_day")
        during = TimestamptzRange(self.start, self.end)
        known = HoursException.objects.filter(place=self.place, resource=self.resource, closed=True, during=during)
        row = known.first() or HoursException(place=self.place, resource=self.resource, closed=True, during=during)
        row.why = self.reason
        save_checked(row)

    def reached(self) -> set[UUID]:
        taken = Occupancy.objects.filter(place=self.place, during__overlap=TimestamptzRange(self.start, self.end))
        if self.resource is not None:
            taken = taken.filter(resource=self.resource)
        return set(taken.values_list("booking_id", flat=True))

    def record(self, actor: UUID | None) -> None:
        data = {
            "resource": str(self.resource.id) if self.resource else None,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "why": self.reason,
        }
        audit.record("agenda.closed", subject=self.place.id, data=data, actor=actor)
