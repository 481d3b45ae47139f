"""Who offers which e-service since when: the N of the shares, and its additions and ends by hand."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.authorities.facade import desk_page
from parvis.eservices import facade as eservices
from parvis.kit.errors import Refusal
from parvis.pooling.models import JointProcurement
from parvis.pooling.selectors.offered import offers_of
from parvis.pooling.selectors.reach import coordinates, group_in_reach
from parvis.pooling.selectors.today import today
from parvis.pooling.services.offer_eservice import Offered, offer_eservice
from parvis.pooling.services.withdraw_eservice import withdraw_eservice
from parvis.pooling.web.costs.access import address, costs_page, members_of
from parvis.pooling.web.costs.forms import OfferForm, WithdrawForm
from parvis.pooling.web.forms import add_refusal

FORM_METHODS = ["GET", "HEAD", "POST"]
PART = "group_eservices"


@require_safe
@desk_page("pooling.read")
def group_eservices(request: Any, group: UUID) -> HttpResponse:
    found = group_in_reach(group)
    day = _day(request)
    rows = offers_of(found, day)
    part = request.actor.may("pooling.take_part", request.authority.id)
    context = {
        "day": day, "today": today(), "rows": rows, "total": sum(one.count for one in rows),
        "mine": next((one for one in rows if one.member_id == request.authority.id), None),
        "services": len({use.service_id for one in rows if one.present for use in one.now}),
        "add_url": address(request, "eservice_add", found.id) if part and _may_write(request, found) else "",
        "end_urls": {
            use.id: address(request, "eservice_end", found.id, use.id)
            for one in rows for use in (*one.now, *one.others)
            if part and use.until_on is None and (coordinates(found) or use.authority_id == request.authority.id)
        },
    }  # fmt: skip
    return costs_page(request, "eservices", found, context, part=PART)


def _day(request: Any) -> date:
    try:
        return date.fromisoformat(request.GET.get("le", ""))
    except ValueError:
        return today()


def _may_write(request: Any, group: JointProcurement) -> bool:
    """A member for itself, the coordinator for any."""
    return any(one.id == request.authority.id for one in members_of(group))


@require_http_methods(FORM_METHODS)
@desk_page("pooling.take_part")
def eservice_add(request: Any, group: UUID) -> HttpResponse:
    found = group_in_reach(group)
    members = members_of(found)
    if not coordinates(found):
        members = [one for one in members if one.id == request.authority.id]
    if not members:
        raise Http404(_("Votre collectivité n’est pas encore membre du groupement."))
    form = OfferForm(
        request.POST if request.method == "POST" else None, members=members, services=eservices.catalogue()
    )
    if form.is_valid():
        given = form.cleaned_data
        offered = Offered(
            given["member"], given["from_on"], given["service"], given["name"], given["theme"] or "other",
            given.get("agreement", ""),
        )  # fmt: skip
        try:
            use = offer_eservice(found.id, offered, actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            words = _("«\u202f{service}\u202f» compte pour {name} à partir de ce jour.")
            messages.success(request, words.format(service=use.service_name, name=use.authority_name))
            return HttpResponseRedirect(address(request, PART, found.id))
    context = {"form": form, "coordinator": len(members) > 1, "back": address(request, PART, found.id)}
    return costs_page(request, "eservice_add", found, context, (_("Ajouter"), ""), part=PART)


@require_http_methods(FORM_METHODS)
@desk_page("pooling.take_part")
def eservice_end(request: Any, group: UUID, use: UUID) -> HttpResponse:
    found = group_in_reach(group)
    one = eservices.use(use)
    own = one.authority_id == request.authority.id
    if not own and (not coordinates(found) or one.authority_id not in {house.id for house in members_of(found)}):
        raise Http404(_("Ce téléservice est celui d’une autre collectivité."))
    form = WithdrawForm(request.POST if request.method == "POST" else None, own=own, initial={"until_on": today()})
    if form.is_valid():
        given = form.cleaned_data
        try:
            withdraw_eservice(
                found.id, use, given["until_on"], agreement=given.get("agreement", ""),
                actor_id=request.actor.person_id,
            )  # fmt: skip
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Le dernier jour est noté. Le téléservice ne compte plus ensuite."))
            return HttpResponseRedirect(address(request, PART, found.id))
    context = {"form": form, "use": one, "back": address(request, PART, found.id)}
    return costs_page(request, "eservice_end", found, context, (one.service_name, ""), part=PART)
