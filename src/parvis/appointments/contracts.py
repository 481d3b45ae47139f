"""What may cross the wall of the appointments room."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class Slot(NamedTuple):
    """A free start for one reason. `ends_at` is the end of the appointment, `left` how many could still book it.

    A tuple: a search makes twenty thousand of them.
    """

    starts_at: datetime
    place_id: UUID
    agenda_id: UUID
    reason_id: UUID
    ends_at: datetime
    left: int


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place and whose it is; degrees are WGS84."""

    id: UUID
    authority_id: UUID
    authority_slug: str
    authority_name: str
    name: str
    address: str
    postcode: str
    city: str
    latitude: float
    longitude: float
    has_lift: bool
    access: str
    phone: str
    email: str
    website: str
    national: bool


@dataclass(frozen=True, slots=True)
class ReasonView:
    """Why people come to one agenda, how long for one person (minutes) and for each other one."""

    id: UUID
    agenda_id: UUID
    place_id: UUID
    code: str
    label: str
    minutes: int
    minutes_more: int
    max_persons: int
    collective: bool
