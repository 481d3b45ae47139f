"""One committee: what it is about, what is due, who came, what was decided; and the pages that prepare and call it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from parvis.authorities.facade import authority, desk_page
from parvis.kit import icalendar
from parvis.kit.errors import Refusal
from parvis.pooling.models import Attendance, CommitteeMeeting, MeetingState, Presence
from parvis.pooling.selectors.key_versions import changes_of
from parvis.pooling.selectors.meetings import invited, meeting_in_reach, seats_of
from parvis.pooling.selectors.papers import papers_of
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.services.call_meeting import call_meeting
from parvis.pooling.services.cancel_meeting import cancel_meeting
from parvis.pooling.services.committee_letters import FILE_NAME, calendar_file, called_text
from parvis.pooling.services.save_meeting import save_meeting
from parvis.pooling.web.committee.access import (
    address,
    committee_page,
    coordinated_meeting,
    meeting_address,
    shown_state,
    to_come,
    to_meeting,
)
from parvis.pooling.web.committee.forms import CancelForm, MeetingForm, meeting_initial
from parvis.pooling.web.forms import add_refusal

FORM_METHODS = ["GET", "HEAD", "POST"]
# Tone and sign of each presence.
PRESENCES = {
    "expected": ("info", "clock"), "present": ("success", ""), "excused": ("", ""), "absent": ("warning", ""),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """A row of kit's due_panel."""

    what: str
    who: str
    at: datetime | None = None
    url: str = ""


@require_safe
@desk_page("pooling.read")
def meeting(request: Any, group: UUID, meeting: UUID) -> HttpResponse:
    one = meeting_in_reach(group_in_reach(group), meeting)
    seats = seats_of(one)
    decisions = list(one.decisions.all())
    changed = changes_of(decisions)
    context = {
        "state": shown_state(one), "hour_passed": not to_come(one), "agenda": list(one.items.all()),
        "seats": [(seat, *PRESENCES[seat.presence]) for seat in seats], "attendance_words": _attendance_words(seats),
        "decisions": [(row, *changed.get(row.id, (None, ()))) for row in decisions], "papers": papers_of(one.id),
        "minutes": paragraphs(one.minutes), "due": _due(request, one), "urls": _urls(request, one),
    }  # fmt: skip
    return committee_page(request, "meeting", one.group, context, meeting=one)


def _attendance_words(seats: list[Attendance]) -> str:
    present = sum(seat.presence == Presence.PRESENT for seat in seats)
    words = ngettext("{count} membre présent sur {total}", "{count} membres présents sur {total}", present)
    return words.format(count=present, total=len(seats))


def paragraphs(text: str) -> list[list[str]]:
    """Paragraphs of lines, as they were typed."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [block.split("\n") for block in blocks if block.strip()]


def _due(request: Any, one: CommitteeMeeting) -> list[Due]:
    who = authority(one.authority_id).name
    if one.state == MeetingState.PLANNED and not to_come(one):
        return [Due(_("Choisir une autre date, ou annuler"), who)]
    if one.state == MeetingState.PLANNED:
        return [Due(_("Convoquer les membres"), who, one.meets_at)]
    if one.state == MeetingState.CALLED:
        return [Due(_("Tenir le comité"), _("tous les membres"), one.meets_at), Due(_("Noter les présents"), who)]
    if one.state == MeetingState.HELD:
        return [Due(_("Écrire et déposer le compte rendu"), who)]
    return []


def _urls(request: Any, one: CommitteeMeeting) -> dict[str, str]:
    names = (
        "meeting_edit", "meeting_call", "meeting_cancel", "meeting_calendar", "meeting_attendance", "meeting_decide",
        "meeting_decide_key", "meeting_minutes", "meeting_minutes_pdf",
    )  # fmt: skip
    found = {name.removeprefix("meeting_"): meeting_address(request, one, name) for name in names}
    found["dossier"] = address(request, "committee_dossier", one.group_id)
    return found


@require_http_methods(FORM_METHODS)
@desk_page("pooling.coordinate")
def meeting_edit(request: Any, group: UUID, meeting: UUID) -> HttpResponse:
    one = coordinated_meeting(group, meeting)
    form = MeetingForm(request.POST if request.method == "POST" else None, initial=meeting_initial(one))
    if form.is_valid():
        try:
            save_meeting(
                one.id, form.cleaned_data["title"], form.meets_at, form.cleaned_data["place"], form.items,
                actor_id=request.actor.person_id,
            )  # fmt: skip
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("C’est enregistré."))
            return to_meeting(request, one)
    context = {
        "form": form, "title": _("Modifier le comité"), "back": meeting_address(request, one),
        "lead": _("Personne n’est encore convoqué."), "submit": _("Enregistrer"),
    }  # fmt: skip
    return committee_page(request, "meeting_form", one.group, context, (_("Modifier"), ""), meeting=one)


@require_http_methods(FORM_METHODS)
@desk_page("pooling.coordinate")
def meeting_call(request: Any, group: UUID, meeting: UUID) -> HttpResponse:
    """Shows the mail and who receives it; POST sends it."""
    one = coordinated_meeting(group, meeting)
    problem = ""
    if request.method == "POST":
        try:
            call_meeting(one.id, actor_id=request.actor.person_id)
        except Refusal as refusal:
            problem = refusal.message
        else:
            messages.success(request, _("Les membres sont convoqués. Le courriel part avec l’ordre du jour."))
            return to_meeting(request, one)
    context = {
        "problem": problem, "members": invited(one), "letter": paragraphs(called_text(one, request.authority.slug)),
        "back": meeting_address(request, one), "here": meeting_address(request, one, "meeting_call"),
        "ready": one.state == MeetingState.PLANNED,
    }  # fmt: skip
    return committee_page(request, "call", one.group, context, (_("Convoquer"), ""), meeting=one)


@require_http_methods(FORM_METHODS)
@desk_page("pooling.coordinate")
def meeting_cancel(request: Any, group: UUID, meeting: UUID) -> HttpResponse:
    one = coordinated_meeting(group, meeting)
    was_called = one.state == MeetingState.CALLED
    form = CancelForm(request.POST if request.method == "POST" else None, was_called=was_called)
    if form.is_valid():
        try:
            cancel_meeting(one.id, form.cleaned_data["reason"], actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Le comité est annulé."))
            return to_meeting(request, one)
    context = {
        "form": form, "was_called": was_called, "back": meeting_address(request, one),
        "here": meeting_address(request, one, "meeting_cancel"),
        "ready": one.state in {MeetingState.PLANNED, MeetingState.CALLED},
    }  # fmt: skip
    return committee_page(request, "cancel", one.group, context, (_("Annuler"), ""), meeting=one)


@require_safe
@desk_page("pooling.read")
def meeting_calendar(request: Any, group: UUID, meeting: UUID) -> HttpResponse:
    """The same file as in the letter, for one's own calendar."""
    one = meeting_in_reach(group_in_reach(group), meeting)
    cancelled = one.state == MeetingState.CANCELLED
    response = HttpResponse(
        calendar_file(one, request.authority.slug), content_type=icalendar.media_type(cancelled=cancelled)
    )
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response
