from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.pooling.models import Attendance, CommitteeMeeting, MeetingState
from parvis.pooling.selectors.meetings import invited
from parvis.pooling.services.committee_letters import calendar_attachment, called_text, when_words
from parvis.pooling.services.plan_meeting import require_future
from parvis.pooling.services.take_meeting import take_meeting
from parvis.pooling.services.tell_members import tell_members


def call_meeting(meeting_id: UUID, *, actor_id: UUID | None = None) -> CommitteeMeeting:
    """Calls every member of that day, with the agenda and the file for their calendar, and expects them.

    Raises Refusal not_coordinator, wrong_state, past, no_agenda, nobody_to_call.
    """
    meeting = take_meeting(meeting_id, "call_meeting")
    require_future(meeting.meets_at)
    if not meeting.items.exists():
        message = _("L’ordre du jour est vide. Écrivez au moins un point avant de convoquer les membres.")
        raise Refusal("no_agenda", message, "agenda")
    members = invited(meeting)
    if not members:
        raise Refusal(
            "nobody_to_call", _("Personne n’est encore membre du groupement ce jour-là. Choisissez une date.")
        )
    meeting.state, meeting.called_at = MeetingState.CALLED, clock.now()
    meeting.save(update_fields=["state", "called_at"])
    title = _("Comité de pilotage le {when}").format(when=when_words(meeting))
    told = 0
    for one in members:
        Attendance.objects.get_or_create(
            meeting=meeting, member_id=one.member_id, defaults={"circle_id": meeting.circle_id}
        )
        told += tell_members(
            [one.member_id], title, called_text(meeting, one.slug), once=f"meeting.called:{meeting.id}",
            subject_id=meeting.id, attachments=(calendar_attachment(meeting, one.slug),),
        )  # fmt: skip
    data = {"members": [str(one.member_id) for one in members], "told": told}
    audit.record("meeting.called", subject=meeting.id, data=data, actor=actor_id)
    return meeting
