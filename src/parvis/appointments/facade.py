"""The door of the appointments room: where people may come, why, and what is free."""

from parvis.appointments.contracts import PlaceView, ReasonView, Slot
from parvis.appointments.selectors.places import places, reasons
from parvis.appointments.selectors.slots import free_slots

__all__ = ["PlaceView", "ReasonView", "Slot", "free_slots", "places", "reasons"]
