"""What a committee decides: a project, another thing, or the next version of a key, its effect shown first."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal
from parvis.pooling.models import CommitteeMeeting, CostKey, DecisionKind
from parvis.pooling.rules.key_terms import KeyChange, changes
from parvis.pooling.selectors.key_effect import key_effect
from parvis.pooling.selectors.key_versions import last_versions, terms_of
from parvis.pooling.selectors.meetings import seats_of
from parvis.pooling.services.decide import decide
from parvis.pooling.states import MeetingState, allowed
from parvis.pooling.web.committee.access import committee_page, coordinated_meeting, meeting_address, to_meeting
from parvis.pooling.web.committee.forms import DecisionForm, KeyDecisionForm
from parvis.pooling.web.forms import add_refusal

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
@desk_page("pooling.coordinate")
def meeting_decide(request: Any, group: UUID, meeting: UUID) -> HttpResponse:
    one = coordinated_meeting(group, meeting)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            decide(
                one.id, given["kind"], given["text"], effective_on=given["effective_on"],
                actor_id=request.actor.person_id,
            )  # fmt: skip
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("La décision est enregistrée."))
            return to_meeting(request, one)
    context = {
        "form": form, "ready": _ready(one), "back": meeting_address(request, one),
        "key_url": meeting_address(request, one, "meeting_decide_key"),
    }  # fmt: skip
    return committee_page(request, "decide", one.group, context, (_("Décision"), ""), meeting=one)


def _ready(one: CommitteeMeeting) -> bool:
    return allowed(MeetingState(one.state), "decide")


@require_http_methods(FORM_METHODS)
@desk_page("pooling.coordinate")
def meeting_decide_key(request: Any, group: UUID, meeting: UUID) -> HttpResponse:
    """Which key, then its terms, then what they change for each member, then the decision."""
    one = coordinated_meeting(group, meeting)
    keys = last_versions(one.group)
    key = next((row for row in keys if row.code == request.GET.get("cle")), keys[0] if len(keys) == 1 else None)
    if key is None:
        context = {"keys": keys, "ready": _ready(one), "back": meeting_address(request, one)}
        return committee_page(request, "choose_key", one.group, context, (_("Clé"), ""), meeting=one)
    return _terms_page(request, one, key)


def _terms_page(request: Any, one: CommitteeMeeting, key: CostKey) -> HttpResponse:
    seats = [(seat.member_id, seat.member.name) for seat in seats_of(one)]
    before = terms_of(key)
    form = KeyDecisionForm(request.POST if request.method == "POST" else None, seats, before)
    shown: dict[str, Any] = {"effect": None, "changes": (), "previewed": False}
    if form.is_valid():
        change = KeyChange(key.code, form.terms)
        shown = {
            "effect": key_effect(one.group, change, form.cleaned_data["in_force_on"]), "previewed": True,
            "changes": changes(before, change.terms, dict(seats)),
        }  # fmt: skip
        if "record" in request.POST and (done := _record(request, one, form, change)):
            return done
    context = {
        "form": form, "key": key, "ready": _ready(one), "back": meeting_address(request, one), **shown,
    }  # fmt: skip
    return committee_page(request, "decide_key", one.group, context, (_("Clé"), ""), meeting=one)


def _record(request: Any, one: CommitteeMeeting, form: KeyDecisionForm, change: KeyChange) -> HttpResponse | None:
    """None when the service says no: the form then says why."""
    try:
        decide(
            one.id, DecisionKind.KEY, form.cleaned_data["text"], effective_on=form.cleaned_data["in_force_on"],
            key=change, actor_id=request.actor.person_id,
        )  # fmt: skip
    except Refusal as refusal:
        add_refusal(form, refusal)
        return None
    messages.success(request, _("La décision est enregistrée. La nouvelle version de la clé attend son jour."))
    return to_meeting(request, one)
