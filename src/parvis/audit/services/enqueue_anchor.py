from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

TASK = "audit.anchor"


def enqueue_anchor() -> None:
    """Ask for one anchoring, after the commit of a fact.

    Inside the writer's transaction the unique lock of the queue would make every other writer wait for its commit.
    A job already waiting starts later than this commit, so it will see the fact.
    """
    if ProcrastinateJob.objects.filter(queueing_lock=TASK, status="todo").exists():
        return
    try:
        app.configure_task(TASK, queueing_lock=TASK).defer()
    except AlreadyEnqueued:
        return
