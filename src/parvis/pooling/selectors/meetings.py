"""Committees of a group, as the authority in scope may read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from parvis.accounts.facade import people
from parvis.authorities.facade import Role, authorities, people_with
from parvis.kit import clock
from parvis.pooling.models import Attendance, CommitteeMeeting, JointProcurement
from parvis.pooling.rules.committee import Meeting, State, Watch, watch
from parvis.pooling.rules.minutes_draft import Seat
from parvis.pooling.selectors.members import members_on
from parvis.pooling.selectors.reach import reach
from parvis.pooling.selectors.today import today

# Those to whom services/tell_members.py writes.
IN_CHARGE = (Role.COORDINATOR, Role.REFERENT)


@dataclass(frozen=True, slots=True)
class Invited:
    """A member at a committee; `people`: the names of who is written to, none when nobody is in charge there."""

    member_id: UUID
    name: str
    slug: str
    people: tuple[str, ...]


def paris_day(instant: datetime) -> date:
    return instant.astimezone(clock.PARIS).date()


def meeting_in_reach(group: JointProcurement, meeting_id: UUID) -> CommitteeMeeting:
    """Raises Http404."""
    return reach(CommitteeMeeting, meeting_id, group=group)


def meetings_of(group: JointProcurement) -> list[CommitteeMeeting]:
    """Latest first."""
    return list(CommitteeMeeting.objects.filter(group=group))


def invited(meeting: CommitteeMeeting) -> list[Invited]:
    """Everybody who is a member on the day of the committee, with who is written to there today."""
    ids = [one.member_id for one in members_on(meeting.group, paris_day(meeting.meets_at))]
    return [Invited(one.id, one.name, one.slug, _names(one.id)) for one in authorities(ids)]


def _names(authority_id: UUID) -> tuple[str, ...]:
    known = people([hat.person_id for hat in people_with(IN_CHARGE, authority_id)])
    return tuple(sorted(one.full_name for one in known.values()))


def seats_of(meeting: CommitteeMeeting) -> list[Attendance]:
    return list(Attendance.objects.filter(meeting=meeting).select_related("member"))


def said_seats(meeting: CommitteeMeeting) -> list[Seat]:
    return [Seat(one.member.name, one.presence, one.delegate) for one in seats_of(meeting)]


def watch_of(group: JointProcurement, year: int, meetings: Iterable[CommitteeMeeting] | None = None) -> Watch:
    """The committees of a year, seen today."""
    rows = meetings_of(group) if meetings is None else meetings
    seen = [Meeting(paris_day(one.meets_at), cast(State, one.state)) for one in rows]
    return watch(seen, year, today(), group.starts_on, group.ends_on)
