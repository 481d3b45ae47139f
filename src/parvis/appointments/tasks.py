"""What happens alone, each minute or each night, and what follows a booking once it is committed."""

from datetime import datetime
from uuid import UUID

from django.db import InterfaceError, OperationalError
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from parvis.appointments.models import Agenda, Occupancy
from parvis.appointments.rules.paris import day_of
from parvis.appointments.rules.reminders import MAIL_BEFORE, may_ring
from parvis.appointments.selectors.agglomeration_scope import NoAgglomeration
from parvis.appointments.services.declare_booking import declare_booking
from parvis.appointments.services.declare_left_over import declare_left_over
from parvis.appointments.services.expire_holds import expire_holds
from parvis.appointments.services.forget_bookings import forget_bookings, forget_waiting
from parvis.appointments.services.forget_link_jobs import forget_link_jobs
from parvis.appointments.services.leave_waiting import expire_waiting
from parvis.appointments.services.materialise_openings import materialise_openings
from parvis.appointments.services.offer_again import offer_again
from parvis.appointments.services.offer_freed import offer_freed
from parvis.appointments.services.remind import remind
from parvis.appointments.services.send_links import send_links
from parvis.authorities.facade import authorities
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


@app.task(name="appointments.offer_freed", retry=Backoff())
def offer(authority: str, booking: str, starts_at: str | None = None) -> None:
    """`starts_at` (ISO): the hour that a moved booking had before."""
    offer_freed(UUID(authority), UUID(booking), datetime.fromisoformat(starts_at) if starts_at else None)


@app.periodic(cron="* * * * *")
@app.task(name="appointments.offer_again", queueing_lock="appointments.offer_again", lock="appointments.offer_again")
def offer_to_the_next(timestamp: int) -> None:
    offer_again()


@app.periodic(cron="*/10 * * * *")
@app.task(name="appointments.remind", queueing_lock="appointments.remind", lock="appointments.remind")
def remind_people(timestamp: int) -> None:
    """In each authority that expects somebody within two days."""
    now = clock.now()
    if not may_ring(now):
        return
    days = (day_of(now), day_of(now) + MAIL_BEFORE)
    taken = Occupancy.objects.filter(day__range=days, held_until__isnull=True)
    for authority_id in set(taken.values_list("authority_id", flat=True)):
        left = 1
        while left:
            with scope.authority(authority_id):
                left = remind()


@app.periodic(cron="35 * * * *")
@app.task(name="appointments.forget", queueing_lock="appointments.forget", lock="appointments.forget")
def forget(timestamp: int) -> None:
    for house in authorities():
        left = 1
        while left:
            with scope.authority(house.id):
                left = forget_bookings()
    forget_link_jobs()


@app.periodic(cron="50 2 * * *")
@app.task(name="appointments.end_waiting", queueing_lock="appointments.end_waiting", lock="appointments.end_waiting")
def end_waiting(timestamp: int) -> None:
    """What is over is erased the night after, so that its page says so for a day."""
    try:
        forget_waiting()
        expire_waiting()
    except NoAgglomeration:
        return
