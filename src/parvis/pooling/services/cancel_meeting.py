from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.authorities.facade import authorities
from parvis.kit.errors import Refusal
from parvis.pooling.models import CommitteeMeeting, MeetingState
from parvis.pooling.selectors.meetings import seats_of
from parvis.pooling.services.committee_letters import calendar_attachment, cancelled_text, when_words
from parvis.pooling.services.take_meeting import take_meeting
from parvis.pooling.services.tell_members import tell_members


def cancel_meeting(meeting_id: UUID, reason: str = "", *, actor_id: UUID | None = None) -> CommitteeMeeting:
    """A committee that does not take place; whoever was called is told why, and loses it from their calendar.

    Raises Refusal not_coordinator, wrong_state, reason_missing (once the members are called).
    """
    meeting = take_meeting(meeting_id, "cancel_meeting")
    was_called = meeting.state == MeetingState.CALLED
    if was_called and not reason.strip():
        message = _("Les membres sont convoqués\u202f: écrivez-leur pourquoi le comité n’a pas lieu.")
        raise Refusal("reason_missing", message, "reason")
    meeting.state, meeting.cancel_reason = MeetingState.CANCELLED, reason.strip()
    meeting.save(update_fields=["state", "cancel_reason"])
    if was_called:
        title = _("Comité de pilotage du {when}, annulé").format(when=when_words(meeting))
        for one in authorities([seat.member_id for seat in seats_of(meeting)]):
            tell_members(
                [one.id], title, cancelled_text(meeting), once=f"meeting.cancelled:{meeting.id}",
                subject_id=meeting.id, attachments=(calendar_attachment(meeting, one.slug),),
            )  # fmt: skip
    data = {"reason": meeting.cancel_reason, "was_called": was_called}
    audit.record("meeting.cancelled", subject=meeting.id, data=data, actor=actor_id)
    return meeting
