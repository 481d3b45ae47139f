from parvis.pooling.models import CoordinatorTask, GroupConsultation, JointProcurement
from parvis.pooling.rules.tasks import DUTIES


def seed_tasks(group: JointProcurement, consultation: GroupConsultation | None = None) -> None:
    """The coordinator's duties as dated tasks, in the scope of the coordinator.

    Those of the group's beginning become those of its first consultation; each later one gets a list of its own.
    """
    tasks = CoordinatorTask.objects.filter(group=group).exclude(code="")
    if consultation is not None and tasks.filter(consultation=None).exists():
        tasks.filter(consultation=None).update(consultation=consultation)
        return
    for position, duty in enumerate(DUTIES):
        CoordinatorTask.objects.create(
            group=group, circle_id=group.id, consultation=consultation, code=duty.code, label=duty.label,
            position=position,
        )  # fmt: skip
