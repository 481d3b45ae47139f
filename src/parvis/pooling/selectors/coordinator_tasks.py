"""The coordinator's tasks with the day of each, and what the platform's own facts prove."""

from dataclasses import dataclass
from datetime import date

from parvis.kit import scope
from parvis.kit.clock import PARIS
from parvis.pooling.models import (
    CoordinatorTask,
    FrameworkAgreement,
    GroupConsultation,
    JointProcurement,
    Need,
    Paper,
    PaperKind,
)
from parvis.pooling.rules.tasks import BY_CODE, Dated, Duty, Facts, before_take_up, due, proven
from parvis.pooling.selectors.today import today
from parvis.procurement import facade as procurement


@dataclass(frozen=True, slots=True)
class TaskRow:
    """`due`: by hand, or from the facts. `done`: noted by somebody, or `seen` by the platform itself. `before`: nothing
    says that it was done, and it was to be before an existing contract was taken up: never late.
    """

    task: CoordinatorTask
    duty: Duty | None
    due: Dated | None
    done: Dated | None
    seen: bool
    late: bool
    before: bool = False


def coordinator_tasks(group: JointProcurement) -> list[TaskRow]:
    """In the order of the procedure; those of the newest consultation first."""
    tasks = list(CoordinatorTask.objects.filter(group=group).select_related("consultation"))
    consultations = {one.consultation_id: one.consultation for one in tasks if one.code}
    known = {key: procedure_facts(group, one) for key, one in consultations.items()}
    newest = sorted(tasks, key=lambda one: (_rank(one), one.position))
    return [_row(one, known.get(one.consultation_id, Facts())) for one in newest]


def procedure_facts(group: JointProcurement, consultation: GroupConsultation | None) -> Facts:
    """What is known of the procedure of one consultation of the group; None: of a framework entered by hand."""
    frameworks = FrameworkAgreement.objects.filter(group=group)
    needs = Need.objects.filter(group=group).count()
    if consultation is None:
        found = list(frameworks.filter(consultation_id=None))
        taken_up = max((one.recorded_at.astimezone(PARIS).date() for one in found), default=None)
        return _of_frameworks(Facts(needs=needs, taken_up_on=taken_up), found)
    with scope.authority(group.authority_id):
        line = procurement.consultation_line(consultation.consultation_id)
    awards = procurement.awards_of(consultation.consultation_id)
    facts = Facts(
        needs=needs,
        consolidated_on=consultation.opened_at.astimezone(PARIS).date(),
        published_on=line.published_at.astimezone(PARIS).date() if line and line.published_at else None,
        deadline_on=line.deadline.astimezone(PARIS).date() if line and line.published_at and line.deadline else None,
        awarded_on=_last([one.decided_on for one in awards]),
        signed_on=_last([one.signed_on for one in awards]),
        notified_on=_last([one.notified_on for one in awards]),
    )
    return _of_frameworks(facts, list(frameworks.filter(consultation_id=consultation.consultation_id)))


def _of_frameworks(facts: Facts, frameworks: list[FrameworkAgreement]) -> Facts:
    """A framework agreement in force proves all that came before it."""
    if not frameworks:
        return facts
    notified = facts.notified_on or max(one.notified_on for one in frameworks)
    papers = Paper.objects.filter(subject_id__in=[one.id for one in frameworks], kind=PaperKind.CONTRACT)
    first = papers.order_by("added_at").first()
    launched = facts.published_on or max(one.launched_on for one in frameworks)
    return Facts(
        needs=facts.needs, consolidated_on=facts.consolidated_on or launched, published_on=launched,
        deadline_on=facts.deadline_on, awarded_on=facts.awarded_on or max(one.awarded_on for one in frameworks),
        signed_on=facts.signed_on or notified, notified_on=notified,
        documents_on=first.added_at.astimezone(PARIS).date() if first else None, taken_up_on=facts.taken_up_on,
    )  # fmt: skip


def _last(days: list[date | None]) -> date | None:
    """The day when the last lot came to it; None as long as one has not."""
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def _rank(task: CoordinatorTask) -> float:
    return -task.consultation.opened_at.timestamp() if task.consultation else 0.0


def _row(task: CoordinatorTask, facts: Facts) -> TaskRow:
    noted = Dated(task.done_on, "") if task.done_on else None
    seen = proven(task.code, facts)
    by_hand = Dated(task.due_on, "") if task.due_on else None
    day = by_hand or due(task.code, facts)
    done = seen or noted
    open_duty = done is None and by_hand is None and bool(task.code)
    before = open_duty and before_take_up(day.on if day else None, facts)
    late = done is None and not before and day is not None and day.on < today()
    return TaskRow(task, BY_CODE.get(task.code), day, done, seen is not None, late, before)
