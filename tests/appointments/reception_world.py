"""A town hall on a Monday morning: its desks, its agent, and people who come."""

from dataclasses import dataclass
from typing import Any

from django.test import Client

from parvis.accounts.models import Person
from parvis.appointments.models import Agenda, Booking, Place, Reason, Resource
from parvis.appointments.services.record_arrival import record_arrival
from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from tests.appointments.agenda_world import MONDAY, a_booking, a_place, a_reason, an_agenda, at
from tests.world import an_agent, an_authority, signed_in


@dataclass
class Hall:
    house: Authority
    place: Place
    agenda: Agenda
    reason: Reason
    agent: Person

    @property
    def desks(self) -> list[Resource]:
        with scope.authority(self.house.id):
            return list(Resource.objects.filter(agenda=self.agenda).select_related("agenda"))

    def client(self, role: str = "desk_agent", name: str = "Dominique Agent") -> Client:
        person = self.agent if name == "Dominique Agent" else an_agent(self.house, role, name)
        return signed_in(person, self.house, role)

    def booked(self, hour: str, name: str = "Camille Essai", number: str = "ESSAI00001", **fields: Any) -> Booking:
        booking = a_booking(self.reason, at(MONDAY, hour), numbers=(number,))
        first, _, last = name.partition(" ")
        with scope.authority(self.house.id):
            booking.people.update(first_name=first, last_name=last)
            for field, value in {"contact_name": name, **fields}.items():
                setattr(booking, field, value)
            booking.save()
        return booking

    def arrived(self, hour: str, when: str, name: str = "Camille Essai", number: str = "ESSAI00001") -> Booking:
        booking = self.booked(hour, name, number)
        with clock.frozen_at(at(MONDAY, when)), scope.authority(self.house.id):
            return record_arrival(booking, actor=self.agent.id)

    def now(self, booking: Booking) -> Booking:
        with scope.authority(self.house.id):
            found: Booking = Booking.objects.get(id=booking.id)
            return found


def a_hall(slug: str = "valbruche", **fields: Any) -> Hall:
    house = an_authority(slug)
    place = a_place(house, name=f"Mairie {house.name}")
    agenda = an_agenda(place, **{"hours": "8:30-11:30,14:00-17:00", "lead_minutes": 0, "walk_in_quota": 2, **fields})
    agent = an_agent(house, "desk_agent", "Dominique Agent")
    return Hall(house, place, agenda, a_reason(agenda), agent)
