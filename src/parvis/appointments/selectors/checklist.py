from parvis.appointments.models import Booking
from parvis.appointments.rules.documents import Item, PersonCase, documents
from parvis.appointments.rules.paris import day_of
from parvis.appointments.rules.persons import name_for_letters


def checklist(booking: Booking) -> list[Item]:
    """What the persons of a booking of the authority in scope bring on its day (rules/documents.py)."""
    cases = [
        PersonCase(person.case, person.minor, name_for_letters(person.first_name)) for person in booking.people.all()
    ]
    return documents(booking.reason.code, cases or [PersonCase()] * booking.persons, day_of(booking.starts_at))
