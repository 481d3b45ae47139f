"""What is written once a committee has met: who came, and the minutes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal
from parvis.pooling.models import CommitteeMeeting
from parvis.pooling.rules.minutes_draft import draft_minutes
from parvis.pooling.selectors.meetings import meeting_in_reach, said_seats, seats_of
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.services.committee_pdf import committee_minutes_pdf
from parvis.pooling.services.file_minutes import file_minutes
from parvis.pooling.services.record_attendance import record_attendance
from parvis.pooling.states import MeetingState, allowed
from parvis.pooling.web.committee.access import (
    committee_page,
    coordinated_meeting,
    meeting_address,
    to_come,
    to_meeting,
)
from parvis.pooling.web.committee.forms import AttendanceForm, MinutesForm
from parvis.pooling.web.forms import add_refusal

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
@desk_page("pooling.coordinate")
def meeting_attendance(request: Any, group: UUID, meeting: UUID) -> HttpResponse:
    one = coordinated_meeting(group, meeting)
    form = AttendanceForm(request.POST if request.method == "POST" else None, seats_of(one))
    if form.is_valid():
        try:
            record_attendance(one.id, form.came, actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Les présences sont notées. Écrivez maintenant les décisions."))
            return to_meeting(request, one)
    ready = allowed(MeetingState(one.state), "record_attendance") and not to_come(one)
    context = {"form": form, "ready": ready, "back": meeting_address(request, one)}
    return committee_page(request, "attendance", one.group, context, (_("Présences"), ""), meeting=one)


@require_http_methods(FORM_METHODS)
@desk_page("pooling.coordinate")
def meeting_minutes(request: Any, group: UUID, meeting: UUID) -> HttpResponse:
    one = coordinated_meeting(group, meeting)
    form = MinutesForm(
        request.POST if request.method == "POST" else None, request.FILES or None, initial={"text": drafted(one)}
    )
    if form.is_valid():
        given = form.cleaned_data["file"]
        try:
            file_minutes(
                one.id, form.cleaned_data["text"], file=(given.name, given.file) if given else None,
                actor_id=request.actor.person_id,
            )  # fmt: skip
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Le compte rendu est déposé. Les membres en sont prévenus."))
            return to_meeting(request, one)
    context = {
        "form": form, "back": meeting_address(request, one),
        "ready": allowed(MeetingState(one.state), "file_minutes"),
    }  # fmt: skip
    return committee_page(request, "minutes_form", one.group, context, (_("Compte rendu"), ""), meeting=one)


def drafted(one: CommitteeMeeting) -> str:
    """What the platform knows of the committee, as a text to correct."""
    agenda = [item.title for item in one.items.all()]
    decisions = [row.text for row in one.decisions.all()]
    return draft_minutes(said_seats(one), agenda, decisions)


@require_safe
@desk_page("pooling.read")
def meeting_minutes_pdf(request: Any, group: UUID, meeting: UUID) -> HttpResponse:
    """The minutes as filed; 404 before."""
    one = meeting_in_reach(group_in_reach(group), meeting)
    response = HttpResponse(committee_minutes_pdf(one), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="compte-rendu.pdf"'
    return response
