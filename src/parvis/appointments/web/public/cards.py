"""What a page shows of a place and its slots, as words and addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from parvis.appointments.contracts import PlaceView, ReasonView, Slot
from parvis.appointments.rules.paris import day_of, slot_text
from parvis.appointments.selectors.nearest import NearSlot
from parvis.appointments.selectors.search import PlaceFound
from parvis.appointments.web.public import words
from parvis.appointments.words import persons_words
from parvis.kit.jinja import hour
from parvis.kit.money import NO_BREAK


@dataclass(frozen=True, slots=True)
class Choice:
    """A slot as a button: `value` is what it posts, `day` is said before `label` to those who only hear it."""

    value: str
    day: str
    label: str


def place_url(place: PlaceView, reason_id: UUID | None = None, persons: int = 1, **more: str) -> str:
    query = {"motif": str(reason_id), "personnes": str(persons), **more} if reason_id else more
    address = reverse("place", args=[place.authority_slug, place.id])
    return f"{address}?{urlencode(query)}" if query else address


def take_url(place: PlaceView) -> str:
    return reverse("take_slot", args=[place.authority_slug])


def find_url(**query: str) -> str:
    return f"{reverse('find_appointment')}?{urlencode(query)}"


def waiting_url(code: str, persons: int, place_ids: Iterable[UUID] = ()) -> str:
    query = {"motif": code, "personnes": str(persons)}
    ids = ",".join(str(one) for one in place_ids)
    return f"{reverse('join_waiting')}?{urlencode({**query, 'lieux': ids} if ids else query)}"


def dated_choice(slot: Slot) -> Choice:
    """A slot outside a list of its day: jeu. 26 nov., 10 h 20"""
    short = f"{words.short_day_words(day_of(slot.starts_at))}, {hour(slot.starts_at)}"
    return Choice(slot_text(slot.starts_at), "", short.replace(" ", NO_BREAK))


def card(found: PlaceFound, number: int, persons: int, origin: tuple[float, float] | None) -> dict[str, Any]:
    """One place of a search."""
    place, reason = found.place, found.reason
    return {
        "number": number,
        "place": place,
        "reason": reason,
        "url": place_url(place, reason.id, persons),
        "take_url": take_url(place),
        "far": far_words(found.km, origin, place),
        "need": words.need_words(reason, persons),
        "too_many": persons > reason.max_persons,
        "most": persons_words(reason.max_persons),
        "first": words.slot_words(found.slots[0].starts_at) if found.slots else "",
        "later": words.slot_words(found.earliest.starts_at) if found.earliest and not found.slots else "",
        "choices": [dated_choice(one) for one in found.slots],
    }


def far_words(km: float | None, origin: tuple[float, float] | None, place: PlaceView) -> str:
    if km is None or origin is None:
        return ""
    towards = words.direction_words(origin, (place.latitude, place.longitude), km)
    return f"{words.km_words(km)} {towards}".strip()


def near_groups(slots: list[NearSlot], persons: int) -> list[dict[str, Any]]:
    """The nearest slots by place, in the order they come."""
    groups: dict[UUID, dict[str, Any]] = {}
    for one in slots:
        group = groups.setdefault(
            one.place.id,
            {
                "place": one.place,
                "reason_id": one.slot.reason_id,
                "url": place_url(one.place, one.slot.reason_id, persons),
                "take_url": take_url(one.place),
                "far": words.km_words(one.km) if one.km else "",
                "choices": [],
            },
        )
        group["choices"].append(dated_choice(one.slot))
    return list(groups.values())


def reason_line(place: PlaceView, reason: ReasonView, first: Slot | None) -> dict[str, Any]:
    """A reason as a link to the slots of its place."""
    return {
        "label": reason.label,
        "url": place_url(place, reason.id),
        "length": "" if reason.collective else words.length_words(reason.minutes),
        "collective": reason.collective,
        "first": words.slot_words(first.starts_at) if first else "",
    }
