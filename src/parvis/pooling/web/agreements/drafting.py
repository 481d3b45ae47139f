"""From nothing to a signed agreement: prepare, correct, give up, sign. For the agglomeration alone."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.authorities.facade import authorities, desk_page
from parvis.kit.errors import Refusal
from parvis.pooling.models import AgreementState, SharingAgreement
from parvis.pooling.rules.agreement import ONE_DAY, term
from parvis.pooling.selectors.agreements import agreements_by_commune, missing_deliberations, parties, versions_of
from parvis.pooling.services.discard_agreement import discard_agreement
from parvis.pooling.services.prepare_agreement import prepare_agreement
from parvis.pooling.services.save_agreement import save_agreement
from parvis.pooling.services.sign_agreement import sign_agreement
from parvis.pooling.web.agreements.forms import LIMITS, DraftForm, NewForm, ReasonForm, SignForm, TermsForms
from parvis.pooling.web.agreements.page import agreement_crumbs, own_agreement, page_url
from parvis.pooling.web.agreements.words import day_words
from parvis.pooling.web.forms import add_refusal
from parvis.pooling.web.frame import crumbs

FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
@desk_page("pooling.coordinate")
def new(request: Any) -> HttpResponse:
    house = request.authority
    if house.kind != "agglomeration":
        return HttpResponseRedirect(reverse("agreements", args=[house.slug]))
    held = agreements_by_commune()
    drafted = {key for key, rows in held.items() if any(one.state == AgreementState.DRAFT for one in rows)}
    communes = [one for one in authorities() if one.kind == "commune" and one.id not in drafted]
    form = NewForm(
        request.POST if request.method == "POST" else None, communes=communes,
        initial={"commune": request.GET.get("commune", "")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        commune = next(one for one in communes if one.slug == values["commune"])
        try:
            made = prepare_agreement(
                commune.id, number=values["number"], starts_on=values["starts_on"], actor_id=request.actor.person_id
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            done = _("La convention {number} est préparée\u202f: {name} peut la lire et joindre sa délibération.")
            messages.success(request, done.format(number=made.number, name=commune.name))
            return HttpResponseRedirect(page_url(house, made))
    context = {
        "form": form, "back": reverse("agreements", args=[house.slug]),
        "crumbs": crumbs(
            house, (_("Conventions"), reverse("agreements", args=[house.slug])), (_("Nouvelle convention"), "")
        ),
    }  # fmt: skip
    return render(request, "pooling/agreements/new.html", context)


@require_http_methods(FORM)
@desk_page("pooling.coordinate")
def edit(request: Any, agreement: UUID) -> HttpResponse:
    """Number, planned day and every word of a draft."""
    house, found = request.authority, own_agreement(agreement)
    if found.state != AgreementState.DRAFT:
        return _no_draft_any_more(request, found)
    data = request.POST if request.method == "POST" else None
    form = DraftForm(data, initial={"number": found.number, "starts_on": found.starts_on})
    terms = TermsForms(data, versions_of(found).present.terms)
    if data is not None and form.is_valid() & terms.is_valid():
        try:
            save_agreement(
                found.id, number=form.cleaned_data["number"], starts_on=form.cleaned_data["starts_on"],
                terms=terms.terms, actor_id=request.actor.person_id,
            )  # fmt: skip
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("La convention est enregistrée."))
            return HttpResponseRedirect(page_url(house, found))
    context = {
        "agreement": found, "form": form, "terms": terms, "back": page_url(house, found),
        "crumbs": agreement_crumbs(house, found, (_("Modifier"), "")),
    }  # fmt: skip
    return render(request, "pooling/agreements/edit.html", context)


@require_http_methods(FORM)
@desk_page("pooling.coordinate")
def sign(request: Any, agreement: UUID) -> HttpResponse:
    house, found = request.authority, own_agreement(agreement)
    if found.state != AgreementState.DRAFT:
        return _no_draft_any_more(request, found)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = SignForm(data, files, initial={"starts_on": found.starts_on})
    if data is not None and form.is_valid():
        copy = form.cleaned_data["signed_copy"]
        try:
            signed = sign_agreement(
                found.id, signed_on=form.cleaned_data["signed_on"], starts_on=form.cleaned_data["starts_on"],
                signed_copy=(copy, copy.name) if copy else None, actor_id=request.actor.person_id,
            )  # fmt: skip
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            done = _("La convention est signée. L’accès de la commune s’ouvre le {day}\u202f: elle en est prévenue.")
            messages.success(request, done.format(day=day_words(signed.starts_on)))
            return HttpResponseRedirect(page_url(house, found))
    _whole, commune = parties(found)
    last = day_words(term(found.starts_on) - ONE_DAY) if found.starts_on else ""
    context = {
        "agreement": found, "commune": commune, "form": form, "limits": LIMITS, "back": page_url(house, found),
        "missing": missing_deliberations(found), "last_planned": last, "first_planned": day_words(found.starts_on),
        "open_now": commune.procurement_from is not None and commune.procurement_until is None,
        "crumbs": agreement_crumbs(house, found, (_("Signature"), "")),
    }  # fmt: skip
    return render(request, "pooling/agreements/sign.html", context)


@require_http_methods(FORM)
@desk_page("pooling.coordinate")
def discard(request: Any, agreement: UUID) -> HttpResponse:
    house, found = request.authority, own_agreement(agreement)
    if found.state != AgreementState.DRAFT:
        return _no_draft_any_more(request, found)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            discard_agreement(found.id, reason=form.cleaned_data["reason"], actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("La convention est abandonnée. Vous pouvez en préparer une autre."))
            return HttpResponseRedirect(page_url(house, found))
    context = {
        "agreement": found, "commune": parties(found)[1], "form": form,
        "back": page_url(house, found), "crumbs": agreement_crumbs(house, found, (_("Abandon"), "")),
    }  # fmt: skip
    return render(request, "pooling/agreements/discard.html", context)


def _no_draft_any_more(request: Any, found: SharingAgreement) -> HttpResponse:
    messages.info(request, _("Cette convention n’est plus en préparation\u202f: elle ne change que par un avenant."))
    return HttpResponseRedirect(page_url(request.authority, found))
