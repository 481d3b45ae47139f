"""Where most tests of the room stand: a Monday morning, a town hall with two desks, an agglomeration with a list."""

from collections.abc import Iterator

import pytest

from parvis.appointments.models import Reason
from parvis.authorities.models import Authority
from parvis.kit import clock
from tests.appointments.agenda_world import MONDAY, MORNING, a_place, a_reason, an_agenda, at
from tests.appointments.waiting_world import the_agglomeration
from tests.world import an_authority


@pytest.fixture
def monday_morning() -> Iterator[None]:
    """Eight in Paris, before the desks open."""
    with clock.frozen_at(MORNING):
        yield


@pytest.fixture
def ten_on_monday() -> Iterator[None]:
    """When letters and telephones may ring."""
    with clock.frozen_at(at(MONDAY, "10:00")):
        yield


@pytest.fixture
def reason() -> Reason:
    """Identity cards at two desks, bookable until the last minute."""
    return a_reason(an_agenda(a_place(an_authority()), lead_minutes=0))


@pytest.fixture
def whole() -> Authority:
    return the_agglomeration()
