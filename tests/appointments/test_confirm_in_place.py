"""Keeping a held slot for good touches no index: the constraint is not asked again, so nobody waits for anybody."""

from datetime import timedelta

import pytest
from django.db import connection

from parvis.appointments.models import Occupancy
from parvis.appointments.selectors.slots import free_slots
from parvis.appointments.services.confirm_booking import confirm_booking
from parvis.kit import clock, scope
from tests.appointments.agenda_world import a_hold, a_place, a_reason, an_agenda
from tests.world import an_authority

pytestmark = pytest.mark.django_db


def rewritten_in_place() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_get_xact_tuples_hot_updated('appointments_occupancy'::regclass)")
        [found] = cursor.fetchone()
    return int(found)


def test_a_confirmation_rewrites_its_seat_in_place() -> None:
    house = an_authority()
    reason = a_reason(an_agenda(a_place(house), lead_minutes=0), "title-collection")
    start = free_slots([reason.id], 1, clock.now(), clock.now() + timedelta(days=7))[-1].starts_at
    held = a_hold(reason, start)
    with scope.authority(house.id):
        held.email = "camille@exemple.test"
        held.save()
        before = rewritten_in_place()
        confirm_booking(held)
        assert rewritten_in_place() == before + 1
        assert Occupancy.objects.get(booking_id=held.id).held_until is None
