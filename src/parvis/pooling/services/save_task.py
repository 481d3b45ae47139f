from datetime import date
from uuid import UUID

from django.db import transaction

from parvis.audit import facade as audit
from parvis.pooling.models import CoordinatorTask
from parvis.pooling.services.complete_task import own_task
from parvis.pooling.services.save_checked import save_checked


def save_task(
    task_id: UUID, *, due_on: date | None, note: str = "", label: str | None = None, actor_id: UUID
) -> CoordinatorTask:
    """When a task is due, and a note; the words of a duty (with a code) stay as they are.

    `due_on` None: the day that the facts give, if they do. Raises Http404, Refusal: not_coordinator, invalid.
    """
    with transaction.atomic():
        task = own_task(task_id)
        task.due_on, task.note = due_on, note
        if label is not None and not task.code:
            task.label = label
        save_checked(task)
        data = {"group": str(task.group_id), "label": task.label, "due_on": due_on.isoformat() if due_on else None}
        audit.record("task.saved", subject=task.id, data=data, actor=actor_id)
    return task
