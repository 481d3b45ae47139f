"""The free hours that an agent may give, day by day: beyond least notice and release."""

from datetime import date, datetime, timedelta
from uuid import UUID

from parvis.appointments.contracts import Slot
from parvis.appointments.rules.paris import day_of, midnight, slot_text
from parvis.appointments.rules.release import LOOK_AHEAD
from parvis.appointments.selectors.slots import AGENTS, free_slots
from parvis.appointments.web.reception.words import day_words
from parvis.kit.jinja import hour

SHOWN_DAYS = 14


def slot_days(
    reason_id: UUID, persons: int, from_day: date, but: datetime | None = None
) -> tuple[list[tuple[str, list[tuple[str, str]]]], date | None]:
    """The free hours of two weeks by day for agents, and the first free day after them where these are full.

    `but`: an hour to leave out.
    """
    start, end = midnight(from_day), midnight(from_day + timedelta(days=SHOWN_DAYS))
    found = free_slots([reason_id], persons, start, end, audiences=AGENTS, public=False)
    found = [one for one in found if one.starts_at != but]
    if found:
        return _by_day(found), None
    later = free_slots([reason_id], persons, end, end + LOOK_AHEAD, audiences=AGENTS, public=False, each=1)
    return [], day_of(later[0].starts_at) if later else None


def _by_day(slots: list[Slot]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Free hours under their day: (day in words, [(value for the form, hour in words)])."""
    found: dict[date, dict[datetime, None]] = {}
    for one in slots:
        found.setdefault(day_of(one.starts_at), {})[one.starts_at] = None
    return [(day_words(day), [(slot_text(at), hour(at)) for at in hours]) for day, hours in found.items()]
