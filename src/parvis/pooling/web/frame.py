"""What every page of the room has around it: where one is, and the parts of a group as tabs."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal
from parvis.pooling.models import JointProcurement
from parvis.pooling.selectors.papers import open_paper
from parvis.pooling.selectors.reach import coordinates

Crumb = tuple[str, str]


def crumbs(house: Any, *more: Crumb, group: JointProcurement | None = None) -> list[Crumb]:
    """From the authority to here; the last of `more` is the page itself."""
    home = [(house.name, reverse("authority_home", args=[house.slug])), (_("Mutualisation"), _url(house, "pooling"))]
    here = [(group.name, reverse("group", args=[house.slug, group.id]))] if group is not None else []
    return [*home, *here, *more]


def _url(house: Any, name: str) -> str:
    return reverse(name, args=[house.slug])


def group_tabs(house: Any, group: JointProcurement, here: str) -> list[tuple[str, str, bool]]:
    """The parts of a group; `here` is the name of the address of the one shown."""
    parts = (
        ("group", _("Vue d’ensemble")), ("group_members", _("Membres et besoins")),
        ("group_frameworks", _("Accord-cadre")), ("group_orders", _("Commandes")),
        ("group_costs", _("Coûts et parts")), ("group_statements", _("Relevés")),
        ("group_committee", _("Comité de pilotage")), ("group_tasks", _("Suivi du coordinateur")),
    )  # fmt: skip
    return [(label, reverse(name, args=[house.slug, group.id]), name == here) for name, label in parts]


def group_page(
    request: Any, template: str, group: JointProcurement, here: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of a group: its tabs, whether the authority coordinates it, and what the page itself shows."""
    house = request.authority
    base = {
        "group": group,
        "group_tabs": group_tabs(house, group, here),
        "coordinates": coordinates(group),
        "may_coordinate": coordinates(group) and request.actor.may("pooling.coordinate", house.id),
        "crumbs": crumbs(house, group=group),
    }
    return render(request, template, {**base, **context}, status=status)


@require_safe
@desk_page("pooling.read")
def paper(request: Any, paper: UUID) -> HttpResponse:
    """The bytes of an attached file, under the name it came with."""
    try:
        _paper, view, stream = open_paper(paper)
    except Refusal as refusal:
        # In quarantine.
        messages.error(request, refusal.message)
        return HttpResponseRedirect(_url(request.authority, "pooling"))
    with stream:
        response = HttpResponse(stream.read(), content_type=view.media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(view.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
