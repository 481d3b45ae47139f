"""The door of the appointments room: where people may come, what is free, and the verbs of a booking."""

from parvis.appointments.contracts import PlaceView, ReasonView, Slot
from parvis.appointments.selectors.places import places, reasons
from parvis.appointments.selectors.slots import free_slots

__all__ = ["PlaceView", "ReasonView", "Slot", "free_slots", "places", "reasons"]
