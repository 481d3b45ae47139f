from uuid import UUID

from django.db import InterfaceError, OperationalError
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from parvis.kit.errors import RetryLater
from parvis.notifications.services.deliver_message import deliver_message
from parvis.notifications.services.resume_waiting import resume_waiting


class Backoff(BaseRetryStrategy):
    """Soon at first, then every three hours: a mail server that comes back is noticed, one that is down is not
    hammered.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if not isinstance(exception, RetryLater | OperationalError | InterfaceError):
            return None
        return RetryDecision(retry_in={"seconds": min(3 * 3600, 10 * 2**job.attempts)})


@app.task(name="notifications.deliver", retry=Backoff())
def deliver(message: str) -> None:
    deliver_message(UUID(message))


@app.periodic(cron="*/15 * * * *")
@app.task(
    name="notifications.resume_waiting",
    queueing_lock="notifications.resume_waiting",
    lock="notifications.resume_waiting",
)
def resume(timestamp: int) -> None:
    resume_waiting()
