from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from parvis.appointments.models import Agenda
from parvis.appointments.selectors.hours import outside_hours
from parvis.appointments.services.hours_change import HoursChange
from parvis.audit import facade as audit


@dataclass(frozen=True)
class ReplaceOutside(HoursChange):
    """Changes no hour: looks again after every appointment that was kept, or that a night left, outside the hours."""

    agenda: Agenda

    def agenda_ids(self) -> Sequence[UUID]:
        return [self.agenda.id]

    def write(self) -> None:
        """The hours stay as they are."""

    def reached(self) -> set[UUID]:
        return {one.id for one in outside_hours(self.agenda.id)}

    def record(self, actor: UUID | None) -> None:
        audit.record("agenda.changed", subject=self.agenda.id, data={"replaced": "outside"}, actor=actor)
