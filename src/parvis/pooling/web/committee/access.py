"""The gate of the committee's pages, and the little that they all say of a meeting."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.kit import clock
from parvis.pooling.models import CommitteeMeeting, JointProcurement, MeetingState
from parvis.pooling.selectors.meetings import meeting_in_reach
from parvis.pooling.selectors.reach import coordinates, group_in_reach
from parvis.pooling.web.frame import Crumb, crumbs, group_page

HERE = "group_committee"
TONES = {"planned": "", "called": "info", "held": "warning", "minuted": "success", "cancelled": "danger"}
SIGNS = {"planned": "draft", "called": "clock"}


def coordinated(group_id: UUID) -> JointProcurement:
    """Raises Http404 for who reads the group and does not coordinate it: this page is not theirs."""
    group = group_in_reach(group_id)
    if not coordinates(group):
        raise Http404(_("Cette page est celle du coordinateur du groupement."))
    return group


def coordinated_meeting(group_id: UUID, meeting_id: UUID) -> CommitteeMeeting:
    """Raises Http404."""
    return meeting_in_reach(coordinated(group_id), meeting_id)


def to_come(meeting: CommitteeMeeting) -> bool:
    return bool(meeting.meets_at > clock.now())


def shown_state(meeting: CommitteeMeeting) -> tuple[str, str, str]:
    """Its word, tone and sign; a committee whose hour is past and that was not gone on with says so."""
    if meeting.state == MeetingState.PLANNED and not to_come(meeting):
        return _("Date passée, jamais convoqué"), "warning", "clock"
    if meeting.state == MeetingState.CALLED and not to_come(meeting):
        return _("Présences à noter"), "warning", "clock"
    return meeting.get_state_display(), TONES[meeting.state], SIGNS.get(meeting.state, "")


def address(request: Any, name: str, *more: UUID) -> str:
    """One of the committee's pages: `more` is the group, then the meeting."""
    return reverse(name, args=[request.authority.slug, *more])


def meeting_address(request: Any, meeting: CommitteeMeeting, name: str = "meeting") -> str:
    return address(request, name, meeting.group_id, meeting.id)


def to_meeting(request: Any, meeting: CommitteeMeeting) -> HttpResponseRedirect:
    return HttpResponseRedirect(meeting_address(request, meeting))


def committee_page(
    request: Any,
    name: str,
    group: JointProcurement,
    context: dict[str, Any],
    *trail: Crumb,
    meeting: CommitteeMeeting | None = None,
    status: int = 200,
) -> HttpResponse:
    """templates/pooling/committee/<name>.html, with the way back: the committee, the meeting, then `trail`."""
    way = [(_("Comité de pilotage"), address(request, HERE, group.id))]
    if meeting is not None:
        way.append((meeting.title, meeting_address(request, meeting)))
    base = {"crumbs": crumbs(request.authority, *way, *trail, group=group), "meeting": meeting}
    return group_page(request, f"pooling/committee/{name}.html", group, HERE, {**base, **context}, status)
