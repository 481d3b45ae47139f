"""What happens alone: holds that run out, openings of the new last day."""

from uuid import UUID

from django.db import InterfaceError, OperationalError
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from parvis.appointments.models import Agenda, Occupancy
from parvis.appointments.services.declare_booking import declare_booking
from parvis.appointments.services.declare_left_over import declare_left_over
from parvis.appointments.services.expire_holds import expire_holds
from parvis.appointments.services.materialise_openings import materialise_openings
from parvis.appointments.services.send_links import send_links
from parvis.kit import clock, scope
from parvis.kit.errors import RetryLater


class Backoff(BaseRetryStrategy):
    """For days if need be: after 10 seconds, 20, 40, and at last every three hours."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if not isinstance(exception, RetryLater | OperationalError | InterfaceError):
            return None
        return RetryDecision(retry_in={"seconds": min(3 * 3600, 10 * 2 ** min(job.attempts, 20))})


@app.periodic(cron="* * * * *")
@app.task(name="appointments.expire_holds", queueing_lock="appointments.expire_holds")
def expire(timestamp: int) -> None:
    """In each authority that has a hold past its hour."""
    over = Occupancy.objects.filter(held_until__lte=clock.now()).values_list("authority_id", flat=True)
    for authority_id in set(over):
        with scope.authority(authority_id):
            expire_holds()


@app.periodic(cron="20 1 * * *")
@app.task(name="appointments.extend_openings", queueing_lock="appointments.extend_openings")
def extend(timestamp: int) -> None:
    """The day that the horizon has just reached gets its openings; those of a new school calendar too."""
    for agenda in Agenda.objects.filter(active=True).select_related("place"):
        with scope.authority(agenda.authority_id):
            materialise_openings(agenda)


@app.task(name="appointments.send_links")
def links(email: str) -> None:
    send_links(email)


@app.task(name="appointments.declare", retry=Backoff())
def declare(authority: str, booking: str) -> None:
    declare_booking(UUID(authority), UUID(booking))


@app.periodic(cron="*/15 * * * *")
@app.task(
    name="appointments.declare_left_over",
    queueing_lock="appointments.declare_left_over",
    lock="appointments.declare_left_over",
)
def declare_forgotten(timestamp: int) -> None:
    declare_left_over()
