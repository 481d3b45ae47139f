from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.kit import scope
from parvis.kit.jinja import date_long
from parvis.pooling.models import JointProcurement, Membership, SentReminder
from parvis.pooling.rules.tasks import months_after
from parvis.pooling.selectors.coordinator_tasks import TaskRow, coordinator_tasks
from parvis.pooling.selectors.today import today
from parvis.pooling.services.tell_of_group import tell_of_group
from parvis.pooling.states import GroupState, MembershipState

BEFORE_A_TASK = timedelta(days=7)
MONTHS_BEFORE_TERM = (6, 1)


def remind_groups() -> int:
    """What the coordinator in scope has to do within a week or is late with, and the terms that come, to every member:
    each once. How many subjects were written about.
    """
    own = JointProcurement.objects.filter(authority_id=scope.current_authority(), state=GroupState.RUNNING)
    sent = 0
    for group in own:
        with transaction.atomic():
            sent += sum(_of_task(group, row) for row in coordinator_tasks(group)) + _of_term(group)
    return sent


def _of_task(group: JointProcurement, row: TaskRow) -> bool:
    if row.done is not None or row.before or row.due is None or row.due.on - BEFORE_A_TASK > today():
        return False
    code = f"{'late' if row.late else 'soon'}:{row.due.on.isoformat()}"
    if not _first_time(row.task.id, code):
        return False
    words = {"label": row.task.label, "name": group.name, "day": date_long(row.due.on)}
    title = _("En retard\u202f: {label}") if row.late else _("À faire\u202f: {label}")
    text = _("Groupement «\u202f{name}\u202f»\u202f: cette tâche du coordinateur était pour le {day}.")
    if not row.late:
        text = _("Groupement «\u202f{name}\u202f»\u202f: cette tâche du coordinateur est pour le {day}.")
    once = f"task.{code}:{row.task.id}"
    tell_of_group(group.authority_id, group, title.format(**words), text.format(**words), once=once, page="group_tasks")
    return True


def _of_term(group: JointProcurement) -> bool:
    """Only the nearest, when the platform was away for several."""
    if group.ends_on is None:
        return False
    due = [months for months in MONTHS_BEFORE_TERM if months_after(group.ends_on, -months) <= today() < group.ends_on]
    new = [months for months in due if _first_time(group.id, f"term:{months}:{group.ends_on.isoformat()}")]
    if not new:
        return False
    last = date_long(group.ends_on - timedelta(days=1))
    title = _("Le groupement «\u202f{name}\u202f» finit le {day}").format(name=group.name, day=last)
    text = _("Après ce jour, plus aucune commande ne s’émet. Parlez de la suite au prochain comité de pilotage.")
    members = Membership.objects.filter(group=group, state=MembershipState.MEMBER)
    for member_id in members.values_list("member_id", flat=True):
        tell_of_group(member_id, group, title, text, once=f"group.term:{group.id}:{min(new)}")
    return True


def _first_time(subject_id: UUID, code: str) -> bool:
    return bool(SentReminder.objects.get_or_create(subject_id=subject_id, code=code)[1])
