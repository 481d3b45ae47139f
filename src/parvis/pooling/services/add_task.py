from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from parvis.audit import facade as audit
from parvis.pooling.models import CoordinatorTask
from parvis.pooling.selectors.reach import group_in_reach, require_coordinator
from parvis.pooling.services.held import require_alive
from parvis.pooling.services.save_checked import save_checked


def add_task(
    group_id: UUID, label: str, due_on: date | None = None, note: str = "", *, actor_id: UUID
) -> CoordinatorTask:
    """A task of the coordinator's own, after its duties. Raises Http404, Refusal: not_coordinator, ended, invalid."""
    with transaction.atomic():
        group = group_in_reach(group_id)
        require_coordinator(group)
        require_alive(group)
        last = CoordinatorTask.objects.filter(group=group).aggregate(last=Max("position"))["last"] or 0
        task = CoordinatorTask(
            group=group, circle_id=group.id, label=label, due_on=due_on, note=note, position=last + 1
        )
        save_checked(task)
        audit.record("task.added", subject=task.id, data={"group": str(group.id), "label": label}, actor=actor_id)
    return task
