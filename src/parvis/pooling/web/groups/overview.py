"""A group at a glance: its state, what comes next, and its chain as far as it goes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.authorities.facade import authority, desk_page
from parvis.kit.errors import Refusal
from parvis.pooling.selectors.chain import chain
from parvis.pooling.selectors.coordinator_tasks import coordinator_tasks
from parvis.pooling.selectors.groups import constitutive_papers, member_rows
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.services.save_group import save_group
from parvis.pooling.services.start_group import start_group
from parvis.pooling.states import GroupState, allowed
from parvis.pooling.web.forms import add_refusal
from parvis.pooling.web.frame import crumbs, group_page
from parvis.pooling.web.groups.access import coordinated_group, place_in
from parvis.pooling.web.groups.chain_words import links
from parvis.pooling.web.groups.dates import due_items
from parvis.pooling.web.groups.forms import GroupForm, StartForm
from parvis.pooling.web.groups.next_step import next_step

SAVED = ("name", "purpose", "cpv", "starts_on", "ends_on", "information_days", "vat_mode", "instalments", "public")


@require_safe
@desk_page("pooling.read")
def group(request: Any, group: UUID) -> HttpResponse:
    house, found = request.authority, group_in_reach(group)
    made, members, own = chain(found), member_rows(found), place_in(found)
    context = {
        "own": own,
        "last_day": found.ends_on - timedelta(days=1) if found.ends_on else None,
        "coordinator": authority(found.authority_id),
        "members": members,
        "papers": constitutive_papers(found),
        "links": links(request, found, made),
        "next": next_step(request, found, made, own, members),
        "due": due_items(house, found, coordinator_tasks(found)),
        "edit_url": reverse("group_edit", args=[house.slug, found.id])
        if allowed(GroupState(found.state), "save_group")
        else "",
        "public_url": reverse("public_group", args=[house.slug, found.id]) if found.public else "",
    }
    return group_page(request, "pooling/groups/overview.html", found, "group", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("pooling.coordinate")
def edit(request: Any, group: UUID) -> HttpResponse:
    """Until the constitutive agreement is signed."""
    house, found = request.authority, coordinated_group(group)
    back = reverse("group", args=[house.slug, found.id])
    if not allowed(GroupState(found.state), "save_group"):
        messages.info(request, _("La convention constitutive est signée\u202f: le groupement ne change plus."))
        return HttpResponseRedirect(back)
    own = place_in(found)
    initial = {name: getattr(found, name) for name in SAVED} | {"decision": own.decision, "decided_on": own.decided_on}
    form = GroupForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            save_group(found.id, form.cleaned_data, actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("C’est enregistré."))
            return HttpResponseRedirect(back)
    context = {"form": form, "back": back, "crumbs": crumbs(house, (_("Modifier"), ""), group=found)}
    return group_page(request, "pooling/groups/edit.html", found, "group", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("pooling.coordinate")
def start(request: Any, group: UUID) -> HttpResponse:
    """The constitutive agreement is signed: its file and its dates."""
    house, found = request.authority, coordinated_group(group)
    back = reverse("group", args=[house.slug, found.id])
    if not allowed(GroupState(found.state), "start_group"):
        messages.info(request, _("Ce groupement est déjà en vigueur."))
        return HttpResponseRedirect(back)
    posted = request.method == "POST"
    initial = {"starts_on": found.starts_on, "ends_on": found.ends_on}
    form = StartForm(request.POST if posted else None, request.FILES if posted else None, initial=initial)
    if posted and form.is_valid():
        values = form.cleaned_data
        file = values.pop("file")
        try:
            start_group(found.id, **values, stream=file, name=file.name, actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Le groupement est en vigueur."))
            return HttpResponseRedirect(back)
    context = {"form": form, "back": back, "crumbs": crumbs(house, (_("Démarrer"), ""), group=found)}
    return group_page(request, "pooling/groups/start.html", found, "group", context)
