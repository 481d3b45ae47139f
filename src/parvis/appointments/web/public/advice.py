"""The sentence above a list of places, when what was asked for is not there: what is, and where."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from parvis.appointments.rules.paris import day_of
from parvis.appointments.selectors.search import PlaceFound, Wanted
from parvis.appointments.web.public import words
from parvis.kit import clock

# Somewhere else is worth the way from this much sooner on.
SOONER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Advice:
    """`lack` says what there is not, `other` where and when there is ("" for nowhere), `number` its rank."""

    lack: str
    other: str = ""
    number: int = 0


def advice(found: list[PlaceFound], wanted: Wanted) -> Advice | None:
    """None when the list speaks for itself."""
    if not found:
        return None
    if not any(one.slots or one.earliest for one in found):
        return Advice(_("Aucune place libre pour l’instant."))
    if wanted.point is not None and not wanted.by_time:
        near = min(found, key=lambda one: one.km or 0.0).place.city
        there = [one for one in found if one.place.city == near]
        other = _elsewhere(found, there, near)
        if other is not None:
            return Advice(_lack(there, near), _other(other), found.index(other) + 1)
    if not any(one.slots for one in found):
        first = min((one for one in found if one.earliest), key=lambda one: one.earliest.starts_at)  # type: ignore[union-attr]
        return Advice(_("Plus aucune place aux dates choisies."), _other(first), found.index(first) + 1)
    return None


def _start(one: PlaceFound) -> float:
    slot = one.slots[0] if one.slots else one.earliest
    return slot.starts_at.timestamp() if slot else float("inf")


def _elsewhere(found: list[PlaceFound], there: list[PlaceFound], near: str) -> PlaceFound | None:
    """The nearest place of another commune that has what this one lacks."""
    others = [one for one in found if one.place.city != near and one.slots]
    if any(one.slots for one in there):
        soonest = min(_start(one) for one in there)
        others = [one for one in others if _start(one) + SOONER.total_seconds() <= soonest]
    return min(others, key=lambda one: (one.km or 0.0, _start(one)), default=None)


def _lack(there: list[PlaceFound], city: str) -> str:
    known = [one.slots[0] if one.slots else one.earliest for one in there]
    first = min((slot.starts_at for slot in known if slot is not None), default=None)
    if first is None:
        return _("Plus de place {city} pour l’instant.").format(city=words.in_city(city))
    if any(one.slots for one in there) or first >= clock.now() + SOONER:
        return _("Plus de place {city} avant le {day}.").format(
            city=words.in_city(city), day=words.day_words(day_of(first))
        )
    return _("Plus de place {city} aux dates choisies.").format(city=words.in_city(city))


def _other(one: PlaceFound) -> str:
    slot = one.slots[0] if one.slots else one.earliest
    when = words.slot_words(slot.starts_at) if slot else ""
    if one.km is None:
        return _("{city}\u202f: {when}").format(city=one.place.city, when=when)
    far = words.km_words(one.km)
    return _("{far}, {city}\u202f: {when}").format(far=far[0].upper() + far[1:], city=one.place.city, when=when)
