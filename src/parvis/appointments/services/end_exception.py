from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from parvis.appointments.models import Agenda, HoursException
from parvis.appointments.services.hours_change import HoursChange
from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.errors import Refusal


@dataclass(frozen=True)
class EndException(HoursChange):
    """Ends a closure now, or takes it back before it began: the openings return. Takes an extra opening back too."""

    exception: HoursException

    def agenda_ids(self) -> Sequence[UUID]:
        if self.exception.resource is not None:
            return [self.exception.resource.agenda_id]
        return list(Agenda.objects.filter(place_id=self.exception.place_id).values_list("id", flat=True))

    def write(self) -> None:
        """Raises Refusal past."""
        during, now = self.exception.during, clock.now()
        if during.upper <= now:
            raise Refusal("past", _("C’est déjà terminé\u202f: il n’y a plus rien à changer."))
        rows = HoursException.objects.filter(id=self.exception.id)
        if during.lower < now:
            rows.update(during=TimestamptzRange(during.lower, now))
        else:
            rows.delete()

    def record(self, actor: UUID | None) -> None:
        during = self.exception.during
        data = {
            "resource": str(self.exception.resource_id) if self.exception.resource_id else None,
            "ended": "closure" if self.exception.closed else "opening",
            "start": during.lower.isoformat(),
            "end": during.upper.isoformat(),
        }
        kind = "agenda.opened" if self.exception.closed else "agenda.closed"
        audit.record(kind, subject=self.exception.place_id, data=data, actor=actor)
