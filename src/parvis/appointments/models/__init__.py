from parvis.appointments.models.booking import (
    ApplicationPointer,
    BookedPerson,
    Booking,
    BookingState,
    DeclarationState,
    NationalDeclaration,
    Occupancy,
    Source,
)
from parvis.appointments.models.hours import Audience, HoursException, Opening, Season, WeeklyHours
from parvis.appointments.models.place import Agenda, Place, Reason, Resource
from parvis.appointments.models.waiting import Offer, Waiting, WaitingState

__all__ = [
    "Agenda",
    "ApplicationPointer",
    "Audience",
    "BookedPerson",
    "Booking",
    "BookingState",
    "DeclarationState",
    "HoursException",
    "NationalDeclaration",
    "Occupancy",
    "Offer",
    "Opening",
    "Place",
    "Reason",
    "Resource",
    "Season",
    "Source",
    "Waiting",
    "WaitingState",
    "WeeklyHours",
]
