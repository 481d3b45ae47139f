from uuid import UUID

from django.db import transaction

from parvis.audit import facade as audit
from parvis.pooling.models import CoordinatorTask
from parvis.pooling.services.complete_task import own_task


def reopen_task(task_id: UUID, *, actor_id: UUID) -> CoordinatorTask:
    """A task noted as done is to do after all. Raises Http404, Refusal not_coordinator."""
    with transaction.atomic():
        task = own_task(task_id)
        task.done_on = task.done_by = None
        task.save(update_fields=["done_on", "done_by"])
        data = {"group": str(task.group_id), "label": task.label}
        audit.record("task.reopened", subject=task.id, data=data, actor=actor_id)
    return task
