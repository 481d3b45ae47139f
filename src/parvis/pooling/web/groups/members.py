"""Who is in a group: the list that is its annex, invitations, decisions notified and taken note of."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.authorities.facade import authorities, authority, desk_page
from parvis.kit.errors import Refusal
from parvis.pooling.models import JointProcurement, Membership
from parvis.pooling.selectors.groups import MemberRow, member_rows
from parvis.pooling.selectors.needs import has_needs, stated_needs
from parvis.pooling.selectors.reach import group_in_reach, reach
from parvis.pooling.services.accept_membership import accept_membership
from parvis.pooling.services.members_pdf import members_pdf
from parvis.pooling.services.notify_membership import notify_membership
from parvis.pooling.services.propose_membership import propose_membership
from parvis.pooling.services.return_membership import return_membership
from parvis.pooling.states import GroupState, MembershipState, allowed
from parvis.pooling.web.forms import add_refusal
from parvis.pooling.web.frame import crumbs, group_page
from parvis.pooling.web.groups.access import coordinated_group, place_in, runs, takes_part
from parvis.pooling.web.groups.forms import AcceptForm, InviteForm, NotifyForm, ReturnForm

COMING = (MembershipState.PROSPECT, MembershipState.NOTIFIED)


@require_safe
@desk_page("pooling.read")
def members(request: Any, group: UUID) -> HttpResponse:
    house, found = request.authority, group_in_reach(group)
    rows, own = member_rows(found), place_in(found)
    counts: dict[UUID, int] = {}
    for one in stated_needs(found):
        counts[one.need.authority_id] = counts.get(one.need.authority_id, 0) + 1
    may_notify = takes_part(request) and allowed(MembershipState(own.state), "notify_membership")
    context = {
        "present": [(one, _address(request, found, one)) for one in rows if one.membership.state not in COMING],
        "coming": [(one, _address(request, found, one)) for one in rows if one.membership.state in COMING],
        "needs": counts,
        "own": own,
        "alive": found.state != GroupState.ENDED,
        "notify_url": reverse("membership_notify", args=[house.slug, found.id, own.id]) if may_notify else "",
        "crumbs": crumbs(house, (_("Membres et besoins"), ""), group=found),
    }
    return group_page(request, "pooling/groups/members.html", found, "group_members", context)


def _address(request: Any, group: JointProcurement, row: MemberRow) -> str:
    """Of the page of a place in the group, for the coordinator and for itself."""
    house = request.authority
    if takes_part(request) and (runs(request, group) or row.membership.member_id == house.id):
        return reverse("membership", args=[house.slug, group.id, row.membership.id])
    return ""


@require_safe
@desk_page("pooling.read")
def annex(request: Any, group: UUID) -> HttpResponse:
    """The list of members as PDF: the annex of the constitutive agreement, as it is today."""
    found = group_in_reach(group)
    response = HttpResponse(members_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="annexe-membres.pdf"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("pooling.coordinate")
def invite(request: Any, group: UUID) -> HttpResponse:
    house, found = request.authority, coordinated_group(group)
    there = set(Membership.objects.filter(group=found).values_list("member_id", flat=True))
    candidates = [one for one in authorities() if one.id not in there]
    form = InviteForm(request.POST if request.method == "POST" else None, candidates=candidates)
    back = reverse("group_members", args=[house.slug, found.id])
    if request.method == "POST" and form.is_valid():
        try:
            made = propose_membership(found.id, UUID(form.cleaned_data["member"]), actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            name = authority(made.member_id).name
            messages.success(request, _("{name} est invitée, par courriel.").format(name=name))
            return HttpResponseRedirect(back)
    context = {
        "form": form, "back": back, "candidates": candidates,
        "crumbs": crumbs(house, (_("Membres et besoins"), back), (_("Inviter"), ""), group=found),
    }  # fmt: skip
    return group_page(request, "pooling/groups/invite.html", found, "group_members", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("pooling.take_part")
def notify(request: Any, group: UUID, membership: UUID) -> HttpResponse:
    """A commune notifies its decision; or the coordinator enters one that came on paper."""
    house, found = request.authority, group_in_reach(group)
    place = _place(request, found, membership)
    back = reverse("group_members", args=[house.slug, found.id])
    if not allowed(MembershipState(place.state), "notify_membership"):
        messages.info(request, _("Cette décision est déjà notifiée."))
        return HttpResponseRedirect(back)
    posted = request.method == "POST"
    initial = {name: getattr(place, name) for name in ("decision", "decided_on", "service_code", "commitment")}
    form = NotifyForm(
        request.POST if posted else None, request.FILES if posted else None, initial=initial,
        needs=has_needs(found, place.member_id),
    )  # fmt: skip
    if posted and form.is_valid():
        values = form.cleaned_data
        file = values.pop("file")
        try:
            notify_membership(place.id, **values, stream=file, name=file.name, actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("La décision est enregistrée."))
            return HttpResponseRedirect(back)
    context = {
        "form": form, "back": back, "place": place, "name": authority(place.member_id).name,
        "on_paper": place.member_id != house.id, "stated": "no_need" not in form.fields,
        "crumbs": crumbs(house, (_("Membres et besoins"), back), (_("Notifier la décision"), ""), group=found),
    }  # fmt: skip
    return group_page(request, "pooling/groups/notify.html", found, "group_members", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("pooling.take_part")
def membership(request: Any, group: UUID, membership: UUID) -> HttpResponse:
    """What a commune notified; the coordinator takes note of it, or says what is missing."""
    house, found = request.authority, group_in_reach(group)
    place = _place(request, found, membership)
    [row] = [one for one in member_rows(found) if one.membership.id == place.id]
    back = reverse("group_members", args=[house.slug, found.id])
    answers = runs(request, found) and allowed(MembershipState(place.state), "accept_membership")
    first = max((day for day in (place.notified_on, found.starts_on) if day), default=None)
    accept, returned = AcceptForm(initial={"effective_on": first}), ReturnForm()
    if request.method == "POST" and answers:
        verb = request.POST.get("verb")
        accept = AcceptForm(request.POST) if verb == "accept" else accept
        returned = ReturnForm(request.POST) if verb == "return" else returned
        if _answered(request, place, accept, returned):
            return HttpResponseRedirect(back)
    context = {
        "row": row, "answers": answers, "accept": accept, "returned": returned, "back": back,
        "needs": [one for one in stated_needs(found) if one.need.authority_id == place.member_id],
        "notify_url": reverse("membership_notify", args=[house.slug, found.id, place.id])
        if allowed(MembershipState(place.state), "notify_membership")
        else "",
        "crumbs": crumbs(house, (_("Membres et besoins"), back), (row.name, ""), group=found),
    }  # fmt: skip
    return group_page(request, "pooling/groups/membership.html", found, "group_members", context)


def _answered(request: Any, place: Membership, accept: AcceptForm, returned: ReturnForm) -> bool:
    """Whether the coordinator's answer was given; if not, its form says why."""
    form = accept if accept.is_bound else returned
    if not form.is_bound or not form.is_valid():
        return False
    name = authority(place.member_id).name
    try:
        if form is accept:
            accept_membership(place.id, form.cleaned_data["effective_on"], actor_id=request.actor.person_id)
            messages.success(request, _("{name} est membre du groupement.").format(name=name))
        else:
            return_membership(place.id, form.cleaned_data["missing"], actor_id=request.actor.person_id)
            messages.success(request, _("{name} sait ce qui manque.").format(name=name))
    except Refusal as refusal:
        add_refusal(form, refusal)
        return False
    return True


def _place(request: Any, group: JointProcurement, membership_id: UUID) -> Membership:
    """One's own, or any for the coordinator. Raises Http404."""
    found = reach(Membership, membership_id, group=group)
    if found.member_id != request.authority.id and not runs(request, group):
        raise Http404(_("Cette page est celle d’une autre commune."))
    return found
