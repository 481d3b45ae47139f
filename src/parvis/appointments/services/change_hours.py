"""The weekly hours of a desk, written as one grid of seven days under the same terms."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.appointments.models import Resource, WeeklyHours
from parvis.appointments.rules.hours import Terms, Weekly, clash
from parvis.appointments.rules.hours_text import Span, write_hours
from parvis.appointments.selectors.hours import weekly_of
from parvis.appointments.services.hours_change import HoursChange
from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.kit.jinja import DAYS

Week = tuple[tuple[Span, ...], ...]


@dataclass(frozen=True)
class ChangeHours(HoursChange):
    """`week`: the periods of each day, Monday first; all empty takes the grid away.

    `replaces`: the terms of the grid that it takes the place of; when it begins later, the former one stays until the
    day before. `also`: other desks of the same agenda that get exactly the same hours as this one.
    """

    resource: Resource
    terms: Terms
    week: Week
    replaces: Terms | None = None
    also: tuple[Resource, ...] = ()

    def agenda_ids(self) -> Sequence[UUID]:
        return [self.resource.agenda_id]

    def write(self) -> None:
        """Raises Refusal overlapping (another grid of this desk opens the same hour), empty."""
        if self.replaces is not None:
            self._end(self.replaces)
        elif not any(self.week):
            raise Refusal("empty", _("Écrivez les heures d’au moins un jour, par exemple 8 h 30 – 12 h."))
        rows = [
            Weekly(weekday, opens, closes, self.terms)
            for weekday, spans in enumerate(self.week)
            for opens, closes in spans
        ]
        _require_apart(rows, [weekly_of(row) for row in WeeklyHours.objects.filter(resource=self.resource)])
        WeeklyHours.objects.bulk_create(_row(self.resource, one) for one in rows)
        all_rows = [weekly_of(row) for row in WeeklyHours.objects.filter(resource=self.resource)]
        for other in self.also:
            WeeklyHours.objects.filter(resource=other).delete()
            WeeklyHours.objects.bulk_create(_row(other, one) for one in all_rows)

    def _end(self, former: Terms) -> None:
        rows = WeeklyHours.objects.filter(resource=self.resource, **asdict(former))
        if not any(self.week) or self.terms.valid_from <= former.valid_from:
            rows.delete()
            return
        eve = self.terms.valid_from - timedelta(days=1)
        if former.valid_until is None or former.valid_until > eve:
            rows.update(valid_until=eve)

    def record(self, actor: UUID | None) -> None:
        data = {
            "resources": sorted(str(one.id) for one in (self.resource, *self.also)),
            "from": self.terms.valid_from.isoformat(),
            "until": self.terms.valid_until.isoformat() if self.terms.valid_until else None,
            "season": self.terms.season,
            "audience": self.terms.audience,
            "release_days": self.terms.release_days,
            "week": [write_hours(spans) for spans in self.week],
        }
        audit.record("agenda.hours_changed", subject=self.resource.agenda_id, data=data, actor=actor)


def _row(resource: Resource, one: Weekly) -> WeeklyHours:
    return WeeklyHours(resource=resource, weekday=one.weekday, opens=one.opens, closes=one.closes, **asdict(one.terms))


def _require_apart(rows: list[Weekly], others: list[Weekly]) -> None:
    for row in rows:
        for other in others:
            if clash(row, other):
                message = _(
                    "Le {day}, {hours} est déjà ouvert dans une autre grille de ce guichet."
                    " Changez l’une des deux\u202f: chaque heure n’est écrite qu’une fois."
                ).format(day=DAYS[row.weekday], hours=write_hours([(other.opens, other.closes)]))
                raise Refusal("overlapping", message, f"day{row.weekday}")
