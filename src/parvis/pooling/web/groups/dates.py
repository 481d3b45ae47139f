"""What a group expects of whom, and its days of the year."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.authorities.facade import authority
from parvis.kit import clock
from parvis.pooling.models import CommitteeMeeting, FrameworkAgreement, JointProcurement, MeetingState
from parvis.pooling.selectors.coordinator_tasks import TaskRow

MOST = 6


def due_items(house: Any, group: JointProcurement, tasks: list[TaskRow]) -> list[dict[str, Any]]:
    """For due_panel: the coordinator's dated tasks, the next committee, and the ends, soonest first."""
    who = authority(group.authority_id).name
    here = reverse("group_tasks", args=[house.slug, group.id])
    found: list[dict[str, Any]] = [
        {"what": one.task.label, "who": who, "at": _end_of(one.due.on), "url": here}
        for one in tasks
        if one.done is None and not one.before and one.due is not None
    ]
    found += [_meeting(house, group, one) for one in _meetings(group)]
    found += [
        {
            "what": _("Fin de l’accord-cadre {name}").format(name=one.reference),
            "who": who,
            "at": _end_of(_last(one.ends_on)),
        }
        for one in FrameworkAgreement.objects.filter(group=group)
    ]
    if group.ends_on and group.state != "ended":
        found.append({"what": _("Terme du groupement"), "who": who, "at": _end_of(_last(group.ends_on))})
    return sorted(found, key=lambda one: one["at"])[:MOST]


def _meetings(group: JointProcurement) -> list[CommitteeMeeting]:
    coming = CommitteeMeeting.objects.filter(group=group, meets_at__gte=clock.now())
    return list(coming.exclude(state=MeetingState.CANCELLED).order_by("meets_at"))


def _meeting(house: Any, group: JointProcurement, one: CommitteeMeeting) -> dict[str, Any]:
    url = reverse("meeting", args=[house.slug, group.id, one.id])
    return {"what": one.title, "who": _("tous les membres"), "at": one.meets_at, "url": url}


def _last(first_without: date) -> date:
    return first_without - timedelta(days=1)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59), clock.PARIS)
