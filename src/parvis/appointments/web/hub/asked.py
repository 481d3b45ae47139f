"""What the hub asks, read with care: one bad value is said to it rather than guessed."""

import re
from datetime import date
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from parvis.appointments.rules.application_id import is_application_id, normalise
from parvis.appointments.rules.reasons import BY_HUB
from parvis.appointments.selectors.hub_slots import Wanted
from parvis.appointments.web.hub.calls import Unusable

MAX_PLACES = 1000
MAX_NUMBERS = 100
MAX_PERSONS = 20  # as for a booking
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,3}")


def read_places(query: QueryDict) -> dict[str, UUID]:
    """The ids asked, as written, once each. Raises Unusable: 400 without any, 404 for what is no id of ours."""
    asked = _several(query, "meeting_point_ids", MAX_PLACES)
    return {written: _uuid(written) for written in asked}


def read_slots(query: QueryDict, place_ids: tuple[UUID, ...]) -> Wanted:
    """Raises Unusable, 400."""
    reason = query.get("reason", "")
    if reason not in BY_HUB:
        message = _("reason\u202f: {known} sont connus.")
        raise Unusable(400, "bad_reason", message.format(known=", ".join(BY_HUB)))
    first, last = _day(query, "start_date"), _day(query, "end_date")
    if first > last:
        raise Unusable(400, "bad_dates", _("start_date vient après end_date."))
    return Wanted(place_ids, BY_HUB[reason].code, _persons(query), first, last)


def read_numbers(query: QueryDict) -> dict[str, str]:
    """Each id asked, as written, and the number it is, or "" when it is none. Raises Unusable, 400."""
    asked = _several(query, "application_ids", MAX_NUMBERS)
    numbers = {written: normalise(written) for written in asked}
    return {written: number if is_application_id(number) else "" for written, number in numbers.items()}


def _several(query: QueryDict, name: str, most: int) -> list[str]:
    asked = list(dict.fromkeys(query.getlist(name)))
    if not asked:
        raise Unusable(400, "missing", _("{name} manque.").format(name=name))
    if len(asked) > most:
        message = _("{name}\u202f: {most} au plus par appel.")
        raise Unusable(400, "too_many", message.format(name=name, most=most))
    return asked


def _uuid(written: str) -> UUID:
    try:
        found = UUID(written)
    except ValueError:
        found = None
    if found is None or str(found) != written.lower():
        raise unknown_place(written)
    return found


def unknown_place(written: str) -> Unusable:
    message = _("Lieu inconnu\u202f: {written}.")
    return Unusable(404, "unknown_meeting_point", message.format(written=written[:50]))


def _day(query: QueryDict, name: str) -> date:
    written = query.get(name, "")
    try:
        if _DAY.fullmatch(written):
            return date.fromisoformat(written)
    except ValueError:
        pass
    message = _("{name}\u202f: une date comme 2026-12-19 est attendue.")
    raise Unusable(400, "bad_dates", message.format(name=name))


def _persons(query: QueryDict) -> int:
    written = query.get("documents_number", "1")
    if _COUNT.fullmatch(written) and 1 <= int(written) <= MAX_PERSONS:
        return int(written)
    message = _("documents_number\u202f: de 1 à {most}.")
    raise Unusable(400, "bad_number", message.format(most=MAX_PERSONS))
