"""The step of the documents: add several at once, name, sort, say what each is, remove."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal
from parvis.procurement.models import Consultation
from parvis.procurement.rules import documents_expected, limits, limits_text, procedures
from parvis.procurement.rules.text import listed
from parvis.procurement.selectors.consultations import consultation_for_desk
from parvis.procurement.selectors.documents import DocumentLine, documents_of
from parvis.procurement.selectors.drafts import PURCHASE_ORDERS
from parvis.procurement.services.add_document import add_document
from parvis.procurement.services.arrange_documents import Arrangement, arrange_documents
from parvis.procurement.services.remove_document import remove_document
from parvis.procurement.web.entry.pages import answer, page_context
from parvis.procurement.web.entry.steps import step_url


def kind_choices(consultation: Consultation) -> list[tuple[str, str]]:
    """What a document may be in this procedure, the free choice first."""
    if consultation.procedure not in {one.code for one in procedures()}:
        return [("", _("Autre pièce"))]
    expected = documents_expected(consultation.procedure, PURCHASE_ORDERS if consultation.framework else None)
    found = [(one.code, one.label) for one in expected]
    if "specifications_single" not in dict(found):
        found.append(("specifications_single", _("Cahier des charges unique")))
    return [("", _("Autre pièce")), *found]


def documents_page(request: Any, found: Consultation) -> HttpResponse:
    """The list and the upload of a draft. POST: sorts and names, then goes on as every step does."""
    errors: list[str] = []
    if request.method == "POST":
        errors = add_files(request, found)
        try:
            arrange_documents(found.id, _wanted(request.POST, documents_of(found)), actor_id=request.actor.person_id)
        except Refusal as refusal:
            errors.append(refusal.message)
        if gone := answer(request, found, {"files": errors[0]} if errors else {}):
            return gone
        found = consultation_for_desk(found.id)
    return render(request, "procurement/entry/documents.html", page_context(request, found) | context(found, errors))


def context(found: Consultation, errors: list[str]) -> dict[str, Any]:
    documents = documents_of(found)
    return {
        "documents": documents,
        "kinds": kind_choices(found),
        "limits": limits_text(limits("documents")),
        "accept": ",".join(limits("documents").extensions),
        "errors": errors,
        "total": sum(one.size for one in documents),
    }


def add_files(request: Any, found: Consultation) -> list[str]:
    """Adds every file of the request; the sentences of those that were refused."""
    errors, added = [], []
    for upload in request.FILES.getlist("files"):
        try:
            add_document(
                found.id,
                upload,
                upload.name,
                upload.size,
                actor_id=request.actor.person_id,
                media_type=upload.content_type or "",
            )
            added.append(upload.name)
        except Refusal as refusal:
            errors.append(refusal.message)
    if added:
        message = ngettext("Document ajouté\u202f: %(names)s.", "Documents ajoutés\u202f: %(names)s.", len(added))
        messages.success(request, message % {"names": listed(added)})
    return errors


def _wanted(data: Any, documents: list[DocumentLine]) -> dict[UUID, Arrangement]:
    """What was typed for each document; `move` ("up <id>", "down <id>") exchanges two neighbours."""
    order = [one.id for one in documents]
    direction, _space, moved = data.get("move", "").partition(" ")
    index = next((rank for rank, one in enumerate(order) if str(one) == moved), None)
    if index is not None:
        other = index + (-1 if direction == "up" else 1)
        if 0 <= other < len(order):
            order[index], order[other] = order[other], order[index]
    return {
        one.id: Arrangement(
            title=data.get(f"title-{one.id}", one.name).strip() or one.name,
            kind=data.get(f"kind-{one.id}", one.kind)[:30],
            position=order.index(one.id),
        )
        for one in documents
    }


@require_POST
@desk_page("consultation.write")
def remove(request: Any, consultation: UUID, document: UUID) -> HttpResponse:
    found = consultation_for_desk(consultation)
    try:
        name = remove_document(found.id, document, actor_id=request.actor.person_id)
        messages.success(request, _("«\u202f%(name)s\u202f» n’est plus dans la consultation.") % {"name": name})
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(step_url(request.authority.slug, found.id, "documents"))


@require_POST
@desk_page("consultation.pursue")
def add_after_publication(request: Any, consultation: UUID) -> HttpResponse:
    """One more document of a published consultation; those who asked are warned."""
    found = consultation_for_desk(consultation)
    for error in add_files(request, found):
        messages.error(request, error)
    return HttpResponseRedirect(reverse("desk_consultation", args=[request.authority.slug, found.id]))
