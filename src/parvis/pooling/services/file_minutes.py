from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.authorities.facade import authorities
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.pooling.models import CommitteeMeeting, MeetingState, PaperKind
from parvis.pooling.selectors.meetings import seats_of
from parvis.pooling.services.attach_paper import attach_paper
from parvis.pooling.services.committee_letters import minuted_text, when_words
from parvis.pooling.services.take_meeting import take_meeting
from parvis.pooling.services.tell_members import tell_members


def file_minutes(
    meeting_id: UUID, text: str, *, file: tuple[str, BinaryIO] | None = None, actor_id: UUID | None = None
) -> CommitteeMeeting:
    """Files the minutes for good and writes to every member. `file`: a name and its bytes, such as the signed minutes.

    Raises Refusal not_coordinator, wrong_state, text_missing, and those of attach_paper.
    """
    meeting = take_meeting(meeting_id, "file_minutes")
    if not text.strip():
        raise Refusal("text_missing", _("Écrivez le compte rendu avant de le déposer."), "text")
    if file is not None:
        name, stream = file
        attach_paper(
            meeting.id, meeting.circle_id, PaperKind.MINUTES, _("Compte rendu, fichier joint"), stream,
            owner_id=meeting.authority_id, name=name, actor_id=actor_id,
        )  # fmt: skip
    meeting.minutes, meeting.minuted_at, meeting.state = text.strip(), clock.now(), MeetingState.MINUTED
    meeting.save(update_fields=["minutes", "minuted_at", "state"])
    decisions = [one.text for one in meeting.decisions.all()]
    title = _("Compte rendu du comité de pilotage du {when}").format(when=when_words(meeting))
    for one in authorities([seat.member_id for seat in seats_of(meeting)]):
        tell_members(
            [one.id], title, minuted_text(meeting, decisions, one.slug), once=f"meeting.minuted:{meeting.id}",
            subject_id=meeting.id,
        )  # fmt: skip
    data = {"decisions": len(decisions), "with_file": file is not None}
    audit.record("meeting.minuted", subject=meeting.id, data=data, actor=actor_id)
    return meeting
