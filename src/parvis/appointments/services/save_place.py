from collections.abc import Mapping
from typing import Any
from uuid import UUID

from parvis.appointments.models import Place
from parvis.appointments.services.save_checked import save_checked
from parvis.audit import facade as audit


def save_place(values: Mapping[str, Any], place: Place | None = None, *, actor: UUID | None = None) -> Place:
    """Makes or changes a place of the authority in scope; `values` by the model's own field names. Raises Refusal."""
    place = place or Place()
    for name, value in values.items():
        setattr(place, name, value)
    save_checked(place)
    data = {"place": str(place.id), "name": place.name, "active": place.active, "national": place.national}
    audit.record("agenda.changed", subject=place.id, data=data, actor=actor)
    return place
