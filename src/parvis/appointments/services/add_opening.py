from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from parvis.appointments.models import Audience, HoursException, Opening, Resource
from parvis.appointments.rules.paris import day_of
from parvis.appointments.services.hours_change import HoursChange
from parvis.appointments.services.save_checked import save_checked
from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.errors import Refusal


@dataclass(frozen=True)
class AddOpening(HoursChange):
    """Opens one desk between two aware instants of the same day in Paris, beside its weekly hours."""

    resource: Resource
    start: datetime
    end: datetime
    audience: str = Audience.ONLINE

    def agenda_ids(self) -> Sequence[UUID]:
        return [self.resource.agenda_id]

    def write(self) -> None:
        """Nothing for the same opening again. Raises Refusal backwards, past, closed (by a closure), already_open."""
        if self.end <= self.start or day_of(self.start) != day_of(self.end):
            raise Refusal("backwards", _("La fermeture vient après l’ouverture, le même jour."), "closes")
        if self.end <= clock.now():
            raise Refusal("past", _("Ces heures sont déjà passées. Choisissez un jour à venir."), "day")
        during = TimestamptzRange(self.start, self.end)
        place_id = self.resource.agenda.place_id
        known = HoursException.objects.filter(place_id=place_id, during__overlap=during)
        if known.filter(resource=self.resource, closed=False, during=during, audience=self.audience).exists():
            return
        if known.filter(Q(resource=self.resource) | Q(resource__isnull=True), closed=True).exists():
            message = _("Une fermeture couvre ces heures. Terminez-la d’abord, ou choisissez un autre moment.")
            raise Refusal("closed", message, "day")
        if (
            Opening.objects.filter(resource=self.resource, during__overlap=during).exists()
            or known.filter(resource=self.resource, closed=False).exists()
        ):
            message = _("Ce guichet est déjà ouvert pendant une partie de ces heures. N’écrivez que ce qui s’ajoute.")
            raise Refusal("already_open", message, "opens")
        save_checked(
            HoursException(
                place_id=place_id, resource=self.resource, closed=False, during=during, audience=self.audience
            )
        )

    def record(self, actor: UUID | None) -> None:
        data = {
            "resource": str(self.resource.id),
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "audience": str(self.audience),
        }
        audit.record("agenda.opened", subject=self.resource.agenda_id, data=data, actor=actor)
