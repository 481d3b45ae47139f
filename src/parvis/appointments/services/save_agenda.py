from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.appointments.models import Agenda, Booking, BookingState, Place
from parvis.appointments.services.hours_change import HoursChange
from parvis.appointments.services.save_checked import save_checked
from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.errors import Refusal


def create_agenda(place: Place, values: Mapping[str, Any], *, actor: UUID | None = None) -> Agenda:
    """An agenda at a place of the authority in scope, not open yet: it has no desk. Raises Refusal invalid."""
    with transaction.atomic():
        agenda = Agenda(place=place, **values)
        save_checked(agenda)
        _record(agenda, actor)
    return agenda


@dataclass(frozen=True)
class SaveAgenda(HoursChange):
    """New settings of an agenda, by the model's own field names: closing on holidays may touch appointments."""

    agenda: Agenda
    values: Mapping[str, Any]

    def agenda_ids(self) -> Sequence[UUID]:
        return [self.agenda.id]

    def write(self) -> None:
        """Raises Refusal invalid, has_bookings (sessions and single appointments do not mix)."""
        agenda = Agenda.objects.get(id=self.agenda.id)
        collective = self.values.get("collective", agenda.collective)
        if collective != agenda.collective and _coming(agenda):
            message = _(
                "Cet agenda a des rendez-vous à venir\u202f: il reste ce qu’il est."
                " Pour des séances collectives, ouvrez un autre agenda."
            )
            raise Refusal("has_bookings", message, "collective")
        for name, value in self.values.items():
            setattr(agenda, name, value)
        save_checked(agenda)

    def record(self, actor: UUID | None) -> None:
        _record(Agenda.objects.get(id=self.agenda.id), actor)


def _coming(agenda: Agenda) -> bool:
    states = [BookingState.BOOKED, BookingState.HELD, BookingState.DISPLACED]
    found: bool = Booking.objects.filter(agenda=agenda, state__in=states, ends_at__gt=clock.now()).exists()
    return found


def _record(agenda: Agenda, actor: UUID | None) -> None:
    data = {
        name: getattr(agenda, name)
        for name in (
            "name", "collective", "step_minutes", "lead_minutes", "horizon_days", "wave_weekday", "wave_hour",
            "closed_on_holidays", "walk_in_quota", "keeps_waiting_list", "active",
        )
    }  # fmt: skip
    audit.record("agenda.changed", subject=agenda.id, data=data, actor=actor)
