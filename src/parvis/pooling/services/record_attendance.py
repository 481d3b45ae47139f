from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.pooling.models import Attendance, CommitteeMeeting, MeetingState, Presence
from parvis.pooling.selectors.meetings import invited, seats_of
from parvis.pooling.services.take_meeting import take_meeting


class Came(NamedTuple):
    """`presence`: present, excused or absent (models.Presence); `delegate`: who came for a member that is present."""

    presence: str
    delegate: str = ""


@transaction.atomic
def record_attendance(meeting_id: UUID, came: Mapping[UUID, Came], *, actor_id: UUID | None = None) -> CommitteeMeeting:
    """Who came, once the hour has struck; again until the minutes are filed. `came`: by member, all of them.

    Raises Refusal not_coordinator, wrong_state, too_early, presence_missing, delegate_missing, nobody_came; the field
    is `presence-<member>` or `delegate-<member>`.
    """
    meeting = take_meeting(meeting_id, "record_attendance")
    if clock.now() < meeting.meets_at:
        raise Refusal(
            "too_early", _("Le comité n’a pas encore commencé\u202f: notez les présents à partir de l’heure dite.")
        )
    for one in invited(meeting):
        Attendance.objects.get_or_create(
            meeting=meeting, member_id=one.member_id, defaults={"circle_id": meeting.circle_id}
        )
    seats = seats_of(meeting)
    for seat in seats:
        _check(seat, came.get(seat.member_id))
    if not any(one.presence == Presence.PRESENT for one in came.values()):
        message = _("Personne n’est noté présent. Si le comité n’a pas eu lieu, annulez-le plutôt.")
        raise Refusal("nobody_came", message)
    for seat in seats:
        seat.presence, seat.delegate = came[seat.member_id].presence, came[seat.member_id].delegate.strip()
        if seat.presence != Presence.PRESENT:
            seat.delegate = ""
        seat.save(update_fields=["presence", "delegate"])
    meeting.state = MeetingState.HELD
    meeting.save(update_fields=["state"])
    data = {str(one.member_id): one.presence for one in seats}
    audit.record("meeting.attendance_recorded", subject=meeting.id, data={"members": data}, actor=actor_id)
    return meeting


def _check(seat: Attendance, came: Came | None) -> None:
    if came is None or came.presence not in {Presence.PRESENT, Presence.EXCUSED, Presence.ABSENT}:
        message = _("Dites si {name} était présente, excusée ou absente.").format(name=seat.member.name)
        raise Refusal("presence_missing", message, f"presence-{seat.member_id}")
    if came.presence == Presence.PRESENT and not came.delegate.strip():
        message = _("Écrivez qui représentait {name}.").format(name=seat.member.name)
        raise Refusal("delegate_missing", message, f"delegate-{seat.member_id}")
