"""The door of the e-services room: the catalogue, and which authority offers what to its citizens, from when."""

from parvis.eservices.contracts import EServiceView, Theme, UseView
from parvis.eservices.selectors.catalogue import catalogue, eservice
from parvis.eservices.selectors.uses import count_on, use, uses
from parvis.eservices.services.end_eservice import end_eservice
from parvis.eservices.services.end_use import end_use
from parvis.eservices.services.record_eservice import record_eservice
from parvis.eservices.services.record_use import record_use

__all__ = [
    "EServiceView",
    "Theme",
    "UseView",
    "catalogue",
    "count_on",
    "end_eservice",
    "end_use",
    "eservice",
    "record_eservice",
    "record_use",
    "use",
    "uses",
]
