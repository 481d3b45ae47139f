"""The pages of the entry: each saves what is right, says what is not, and goes on."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal
from parvis.procurement.models import Consultation
from parvis.procurement.rules import cpv_error
from parvis.procurement.selectors.consultations import consultation_for_desk
from parvis.procurement.services.save_draft import save_draft
from parvis.procurement.web.entry import documents, forms, rows
from parvis.procurement.web.entry.codes import cpv_list
from parvis.procurement.web.entry.pages import answer, page_context
from parvis.procurement.web.entry.steps import entry_steps, step_url

FORMS: dict[str, type[forms.StepForm]] = {
    "objet": forms.SubjectForm,
    "procedure": forms.ProcedureForm,
    "enveloppes": forms.EnvelopesForm,
    "calendrier": forms.CalendarForm,
    "contact": forms.ContactForm,
}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("consultation.write")
def edit_consultation(request: Any, consultation: UUID, step: str) -> HttpResponse:
    """One step of the entry. A POST that accepts JSON is an autosave and answers {"saved", "errors", "summary"}."""
    found = consultation_for_desk(consultation)
    if step not in {one.slug for one in entry_steps()}:
        raise Http404(_("Cette étape n’existe pas."))
    if found.state != "draft":
        messages.info(request, _("La saisie est close\u202f: la consultation n’est plus en préparation."))
        return HttpResponseRedirect(reverse("desk_consultation", args=[request.authority.slug, found.id]))
    pages: dict[str, Callable[[Any, Consultation], HttpResponse]] = {
        "lots": _rows_page, "criteres": _rows_page, "documents": documents.documents_page, "verification": _check_page,
    }  # fmt: skip
    request.step = step
    return pages.get(step, _form_page)(request, found)


def _form_page(request: Any, found: Consultation) -> HttpResponse:
    form = FORMS[request.step](request.POST if request.method == "POST" else None, found)
    if request.method == "POST":
        form.is_valid()
        discard = bool(request.POST.get("discard_keys"))
        refusal = _save(request, found, form.changes(), discard_keys=discard)
        if refusal is not None:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, refusal.message)
        if gone := answer(request, found, {name: str(errors[0]) for name, errors in form.errors.items()}):
            return gone
        found = consultation_for_desk(found.id)
    return render(request, f"procurement/entry/{request.step}.html", page_context(request, found) | {"form": form})


def _rows_page(request: Any, found: Consultation) -> HttpResponse:
    lots = request.step == "lots"
    make = rows.lot_rows if lots else rows.criterion_rows
    errors: dict[str, str] = {}
    if request.method == "POST":
        formset = make(request.POST, found)
        formset.is_valid()
        values: dict[str, Any] = (
            {"lots": rows.lots_from(formset)} if lots else {"criteria": rows.criteria_from(formset)}
        )
        refusal = _save(request, found, {}, discard_keys=bool(request.POST.get("discard_keys")), **values)
        for index, form in enumerate(formset.forms):
            errors |= {f"{formset.prefix}-{index}-{name}": found[0] for name, found in form.errors.items()}
        if refusal is not None:
            errors["discard_keys"] = refusal.message
        if gone := answer(request, found, errors):
            return gone
        found = consultation_for_desk(found.id)
    else:
        formset = make(None, found, extra=1 if "ajouter" in request.GET else 0)
        if not formset.forms and not lots:
            formset = make(None, found, extra=1)
    context = page_context(request, found) | {"formset": formset, "errors": errors}
    return render(request, f"procurement/entry/{request.step}.html", context)


def _check_page(request: Any, found: Consultation) -> HttpResponse:
    return render(request, "procurement/entry/verification.html", page_context(request, found))


def _save(request: Any, found: Consultation, changes: dict[str, Any], **more: Any) -> Refusal | None:
    try:
        save_draft(found.id, changes, actor_id=request.actor.person_id, **more)
    except Refusal as refusal:
        return refusal
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("consultation.write")
def cpv_search(request: Any, consultation: UUID) -> HttpResponse:
    """CPV codes by a word; the chosen one goes into the draft."""
    found = consultation_for_desk(consultation)
    back = f"{step_url(request.authority.slug, found.id, 'objet')}#id_cpv"
    if request.method == "POST":
        code = request.POST.get("cpv", "")
        refusal = Refusal("cpv", cpv_error(code) or "") if cpv_error(code) else _save(request, found, {"cpv": code})
        if refusal is not None:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(back)
    text, codes = request.GET.get("q", "").strip(), cpv_list()
    context = {
        "consultation": found,
        "text": text or found.title,
        "asked": bool(text),
        "results": codes.search(text, 40) if codes and text else [],
        "installed": codes is not None,
        "back_url": back,
    }
    return render(request, "procurement/entry/cpv.html", context)
