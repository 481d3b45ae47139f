from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.pooling.models import CommitteeMeeting, GroupState
from parvis.pooling.selectors.reach import group_in_reach, require_coordinator
from parvis.pooling.services.take_meeting import read_agenda, write_agenda


def plan_meeting(
    group_id: UUID, title: str, meets_at: datetime, place: str, agenda: Iterable[str], *, actor_id: UUID | None = None
) -> CommitteeMeeting:
    """A committee in preparation, which nobody is told of yet. The authority in scope coordinates the group.

    Raises Refusal not_coordinator, group_ended, past, agenda_item_too_long.
    """
    group = group_in_reach(group_id)
    require_coordinator(group)
    if group.state == GroupState.ENDED:
        raise Refusal("group_ended", _("Ce groupement est terminé\u202f: il ne réunit plus de comité."))
    require_future(meets_at)
    items = read_agenda(agenda)
    meeting: CommitteeMeeting = CommitteeMeeting.objects.create(
        group=group, circle_id=group.circle_id, title=title.strip(), meets_at=meets_at, place=place.strip()
    )
    write_agenda(meeting, items)
    data = {"group": str(group.id), "title": meeting.title, "meets_at": meets_at.isoformat(), "agenda": items}
    audit.record("meeting.planned", subject=meeting.id, data=data, actor=actor_id)
    return meeting


def require_future(meets_at: datetime) -> None:
    """Raises Refusal past."""
    if meets_at <= clock.now():
        message = _("Cette date est passée. Choisissez un jour et une heure à venir.")
        raise Refusal("past", message, "day")
