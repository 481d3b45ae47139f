from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from parvis.audit import facade as audit
from parvis.pooling.models import CommitteeMeeting
from parvis.pooling.services.plan_meeting import require_future
from parvis.pooling.services.take_meeting import read_agenda, take_meeting, write_agenda


def save_meeting(
    meeting_id: UUID, title: str, meets_at: datetime, place: str, agenda: Iterable[str], *, actor_id: UUID | None = None
) -> CommitteeMeeting:
    """Changes a committee that nobody was called to yet.

    Raises Refusal not_coordinator, wrong_state, past, agenda_item_too_long.
    """
    meeting = take_meeting(meeting_id, "save_meeting")
    require_future(meets_at)
    items = read_agenda(agenda)
    meeting.title, meeting.meets_at, meeting.place = title.strip(), meets_at, place.strip()
    meeting.save(update_fields=["title", "meets_at", "place"])
    write_agenda(meeting, items)
    data = {"title": meeting.title, "meets_at": meets_at.isoformat(), "place": meeting.place, "agenda": items}
    audit.record("meeting.saved", subject=meeting.id, data=data, actor=actor_id)
    return meeting
