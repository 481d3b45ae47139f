from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import CoordinatorTask
from parvis.pooling.selectors.reach import reach, require_coordinator
from parvis.pooling.selectors.today import today
from parvis.pooling.services.save_checked import save_checked


def complete_task(
    task_id: UUID, done_on: date | None = None, note: str | None = None, *, actor_id: UUID
) -> CoordinatorTask:
    """Notes that a task was done, today unless told; again, it corrects the day or the note.

    Raises Http404, Refusal: not_coordinator, in_the_future, invalid.
    """
    with transaction.atomic():
        task = own_task(task_id)
        day = done_on or today()
        if day > today():
            raise Refusal("in_the_future", _("Ce jour est à venir\u202f: notez la tâche une fois faite."), "done_on")
        task.done_on, task.done_by = day, actor_id
        task.note = task.note if note is None else note
        save_checked(task)
        data = {"group": str(task.group_id), "label": task.label, "done_on": day.isoformat()}
        audit.record("task.completed", subject=task.id, data=data, actor=actor_id)
    return task


def own_task(task_id: UUID) -> CoordinatorTask:
    """Held until commit. Raises Http404, Refusal not_coordinator."""
    require_coordinator(reach(CoordinatorTask, task_id).group)
    return reach(CoordinatorTask, task_id, lock=True)
