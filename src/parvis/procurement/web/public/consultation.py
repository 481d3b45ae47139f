"""One published consultation: what it is, its documents for anyone, the warnings of its changes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts import facade as accounts
from parvis.authorities.facade import authority_page
from parvis.documents import facade as files
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.procurement.labels import group_words, nature_label, procedure_label, status
from parvis.procurement.models import Consultation, Criterion, Lot
from parvis.procurement.models.consultation import OpeningOrder
from parvis.procurement.rules import limits, limits_text
from parvis.procurement.rules.procedures import expected_envelopes
from parvis.procurement.rules.weights import written
from parvis.procurement.selectors.awards import awards_of
from parvis.procurement.selectors.consultations import deadline_of, public_consultation
from parvis.procurement.selectors.documents import document_of, documents_of
from parvis.procurement.selectors.group import group_names
from parvis.procurement.selectors.keys import opening_keys
from parvis.procurement.selectors.listing import trial_is_open
from parvis.procurement.services.record_download import WHOLE, record_download
from parvis.procurement.services.watch_consultation import stop_watching, watch_consultation, watcher_of
from parvis.procurement.web.entry.codes import cpv_list, department_choices
from parvis.procurement.web.public.forms import WatchForm

NEAR = timedelta(days=3)
WATCHED = "watched"
# A letter leaves for each address that anyone writes: neither a sender of many, nor many for one mailbox.
A_VISITOR = accounts.Limit(30, timedelta(hours=1))
AN_ADDRESS = accounts.Limit(20, timedelta(hours=1))
# A test consultation that never closes has such a deadline.
FAR = 2099


@require_safe
@authority_page
def consultation(request: Any, consultation: UUID) -> HttpResponse:
    return _page(
        request, public_consultation(consultation), WatchForm(initial={"email": _email(request, consultation)})
    )


def _page(request: Any, found: Consultation, form: WatchForm, code: int = 200) -> HttpResponse:
    where = [request.authority.slug, found.id]
    now, deadline = clock.now(), deadline_of(found)
    lots = list(Lot.objects.filter(consultation=found).order_by("number"))
    documents = documents_of(found)
    known, group = cpv_list(), group_names(found)
    context = {
        "consultation": found,
        "status": status(found.state, found.deadline),
        "open": found.state == "published" and now <= deadline,
        "tone": "past" if now > deadline else "near" if deadline - now < NEAR else "",
        "nature": nature_label(found.nature),
        "procedure": procedure_label(found.procedure, found.framework),
        "cpv_label": (known.label(found.cpv) if known and found.cpv else None) or "",
        "place_name": dict(department_choices()).get(found.place_nuts, found.place_nuts),
        "lots": lots,
        "group": group_words(group.leader, group.members) if group else "",
        "awards": awards_of(found.id),
        "criteria": _criteria(found, lots),
        "always_open": found.is_test and deadline.year >= FAR,
        "documents": [one for one in documents if one.safe],
        "total": sum(one.size for one in documents if one.safe),
        "kinds": expected_envelopes(found.procedure, found.application_expected),
        "opening_order": OpeningOrder(found.opening_order).label,
        "keys": opening_keys(found.id),
        "limits": limits_text(limits("deposit")),
        "form": form,
        "watching": _email(request, found.id),
        "deposit_url": reverse("deposit", args=where),
        "zip_url": reverse("documents_zip", args=where),
        "try_url": reverse("try_a_deposit") if trial_is_open() else "",
        "watch_url": reverse("watch", args=where),
    }
    return render(request, "procurement/public/consultation.html", context, status=code)


def _criteria(found: Consultation, lots: list[Lot]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(title of the group, [(criterion, its weight)]): the common ones, then those of each lot that has its own."""
    rows = list(Criterion.objects.filter(consultation=found).select_related("lot").order_by("position", "id"))
    groups: list[tuple[str, list[Criterion]]] = [("", [one for one in rows if one.lot is None])]
    for lot in lots:
        title = _("Lot %(n)d\u202f: %(title)s") % {"n": lot.number, "title": lot.title}
        groups.append((title, [one for one in rows if one.lot_id == lot.id]))
    return [
        (title, [(one.label, f"{written(one.weight_hundredths)}\u00a0%") for one in some])
        for title, some in groups
        if some
    ]


@require_safe
@authority_page
def document(request: Any, consultation: UUID, document: UUID) -> HttpResponseBase:
    """The bytes of one document. The register line commits before the first of them leaves."""
    found = public_consultation(consultation)
    wanted = document_of(found, document)
    view = files.file_views([wanted.file_id])[wanted.file_id]
    if request.method == "HEAD":
        return HttpResponse(headers={"Content-Length": str(view.size), "Content-Type": view.media_type})
    try:
        stream = files.open_file(wanted.file_id)
    except Refusal as refusal:
        raise Http404(refusal.message) from refusal
    try:
        _register(request, found, wanted.title)
    except BaseException:
        stream.close()
        raise
    return FileResponse(stream, as_attachment=True, filename=wanted.title, content_type=view.media_type)


@require_safe
@authority_page
def documents_zip(request: Any, consultation: UUID) -> HttpResponseBase:
    """All documents in one ZIP, read from the disk while it is sent, once its register line is committed."""
    found = public_consultation(consultation)
    lines = [one for one in documents_of(found) if one.safe]
    if not lines:
        raise Http404(_("Cette consultation n’a pas de document à télécharger."))
    folder = found.reference.replace("/", "-")
    archive = files.zip_stream([(f"{folder}/{one.name}", one.file_id) for one in lines])
    headers = {
        "Content-Disposition": content_disposition_header(True, f"{folder}.zip") or "attachment",
        "Content-Length": str(archive.size),
    }
    if request.method == "HEAD":
        return HttpResponse(headers={**headers, "Content-Type": "application/zip"})
    _register(request, found, WHOLE)
    return StreamingHttpResponse(archive, content_type="application/zip", headers=headers)


def _register(request: Any, found: Consultation, what: str) -> None:
    actor = request.actor
    record_download(
        found,
        what,
        person_id=actor.person_id if actor else None,
        company_id=actor.company.id if actor and actor.company and not actor.hat else None,
        email=_email(request, found.id),
    )


def _email(request: Any, consultation_id: UUID) -> str:
    """The address that this visitor left for this consultation in this browser, or ""."""
    return str(request.session.get(WATCHED, {}).get(str(consultation_id), ""))


@require_POST
@authority_page
def watch(request: Any, consultation: UUID) -> HttpResponse:
    """Leaves an address to be warned of changes: a choice, never a condition."""
    found = public_consultation(consultation)
    form = WatchForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, 422)
    try:
        accounts.slow_down(request, "watch", A_VISITOR, email=(form.cleaned_data["email"].lower(), AN_ADDRESS))
    except Refusal as refusal:
        form.add_error("email", refusal.message)
        return _page(request, found, form, 429)
    company = request.actor.company if request.actor and not request.actor.hat else None
    watcher = watch_consultation(found, form.cleaned_data["email"], company_id=company.id if company else None)
    request.session[WATCHED] = {**request.session.get(WATCHED, {}), str(found.id): watcher.email}
    message = _("Vous serez prévenu à %(email)s de chaque changement. Un message vous le confirme.")
    messages.success(request, message % {"email": watcher.email})
    return HttpResponseRedirect(reverse("consultation", args=[request.authority.slug, found.id]))


@require_http_methods(["GET", "HEAD", "POST"])
@authority_page
def stop(request: Any, consultation: UUID, token: str) -> HttpResponse:
    """The link of our messages. A POST ends the warnings: mail filters follow links, and must not."""
    found = public_consultation(consultation)
    watcher = stop_watching(token) if request.method == "POST" else watcher_of(token)
    if watcher.consultation_id != found.id:
        raise Http404(_("Ce lien n’est pas celui de cette consultation."))
    context = {"consultation": found, "email": watcher.email, "stopped": watcher.stopped_at is not None}
    return render(request, "procurement/public/stop.html", context)
