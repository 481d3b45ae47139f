"""Two ways to end an agreement before its term: a notice by either side, or at once by the agglomeration."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal
from parvis.pooling.models import AgreementState, SharingAgreement
from parvis.pooling.rules.agreement import ONE_DAY
from parvis.pooling.selectors.agreements import agreement_in_reach, in_force_or_to_come, parties, side_of
from parvis.pooling.services.give_notice import check_letter, give_notice, notice_end
from parvis.pooling.services.terminate_agreement import terminate_agreement
from parvis.pooling.web.agreements.forms import NoticeForm, ReasonForm
from parvis.pooling.web.agreements.page import agreement_crumbs, own_agreement, page_url
from parvis.pooling.web.agreements.words import day_words, why_last_day
from parvis.pooling.web.forms import add_refusal

FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
@desk_page("pooling.take_part")
def notice(request: Any, agreement: UUID) -> HttpResponse:
    """First the letter; then what it does, day by day, before anything is noted."""
    house, found = request.authority, agreement_in_reach(agreement)
    if found.state != AgreementState.RUNNING or not in_force_or_to_come(found):
        messages.info(request, _("Un préavis se donne sur une convention en vigueur, et une seule fois."))
        return HttpResponseRedirect(page_url(house, found))
    form = NoticeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            check_letter(found, values["letter"], values["sent_on"], values["received_on"])
            if "confirm" in request.POST:
                done = give_notice(found.id, **values, actor_id=request.actor.person_id)
                last = day_words((done.ends_on or values["received_on"]) - ONE_DAY)
                said = _(
                    "Le préavis est noté. Dernier jour de la convention\u202f: le {day}. L’autre partie est prévenue."
                )
                messages.success(request, said.format(day=last))
                return HttpResponseRedirect(page_url(house, found))
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            if "edit" not in request.POST:
                return _confirm(request, found, form)
    whole, commune = parties(found)
    context = {
        "agreement": found, "form": form, "back": page_url(house, found), "commune": commune,
        "other": commune if side_of(found) == "agglomeration" else whole,
        "crumbs": agreement_crumbs(house, found, (_("Préavis"), "")),
    }  # fmt: skip
    return render(request, "pooling/agreements/notice.html", context)


def _confirm(request: Any, found: SharingAgreement, form: NoticeForm) -> HttpResponse:
    house, received_on = request.authority, form.cleaned_data["received_on"]
    ends_on = notice_end(found, received_on)
    whole, commune = parties(found)
    starts_on, was = found.starts_on or ends_on, found.ends_on or ends_on
    context = {
        "agreement": found, "form": form, "back": page_url(house, found), "commune": commune,
        "other": commune if side_of(found) == "agglomeration" else whole,
        "last": day_words(ends_on - ONE_DAY), "closes": day_words(ends_on),
        "never": ends_on <= starts_on, "whys": why_last_day(starts_on, was, received_on),
        "crumbs": agreement_crumbs(house, found, (_("Préavis"), "")),
    }  # fmt: skip
    return render(request, "pooling/agreements/notice_confirm.html", context)


@require_http_methods(FORM)
@desk_page("pooling.coordinate")
def terminate(request: Any, agreement: UUID) -> HttpResponse:
    house, found = request.authority, own_agreement(agreement)
    if not in_force_or_to_come(found):
        messages.info(request, _("Cette convention n’est pas en vigueur\u202f: il n’y a rien à terminer."))
        return HttpResponseRedirect(page_url(house, found))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            terminate_agreement(found.id, reason=form.cleaned_data["reason"], actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("La convention a pris fin. La commune en est prévenue avec votre raison."))
            return HttpResponseRedirect(page_url(house, found))
    context = {
        "agreement": found, "form": form, "back": page_url(house, found), "commune": parties(found)[1],
        "crumbs": agreement_crumbs(house, found, (_("Fin sans préavis"), "")),
    }  # fmt: skip
    return render(request, "pooling/agreements/terminate.html", context)
