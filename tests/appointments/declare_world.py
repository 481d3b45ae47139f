"""A coordination service that answers by a script, and the worker's turn without a worker."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from parvis.appointments.coordination.port import Declaration, Status
from parvis.appointments.models import Booking, NationalDeclaration
from parvis.appointments.services.declare_booking import declare_booking
from parvis.kit import scope

Step = Exception | Callable[[], None] | None


@dataclass
class ScriptedService:
    """Notes each call, then plays the next step: raises it, runs it (what happens meanwhile), or answers well."""

    script: list[Step] = field(default_factory=list)
    calls: list[tuple[str, Declaration]] = field(default_factory=list)
    known: set[tuple[str, str]] = field(default_factory=set)  # number and Paris-independent instant
    outside_transactions: bool = False

    def status(self, application_ids: object, meeting_point_id: str) -> dict[str, Status]:
        raise AssertionError("a worker does not ask for states")

    def declare(self, declaration: Declaration) -> None:
        self._play("declare", declaration)
        self.known.add(_key(declaration))

    def withdraw(self, declaration: Declaration) -> None:
        self._play("withdraw", declaration)
        self.known.discard(_key(declaration))

    def _play(self, verb: str, declaration: Declaration) -> None:
        if self.outside_transactions:
            assert not connection.in_atomic_block
        self.calls.append((verb, declaration))
        step = self.script.pop(0) if self.script else None
        if isinstance(step, BaseException):
            raise step
        if step is not None:
            step()

    @property
    def said(self) -> list[str]:
        return [f"{verb} {one.application_id}" for verb, one in self.calls]


def _key(declaration: Declaration) -> tuple[str, str]:
    return declaration.application_id, declaration.at.isoformat()


def worker_turn(booking: Booking) -> int:
    return declare_booking(booking.authority_id, booking.id)


def rows(booking: Booking) -> list[NationalDeclaration]:
    with scope.authority(booking.authority_id):
        return list(NationalDeclaration.objects.filter(booking_id=booking.id).order_by("at", "application_id"))


def states(booking: Booking) -> list[str]:
    return [str(row.state) for row in rows(booking)]


def jobs(booking_id: UUID) -> int:
    found = ProcrastinateJob.objects.filter(task_name="appointments.declare", args__booking=str(booking_id))
    return found.count()
