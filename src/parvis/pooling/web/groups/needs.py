"""What the members need: each one's, all of them summed, and the consultation that they open."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.authorities.facade import desk_page
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import JointProcurement, Need
from parvis.pooling.rules import KINDS
from parvis.pooling.rules.needs import Gathered, Proposal, gather, propose
from parvis.pooling.selectors.groups import member_rows
from parvis.pooling.selectors.needs import StatedNeed, stated_needs
from parvis.pooling.selectors.reach import group_in_reach, reach
from parvis.pooling.selectors.today import today
from parvis.pooling.services.consolidate import consolidate
from parvis.pooling.services.remove_need import remove_need
from parvis.pooling.services.save_need import save_need
from parvis.pooling.services.state_need import state_need
from parvis.pooling.states import GroupState
from parvis.pooling.web.forms import add_refusal
from parvis.pooling.web.frame import crumbs, group_page
from parvis.pooling.web.groups.access import coordinated_group, place_in, runs, takes_part
from parvis.pooling.web.groups.forms import ConsolidateForm, NeedForm, need_initial
from parvis.procurement.facade import consultation_line


@require_safe
@desk_page("pooling.read")
def needs(request: Any, group: UUID) -> HttpResponse:
    house, found = request.authority, group_in_reach(group)
    rows = stated_needs(found)
    by_member: dict[str, list[tuple[StatedNeed, str]]] = {}
    for one in rows:
        mine = one.need.authority_id == house.id and one.taken_by is None
        url = reverse("need", args=[house.slug, found.id, one.need.id]) if mine and takes_part(request) else ""
        by_member.setdefault(one.member_name, []).append((one, url))
    free = [one for one in rows if one.taken_by is None and one.of_member]
    alive = found.state != GroupState.ENDED
    context = {
        "rows": rows,
        "by_member": by_member,
        "lines": [(one, KINDS[one.kind].label) for one in gather(row.asked for row in rows)],
        "total": sum(one.need.estimated_cents or 0 for one in rows),
        "unknown": sum(one.need.estimated_cents is None for one in rows),
        "silent": _silent(found, rows),
        "kinds": {code: one.label for code, one in KINDS.items()},
        "free": free,
        "new_url": reverse("need_new", args=[house.slug, found.id]) if alive and takes_part(request) else "",
        "consolidate_url": reverse("needs_consolidate", args=[house.slug, found.id])
        if free and found.state == GroupState.RUNNING and runs(request, found)
        else "",
        "crumbs": _crumbs(house, found, (_("Besoins"), "")),
    }
    return group_page(request, "pooling/groups/needs.html", found, "group_members", context)


def _silent(group: JointProcurement, rows: list[StatedNeed]) -> list[str]:
    """Members that have stated nothing."""
    stated = {one.need.authority_id for one in rows}
    present = [one for one in member_rows(group) if one.membership.state == "member"]
    return [one.name for one in present if one.membership.member_id not in stated]


def _crumbs(house: Any, group: JointProcurement, *more: tuple[str, str]) -> list[tuple[str, str]]:
    here = (_("Membres et besoins"), reverse("group_members", args=[house.slug, group.id]))
    return crumbs(house, here, *more, group=group)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("pooling.take_part")
def new(request: Any, group: UUID) -> HttpResponse:
    house, found = request.authority, group_in_reach(group)
    place_in(found)
    form = NeedForm(request.POST if request.method == "POST" else None)
    back = reverse("group_needs", args=[house.slug, found.id])
    if request.method == "POST" and form.is_valid():
        try:
            state_need(found.id, **form.cleaned_data, actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Le besoin est écrit. Les autres membres le lisent."))
            return HttpResponseRedirect(back)
    context = {
        "form": form, "back": back, "need": None, "rules": _rules(),
        "crumbs": _crumbs(house, found, (_("Besoins"), back), (_("Nouveau besoin"), "")),
    }  # fmt: skip
    return group_page(request, "pooling/groups/need.html", found, "group_members", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("pooling.take_part")
def need(request: Any, group: UUID, need: UUID) -> HttpResponse:
    """One's own need: saved, or taken back (`verb` is remove)."""
    house, found = request.authority, group_in_reach(group)
    row = reach(Need, need, group=found, authority_id=scope.current_authority())
    back = reverse("group_needs", args=[house.slug, found.id])
    if request.POST.get("verb") == "remove":
        return _removed(request, row, back)
    form = NeedForm(request.POST if request.method == "POST" else None, initial=need_initial(row))
    if request.method == "POST" and form.is_valid():
        try:
            save_need(row.id, form.cleaned_data, actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Le besoin est enregistré."))
            return HttpResponseRedirect(back)
    context = {
        "form": form, "back": back, "need": row, "rules": _rules(),
        "crumbs": _crumbs(house, found, (_("Besoins"), back), (row.label, "")),
    }  # fmt: skip
    return group_page(request, "pooling/groups/need.html", found, "group_members", context)


def _removed(request: Any, row: Need, back: str) -> HttpResponse:
    try:
        remove_need(row.id, actor_id=request.actor.person_id)
        messages.success(request, _("Le besoin «\u202f{label}\u202f» est retiré.").format(label=row.label))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(back)


def _rules() -> list[tuple[str, str]]:
    """Who will pay each kind of need."""
    return [(one.label, one.rule) for one in KINDS.values()]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("pooling.coordinate")
def consolidated(request: Any, group: UUID) -> HttpResponse:
    """The needs that no consultation has yet, summed; the draft that they would open, to be adjusted."""
    house, found = request.authority, coordinated_group(group)
    back = reverse("group_needs", args=[house.slug, found.id])
    free = [one for one in stated_needs(found) if one.taken_by is None and one.of_member]
    if not free or found.state != GroupState.RUNNING:
        messages.info(
            request, _("Rien n’attend de consultation\u202f: il faut un groupement en vigueur et des besoins.")
        )
        return HttpResponseRedirect(back)
    lines = gather(one.asked for one in free)
    proposal = propose(lines, _months_left(found.ends_on))
    form = ConsolidateForm(request.POST if request.method == "POST" else None, initial=_initial(found, proposal))
    if request.method == "POST" and form.is_valid():
        try:
            made = consolidate(
                found.id, **form.cleaned_data, need_ids=[one.need.id for one in free], actor_id=request.actor.person_id
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("La consultation est ouverte, déjà remplie. Complétez-la, puis publiez-la."))
            line = consultation_line(made.consultation_id)
            assert line is not None, "it was just opened in this scope"
            return HttpResponseRedirect(_after(request, line.desk_url, [line.authority_slug, line.id], back))
    context = {
        "form": form, "back": back, "lines": _with_kinds(lines), "proposal": proposal,
        "members": [one.name for one in member_rows(found) if one.membership.state == "member"],
        "crumbs": _crumbs(house, found, (_("Besoins"), back), (_("Ouvrir la consultation"), "")),
    }  # fmt: skip
    return group_page(request, "pooling/groups/consolidate.html", found, "group_members", context)


def _after(request: Any, page: str, where: list[Any], back: str) -> str:
    """The draft, for who may read it with this hat; the group otherwise."""
    return reverse(page, args=where) if request.actor.may("consultation.read", request.authority.id) else back


def _initial(group: JointProcurement, proposal: Proposal) -> dict[str, Any]:
    return {
        "title": group.name, "nature": "services", "cpv": group.cpv, "min_cents": proposal.min_cents,
        "max_cents": proposal.max_cents, "duration_months": proposal.months,
    }  # fmt: skip


def _with_kinds(lines: tuple[Gathered, ...]) -> list[tuple[Gathered, str]]:
    return [(one, KINDS[one.kind].label) for one in lines]


def _months_left(ends_on: date | None) -> int | None:
    """Whole months from today to the term."""
    if ends_on is None:
        return None
    day = today()
    return max(0, (ends_on.year - day.year) * 12 + ends_on.month - day.month - (ends_on.day < day.day))
