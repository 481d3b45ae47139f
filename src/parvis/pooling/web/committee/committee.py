"""The steering committee of a group: the next one, whether the year has its two, those before; and a new one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal
from parvis.pooling.models import CommitteeMeeting, GroupState, JointProcurement
from parvis.pooling.rules.committee import Standing, Watch, why
from parvis.pooling.selectors.going_on import proposed_agenda
from parvis.pooling.selectors.meetings import meetings_of, watch_of
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.selectors.today import today
from parvis.pooling.services.plan_meeting import plan_meeting
from parvis.pooling.states import MeetingState
from parvis.pooling.web.committee.access import (
    address,
    committee_page,
    coordinated,
    meeting_address,
    shown_state,
    to_come,
    to_meeting,
)
from parvis.pooling.web.committee.forms import MeetingForm
from parvis.pooling.web.forms import add_refusal

UNFINISHED = (MeetingState.PLANNED, MeetingState.CALLED, MeetingState.HELD)


@dataclass(frozen=True, slots=True)
class Shown:
    """A committee in a list, with its word, tone and sign."""

    meeting: CommitteeMeeting
    url: str
    state: tuple[str, str, str]


@require_safe
@desk_page("pooling.read")
def group_committee(request: Any, group: UUID) -> HttpResponse:
    one = group_in_reach(group)
    rows = meetings_of(one)
    shown = [Shown(row, meeting_address(request, row), shown_state(row)) for row in rows]
    seen = watch_of(one, today().year, rows)
    open_ones = [row for row in reversed(shown) if row.meeting.state in UNFINISHED]
    context = {
        "coming": [row for row in open_ones if to_come(row.meeting)],
        "unfinished": [row for row in open_ones if not to_come(row.meeting)],
        "past": [row for row in shown if row.meeting.state not in UNFINISHED],
        "watch": seen, "standing": standing_words(seen), "why_lines": why(seen, one.starts_on, one.ends_on),
        "years": _years(one, rows), "may_plan": one.state != GroupState.ENDED,
        "new_url": address(request, "meeting_new", one.id),
        "dossier_url": address(request, "committee_dossier", one.id),
    }  # fmt: skip
    return committee_page(request, "committee", one, context)


def _years(group: JointProcurement, rows: list[CommitteeMeeting]) -> list[tuple[Watch, tuple[str, str]]]:
    """The years of the group before this one, the latest first."""
    if group.starts_on is None:
        return []
    past = range(today().year - 1, group.starts_on.year - 1, -1)
    return [(seen, standing_words(seen)) for seen in (watch_of(group, year, rows) for year in past)]


def standing_words(seen: Watch) -> tuple[str, str]:
    """A word and its tone."""
    if seen.wanted == 0:
        return _("Rien à tenir"), ""
    return {
        Standing.MET: (_("Tenus"), "success"),
        Standing.CALLED: (_("Convoqués"), "info"),
        Standing.OPEN: (_("À programmer"), ""),
        Standing.LATE: (_("En retard"), "warning"),
        Standing.MISSED: (_("Non tenus"), "danger"),
    }[seen.standing]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("pooling.coordinate")
def meeting_new(request: Any, group: UUID) -> HttpResponse:
    one = coordinated(group)
    given = request.POST if request.method == "POST" else None
    form = MeetingForm(given, initial={"agenda": "\n".join(proposed_agenda(one))})
    if form.is_valid():
        try:
            meeting = plan_meeting(
                one.id, form.cleaned_data["title"], form.meets_at, form.cleaned_data["place"], form.items,
                actor_id=request.actor.person_id,
            )  # fmt: skip
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Le comité est en préparation. Relisez-le, puis convoquez les membres."))
            return to_meeting(request, meeting)
    context = {
        "form": form, "title": _("Préparer un comité de pilotage"),
        "lead": _("Personne n’est prévenu tant que vous ne convoquez pas les membres."),
        "back": address(request, "group_committee", one.id), "submit": _("Enregistrer"),
    }  # fmt: skip
    return committee_page(
        request, "meeting_form", one, context, (_("Préparer un comité"), ""), status=200 if not form.errors else 422
    )
