"""A group with its people in charge, and committees brought to a state by the room's own verbs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from parvis.accounts.models import Person
from parvis.kit import clock, scope
from parvis.kit.clock import PARIS
from parvis.pooling.models import AgendaItem, Attendance, CommitteeMeeting, Presence
from parvis.pooling.services.call_meeting import call_meeting
from parvis.pooling.services.decide import decide
from parvis.pooling.services.file_minutes import file_minutes
from parvis.pooling.services.plan_meeting import plan_meeting
from parvis.pooling.services.record_attendance import Came, record_attendance
from tests.pooling.pooling_world import Circle, a_group, houses
from tests.world import an_agent

# The clock of these tests: a Thursday of May, the committee three weeks later.
NOW = datetime(2026, 5, 21, 9, 0, tzinfo=PARIS)
MEETS_AT = datetime(2026, 6, 11, 14, 0, tzinfo=PARIS)
AGENDA = ("Suites du dernier comité", "Accord-cadre", "Clés de répartition")


@dataclass
class Committee:
    """`people`: the coordinator, then the referent of each commune."""

    circle: Circle
    people: list[Person] = field(default_factory=list)

    @property
    def actor(self) -> Person:
        return self.people[0]

    @contextmanager
    def coordinator(self) -> Iterator[None]:
        with scope.authority(self.circle.coordinator.id):
            yield


def a_committee(count: int = 3) -> Committee:
    circle = a_group(houses(count))
    people = [an_agent(circle.coordinator, "coordinator", "Noé Coordinateur")]
    people += [an_agent(house, "referent", f"Référente {house.name}") for house in circle.houses[1:]]
    return Committee(circle, people)


def planned(world: Committee, meets_at: datetime = MEETS_AT, title: str = "Comité de juin") -> CommitteeMeeting:
    with world.coordinator():
        return plan_meeting(world.circle.group.id, title, meets_at, "Salle des fêtes", AGENDA, actor_id=world.actor.id)


def called(world: Committee, meets_at: datetime = MEETS_AT) -> CommitteeMeeting:
    meeting = planned(world, meets_at)
    with world.coordinator():
        return call_meeting(meeting.id, actor_id=world.actor.id)


def meeting_rows(circle: Circle) -> dict[str, UUID]:
    """A committee to come and one with its minutes, as rows, without their letters."""
    with scope.authority(circle.coordinator.id):
        base = {"group": circle.group, "circle_id": circle.group.id, "place": "Salle des fêtes"}
        coming = CommitteeMeeting.objects.create(
            title="Comité à venir", meets_at=clock.now() + timedelta(days=20), **base
        )
        past = CommitteeMeeting.objects.create(
            title="Comité passé", meets_at=clock.now() - timedelta(days=20), state="minuted", called_at=clock.now(),
            minutes="Tout est dit.", minuted_at=clock.now(), **base,
        )  # fmt: skip
        for meeting in (coming, past):
            AgendaItem.objects.create(meeting=meeting, circle_id=circle.group.id, title="Clés de répartition")
        for house in circle.houses:
            Attendance.objects.create(
                meeting=past, circle_id=circle.group.id, member=house, presence="present", delegate="Aline Essai"
            )
    return {"meeting": coming.id, "minuted_meeting": past.id}


def everybody_came(world: Committee) -> dict[UUID, Came]:
    return {house.id: Came(Presence.PRESENT, f"Élu {house.name}") for house in world.circle.houses}


def held(world: Committee, meets_at: datetime = MEETS_AT) -> CommitteeMeeting:
    meeting = called(world, meets_at)
    with clock.frozen_at(meets_at + timedelta(hours=1)), world.coordinator():
        return record_attendance(meeting.id, everybody_came(world), actor_id=world.actor.id)


def minuted(world: Committee, meets_at: datetime = MEETS_AT) -> CommitteeMeeting:
    meeting = held(world, meets_at)
    with clock.frozen_at(meets_at + timedelta(hours=3)), world.coordinator():
        decide(meeting.id, "other", "Le prochain comité se tient en novembre.", actor_id=world.actor.id)
        return file_minutes(meeting.id, "Le comité a échangé sur tout.", actor_id=world.actor.id)
