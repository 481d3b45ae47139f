"""The keys of a group: what each says, since when, decided where; the usual ones, and one more."""

from fractions import Fraction
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal
from parvis.pooling.rules import KINDS
from parvis.pooling.rules.key_terms import KeyTerms
from parvis.pooling.selectors.first_key import KeyHistory, foreseen, key_histories
from parvis.pooling.selectors.reach import coordinates, group_in_reach
from parvis.pooling.selectors.today import today
from parvis.pooling.services.ensure_default_keys import ensure_default_keys, reference_year_of
from parvis.pooling.services.first_key import first_key
from parvis.pooling.web.costs.access import address, costs_page, members_of
from parvis.pooling.web.costs.forms import FirstKeyForm
from parvis.pooling.web.forms import add_refusal
from parvis.pooling.web.groups.access import coordinated_group

FORM_METHODS = ["GET", "HEAD", "POST"]
PART = "cost_keys"


@require_safe
@desk_page("pooling.read")
def cost_keys(request: Any, group: UUID) -> HttpResponse:
    found = group_in_reach(group)
    histories = key_histories(found, today())
    known = {one.code for one in histories}
    usual = {one.key for one in KINDS.values()}
    writes = coordinates(found) and request.actor.may("pooling.coordinate", request.authority.id)
    context = {
        "keys": [(one, _kinds_of(one)) for one in histories],
        "missing": writes and found.state != "ended" and bool(usual - known),
        "usual_url": address(request, "keys_usual", found.id),
        "new_url": address(request, "key_new", found.id) if writes and found.state != "ended" else "",
        "committee_url": address(request, "group_committee", found.id),
        "meeting_urls": {
            version.row.id: address(request, "meeting", found.id, version.row.decision.meeting_id)
            for one in histories
            for version in one.versions
            if version.row.decision
        },
    }
    return costs_page(request, "keys", found, context, part=PART)


def _kinds_of(history: KeyHistory) -> list[str]:
    """The kinds of cost that take this key unless told otherwise."""
    return [one.label for one in KINDS.values() if one.key == history.code]


@require_http_methods(["POST"])
@desk_page("pooling.coordinate")
def keys_usual(request: Any, group: UUID) -> HttpResponse:
    """The usual keys that are missing."""
    found = coordinated_group(group)
    try:
        made = ensure_default_keys(found, request.actor.person_id)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        if made:
            messages.success(request, _("Les clés usuelles sont créées. Le comité de pilotage peut les changer."))
    return HttpResponseRedirect(address(request, PART, found.id))


@require_http_methods(FORM_METHODS)
@desk_page("pooling.coordinate")
def key_new(request: Any, group: UUID) -> HttpResponse:
    """One more key, its effect on 1,000 euros shown before it is saved."""
    found = coordinated_group(group)
    members = [(one.id, one.name) for one in members_of(found)]
    terms = KeyTerms("", "weighted", reference_year_of(found), Fraction(1, 2))
    form = FirstKeyForm(request.POST if request.method == "POST" else None, members, terms)
    if request.method != "POST":
        form.initial["in_force_on"] = max(today(), found.starts_on) if found.starts_on else today()
    effect = None
    if form.is_valid():
        given, on = form.terms, form.cleaned_data["in_force_on"]
        effect = foreseen(found, "trial", given, on)
        if "record" in request.POST:
            try:
                made = first_key(found.id, given, in_force_on=on, actor_id=request.actor.person_id)
            except Refusal as refusal:
                add_refusal(form, refusal)
            else:
                messages.success(request, _("La clé «\u202f{name}\u202f» est créée.").format(name=made.name))
                return HttpResponseRedirect(address(request, PART, found.id))
    context = {"form": form, "effect": effect, "back": address(request, PART, found.id)}
    return costs_page(request, "key_new", found, context, (_("Nouvelle clé"), ""), part=PART)
