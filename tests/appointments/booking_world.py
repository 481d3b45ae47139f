"""A hold filled step by step through its pages, and a coordination service whose answers the test writes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from parvis.appointments.coordination.port import ApplicationState, Declaration, Elsewhere, Status
from parvis.appointments.links import booking_key
from parvis.appointments.models import Booking
from parvis.appointments.services import check_numbers
from parvis.authorities.facade import authority
from parvis.kit import scope

NUMBER = "ESSAI00001"
CAMILLE = {
    "p1-first_name": "Camille", "p1-last_name": "Essai", "p1-case": "renewal", "p1-application_id": NUMBER,
}  # fmt: skip
CONTACT = {"contact_name": "Camille Essai", "email": "camille@exemple.test"}


@dataclass
class ScriptedCoordination:
    """Says the states that it was given, `validated` otherwise; notes what it was asked, and in what transaction."""

    states: dict[str, str] = field(default_factory=dict)
    elsewhere: dict[str, tuple[Elsewhere, ...]] = field(default_factory=dict)
    fails: Exception | None = None
    asked: list[list[str]] = field(default_factory=list)
    in_transaction: list[bool] = field(default_factory=list)

    def status(self, application_ids: Iterable[str], meeting_point_id: str) -> dict[str, Status]:
        wanted = list(application_ids)
        self.asked.append(wanted)
        self.in_transaction.append(connection.in_atomic_block)
        if self.fails:
            raise self.fails
        return {
            one: Status(one, ApplicationState(self.states.get(one, "validated")), self.elsewhere.get(one, ()))
            for one in wanted
        }

    def declare(self, declaration: Declaration) -> None:
        raise AssertionError("a page declares nothing")

    def withdraw(self, declaration: Declaration) -> None:
        raise AssertionError("a page withdraws nothing")


def scripted(monkeypatch: pytest.MonkeyPatch, **said: Any) -> ScriptedCoordination:
    service = ScriptedCoordination(**said)
    monkeypatch.setattr(check_numbers, "coordination", lambda: service)
    return service


def address(booking: Booking, page: str = "booking", slug: str = "") -> str:
    return reverse(page, args=[slug or authority(booking.authority_id).slug, booking_key(booking.id)])


def fresh(booking: Booking) -> Booking:
    """As the database has it now."""
    with scope.authority(booking.authority_id):
        return Booking.objects.get(id=booking.id)


def people_of(booking: Booking) -> list[dict[str, Any]]:
    with scope.authority(booking.authority_id):
        return list(
            booking.people.values("first_name", "last_name", "minor", "case", "application_id", "application_state")
        )


def fill(client: Client, booking: Booking, **changes: str) -> None:
    """The first two steps, right."""
    client.post(address(booking, "booking_people"), {**CAMILLE, **changes})
    client.post(address(booking, "booking_contact"), CONTACT)
