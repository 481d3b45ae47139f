"""The groups of an authority, and those that it may join."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal
from parvis.pooling.selectors.groups import groups_here
from parvis.pooling.selectors.joinable import joinable_group, joinable_groups
from parvis.pooling.services.found_group import found_group
from parvis.pooling.services.propose_membership import propose_membership
from parvis.pooling.web.forms import add_refusal
from parvis.pooling.web.frame import crumbs
from parvis.pooling.web.groups.access import takes_part
from parvis.pooling.web.groups.forms import GroupForm


@require_safe
@desk_page("pooling.read")
def groups(request: Any) -> HttpResponse:
    house = request.authority
    whole = house.kind == "agglomeration"
    context = {
        "crumbs": crumbs(house, (_("Groupements de commandes"), "")),
        "rows": [(one, reverse("group", args=[house.slug, one.group.id])) for one in groups_here()],
        "joinable": [(one, reverse("group_join", args=[house.slug, one.id])) for one in joinable_groups()],
        "may_join": takes_part(request),
        "new_url": reverse("group_new", args=[house.slug])
        if whole and request.actor.may("pooling.coordinate", house.id)
        else "",
        "whole": whole,
    }
    return render(request, "pooling/groups/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("pooling.coordinate")
def new(request: Any) -> HttpResponse:
    house = request.authority
    form = GroupForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = found_group(**form.cleaned_data, actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Le groupement est créé. Invitez les communes, puis signez la convention."))
            return HttpResponseRedirect(reverse("group", args=[house.slug, made.id]))
    back = reverse("groups", args=[house.slug])
    context = {
        "crumbs": crumbs(house, (_("Groupements de commandes"), back), (_("Nouveau groupement"), "")),
        "form": form, "back": back,
    }  # fmt: skip
    return render(request, "pooling/groups/new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("pooling.take_part")
def join(request: Any, group: UUID) -> HttpResponse:
    """A commune reads what is public of a group, and says that it is interested."""
    house, found = request.authority, joinable_group(group)
    if request.method == "POST":
        try:
            propose_membership(found.id, house.id, actor_id=request.actor.person_id)
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(request.path)
        messages.success(request, _("Le coordinateur est prévenu. Écrivez maintenant vos besoins."))
        return HttpResponseRedirect(reverse("group", args=[house.slug, found.id]))
    back = reverse("groups", args=[house.slug])
    context = {
        "crumbs": crumbs(house, (_("Groupements de commandes"), back), (found.name, "")), "joinable": found,
        "back": back,
    }  # fmt: skip
    return render(request, "pooling/groups/join.html", context)
