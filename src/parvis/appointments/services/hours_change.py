"""What every change that moves openings has in common: it is previewed, then applied, never one without the other."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from uuid import UUID

from parvis.appointments.models import Agenda, Booking
from parvis.appointments.selectors.hours import outside_hours
from parvis.appointments.services.materialise_openings import materialise_openings


class HoursChange(ABC):
    """Written twice: once to be shown and taken back, once for good (services/preview_change.py, apply_change.py)."""

    @abstractmethod
    def agenda_ids(self) -> Sequence[UUID]:
        """The agendas whose openings it may move."""

    @abstractmethod
    def write(self) -> None:
        """Changes the hours of the authority in scope. Raises Refusal."""

    @abstractmethod
    def record(self, actor: UUID | None) -> None:
        """Writes its fact."""

    def reached(self) -> set[UUID]:
        """The bookings that it touches even where they were kept outside hours before."""
        return set()


def carry_out(change: HoursChange) -> list[Booking]:
    """Writes the change and its openings, and returns the coming bookings that it puts outside, held ones included.

    Those that were outside already stay in peace, unless the change reaches them. The agendas are held first, in the
    order of their ids. Raises Refusal.
    """
    agendas = list(Agenda.objects.filter(id__in=change.agenda_ids()).order_by("id").select_for_update())
    before = {one.id for agenda in agendas for one in outside_hours(agenda.id)}
    change.write()
    touched: list[Booking] = []
    reached = change.reached()
    for agenda in agendas:
        agenda.refresh_from_db()
        materialise_openings(agenda)
        touched += [one for one in outside_hours(agenda.id) if one.id not in before or one.id in reached]
    return sorted(touched, key=lambda one: (one.starts_at, one.id))
