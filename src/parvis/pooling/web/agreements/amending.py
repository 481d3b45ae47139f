"""What an agreement says: each version to be read, compared and printed; an amendment written, then signed."""

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
from parvis.pooling.models import AgreementVersion, SharingAgreement
from parvis.pooling.rules.agreement_terms import changes, paragraphs
from parvis.pooling.selectors.agreements import (
    agreement_in_reach,
    in_force_or_to_come,
    parties,
    version_in_reach,
    versions_of,
)
from parvis.pooling.services.agreement_pdf import agreement_pdf
from parvis.pooling.services.amend_agreement import amend_agreement
from parvis.pooling.services.draft_amendment import draft_amendment, drop_amendment
from parvis.pooling.web.agreements.forms import LIMITS, AmendForm, SubjectForm, TermsForms
from parvis.pooling.web.agreements.page import agreement_crumbs, own_agreement, page_url, rights
from parvis.pooling.web.agreements.words import day_words
from parvis.pooling.web.forms import add_refusal

FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
@desk_page("pooling.coordinate")
def draft(request: Any, agreement: UUID) -> HttpResponse:
    """The amendment as it is being written, beginning with the text of the last one signed."""
    house, found = request.authority, own_agreement(agreement)
    if not in_force_or_to_come(found):
        return _not_in_force(request, found)
    versions = versions_of(found)
    written = versions.drafted or versions.signed[-1]
    data = request.POST if request.method == "POST" else None
    form = SubjectForm(data, initial={"subject": versions.drafted.amendment if versions.drafted else ""})
    terms = TermsForms(data, written.terms)
    if data is not None and form.is_valid() & terms.is_valid():
        try:
            made = draft_amendment(
                found.id, subject=form.cleaned_data["subject"], terms=terms.terms, actor_id=request.actor.person_id
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("L’avenant est écrit. Imprimez-le, faites-le signer, puis notez sa signature."))
            return HttpResponseRedirect(reverse("agreement_version", args=[house.slug, found.id, made.number]))
    context = {
        "agreement": found, "form": form, "terms": terms, "back": page_url(house, found),
        "crumbs": agreement_crumbs(house, found, (_("Avenant"), "")),
    }  # fmt: skip
    return render(request, "pooling/agreements/amendment.html", context)


@require_http_methods(FORM)
@desk_page("pooling.coordinate")
def sign(request: Any, agreement: UUID) -> HttpResponse:
    house, found = request.authority, own_agreement(agreement)
    drafted = versions_of(found).drafted
    if not in_force_or_to_come(found) or drafted is None:
        return _not_in_force(request, found)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = AmendForm(data, files)
    if data is not None and form.is_valid():
        values = form.cleaned_data
        try:
            amend_agreement(
                found.id, signed_on=values["signed_on"], effective_on=values["effective_on"], stream=values["file"],
                name=values["file"].name, actor_id=request.actor.person_id,
            )  # fmt: skip
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("L’avenant est signé\u202f: la commune en est prévenue."))
            return HttpResponseRedirect(page_url(house, found))
    context = {
        "agreement": found, "version": drafted, "form": form, "limits": LIMITS,
        "back": reverse("agreement_version", args=[house.slug, found.id, drafted.number]),
        "crumbs": agreement_crumbs(house, found, (_("Signature de l’avenant"), "")),
    }  # fmt: skip
    return render(request, "pooling/agreements/amend.html", context)


@require_http_methods(FORM)
@desk_page("pooling.coordinate")
def drop(request: Any, agreement: UUID) -> HttpResponse:
    house, found = request.authority, own_agreement(agreement)
    drafted = versions_of(found).drafted
    if not in_force_or_to_come(found) or drafted is None:
        return _not_in_force(request, found)
    if request.method == "POST":
        drop_amendment(found.id, actor_id=request.actor.person_id)
        messages.success(request, _("L’avenant est abandonné\u202f: la convention reste telle qu’elle est signée."))
        return HttpResponseRedirect(page_url(house, found))
    context = {
        "agreement": found, "version": drafted,
        "back": reverse("agreement_version", args=[house.slug, found.id, drafted.number]),
        "crumbs": agreement_crumbs(house, found, (_("Abandon de l’avenant"), "")),
    }  # fmt: skip
    return render(request, "pooling/agreements/drop.html", context)


@require_safe
@desk_page("pooling.read")
def version(request: Any, agreement: UUID, number: int) -> HttpResponse:
    """One version whole, and what it changed of the one before."""
    house, found = request.authority, agreement_in_reach(agreement)
    shown = version_in_reach(found, number)
    before = version_in_reach(found, number - 1) if number > 1 else None
    versions = versions_of(found)
    context = {
        "agreement": found,
        "version": shown,
        "versions": versions,
        "drafted": versions.drafted is not None and versions.drafted.id == shown.id,
        "title": version_title(shown),
        "days": (day_words(shown.signed_on), day_words(shown.effective_on)),
        "articles": [(one["title"], paragraphs(one["text"])) for one in shown.terms["articles"]],
        "changes": changes(before.terms, shown.terms) if before else (),
        "commune": parties(found)[1],
        "pdf_url": reverse("agreement_pdf", args=[house.slug, found.id, shown.number]),
        "crumbs": agreement_crumbs(house, found, (version_title(shown), "")),
        **rights(request, found),
    }
    return render(request, "pooling/agreements/version.html", context)


def version_title(version: AgreementVersion) -> str:
    if version.number == 1:
        return _("Convention d’origine")
    return _("Avenant n°\u00a0{rank}").format(rank=version.number - 1)


@require_safe
@desk_page("pooling.read")
def version_pdf(request: Any, agreement: UUID, number: int) -> HttpResponse:
    found = agreement_in_reach(agreement)
    shown = version_in_reach(found, number)
    response = HttpResponse(agreement_pdf(found, shown), content_type="application/pdf")
    suffix = f"-avenant-{number - 1}" if number > 1 else ""
    response["Content-Disposition"] = f'inline; filename="convention-{found.id.hex[:8]}{suffix}.pdf"'
    return response


def _not_in_force(request: Any, found: SharingAgreement) -> HttpResponse:
    messages.info(request, _("Il n’y a pas d’avenant à écrire ni à signer sur cette convention pour le moment."))
    return HttpResponseRedirect(page_url(request.authority, found))
