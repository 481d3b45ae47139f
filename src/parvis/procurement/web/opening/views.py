from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.audit import facade as audit
from parvis.authorities.facade import desk_page
from parvis.documents import facade as documents
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.procurement.models import Consultation, Envelope, OpenedDocument, OpeningSession
from parvis.procurement.selectors.consultations import consultation_for_desk, deadline_of
from parvis.procurement.selectors.keys import custodian_key, possible_custodians
from parvis.procurement.selectors.opening import keys_for_session, next_stage_of, sealed_shares, stage_done
from parvis.procurement.selectors.results import opening_results
from parvis.procurement.services.close_opening import close_opening, next_stage
from parvis.procurement.services.minutes_pdf import minutes_pdf
from parvis.procurement.services.open_envelopes import open_envelopes
from parvis.procurement.services.release_share import release_share, set_session_key
from parvis.procurement.services.start_opening import LANDING, Present, start_opening
from parvis.procurement.web.custody.views import answers_refusals
from parvis.procurement.web.json_body import json_body
from parvis.procurement.web.wasm import wasm
from parvis.sealing.canonical import unb64

MAX_PRESENT = 12


def _session(consultation: Consultation) -> OpeningSession | None:
    found: OpeningSession | None = OpeningSession.objects.filter(consultation=consultation).first()
    return found


@wasm
@ensure_csrf_cookie
@require_http_methods(["GET", "POST"])
@desk_page("opening.attend")
def opening(request: Any, consultation: UUID) -> HttpResponse:
    found = consultation_for_desk(consultation)
    if found.published_at is None:
        raise Http404(_("Cette consultation n’est pas publiée\u202f: elle n’a rien à ouvrir."))
    refused: Refusal | None = None
    if request.method == "POST":
        try:
            _start(request, found)
        except Refusal as refusal:
            refused = refusal
        else:
            return HttpResponseRedirect(request.path)
    session = _session(found)
    running = session is not None and session.closed_at is None
    opens_at = deadline_of(found) + LANDING
    context = {
        "consultation": found,
        "session": session,
        "opens_at": opens_at,
        "can_start": request.actor.may("opening.preside", request.authority.id) and clock.now() >= opens_at,
        "custodians": possible_custodians(request.authority.id),
        "spare_rows": range(3),
        "stage_done": session is not None and running and stage_done(found, session.stage),
        "is_last_stage": session is not None and running and next_stage_of(session) is None,
        "i_preside": session is not None and session.chair_id == request.actor.person_id,
        "attendance": list(session.attendance.order_by("id")) if session else [],
        "results": opening_results(found) if session else [],
        "refused": refused,
        "data_url": reverse("opening_data", args=[request.authority.slug, found.id]),
    }
    return render(request, "procurement/opening/session.html", context, status=409 if refused else 200)


def _start(request: Any, consultation: Consultation) -> None:
    if not request.actor.may("opening.preside", request.authority.id):
        raise Refusal("not_chair", _("Seul le président de la commission, ou son délégué, ouvre la séance."))
    ticked = set(request.POST.getlist("present"))
    present = [
        Present(c.name, c.role_label, c.person_id)
        for c in possible_custodians(request.authority.id)
        if str(c.person_id) in ticked
    ]
    names, qualities = request.POST.getlist("name"), request.POST.getlist("quality")
    for name, quality in list(zip(names, qualities, strict=False))[:MAX_PRESENT]:
        if name.strip():
            present.append(Present(name.strip()[:150], quality.strip()[:120] or _("Invité")))
    start_opening(consultation.id, request.actor.person_id, tuple(present))


@require_GET
@desk_page("opening.attend")
def opening_data(request: Any, consultation: UUID) -> HttpResponse:
    found = consultation_for_desk(consultation)
    session, key = _session(found), custodian_key(request.actor.person_id)
    where = [request.authority.slug, found.id]
    running = session is not None and session.closed_at is None
    return JsonResponse(
        {
            "now": clock.now().isoformat(),
            "state": found.state,
            "stage": session.stage if session and running else None,
            "i_am_chair": session is not None and session.chair_id == request.actor.person_id,
            "session_recipient": (session.recipient or None) if session else None,
            "recipient": key.recipient if key else None,
            "sealed_by_passphrase": (key.sealed_by_passphrase or None) if key else None,
            "sealed_by_passkey": (key.sealed_by_passkey or None) if key else None,
            "keys": keys_for_session(session, key.id if key else None) if session and running else [],
            "urls": {
                "session_key": reverse("opening_session_key", args=where),
                "share": reverse("opening_share", args=where),
                "open": reverse("opening_open", args=where),
            },
        }
    )


@require_POST
@desk_page("opening.preside")
@answers_refusals
def session_key(request: Any, consultation: UUID) -> HttpResponse:
    set_session_key(
        consultation_for_desk(consultation).id, request.actor.person_id, str(json_body(request)["recipient"])
    )
    return JsonResponse({})


@require_POST
@desk_page("keys.hold")
@answers_refusals
def share(request: Any, consultation: UUID) -> HttpResponse:
    data, key = json_body(request), custodian_key(request.actor.person_id)
    if key is None:
        raise Refusal("no_key", _("Vous ne détenez pas de clé dans cette collectivité."))
    release_share(
        consultation_for_desk(consultation).id,
        key,
        UUID(data["key_id"]),
        unb64(data["sealed"]),
        str(data.get("method", "")),
    )
    return JsonResponse({})


@require_POST
@desk_page("opening.preside")
@answers_refusals
def open_now(request: Any, consultation: UUID) -> HttpResponse:
    data = json_body(request)
    file_keys = {
        UUID(i["envelope"]): unb64(i["file_key"], 16) if i.get("file_key") else None for i in data["file_keys"]
    }
    outcomes = open_envelopes(
        consultation_for_desk(consultation).id, request.actor.person_id, UUID(data["key_id"]), file_keys
    )
    return JsonResponse(
        {"opened": [{"envelope": str(o.envelope), "state": o.state, "reason": o.reason} for o in outcomes]}
    )


@require_POST
@desk_page("opening.preside")
def move_on(request: Any, consultation: UUID) -> HttpResponse:
    """The next stage, or the end of the session: one button each."""
    found = consultation_for_desk(consultation)
    try:
        if request.POST.get("verb") == "close":
            close_opening(found.id, request.actor.person_id)
            messages.success(request, _("La séance est close. Le procès-verbal est prêt."))
        else:
            next_stage(found.id, request.actor.person_id)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(reverse("opening", args=[request.authority.slug, found.id]))


@require_GET
@desk_page("bids.read")
def minutes(request: Any, consultation: UUID) -> HttpResponse:
    found = consultation_for_desk(consultation)
    session = _session(found)
    if session is None or session.closed_at is None:
        raise Http404(_("Le procès-verbal est écrit à la clôture de la séance."))
    response = HttpResponse(minutes_pdf(session, request.authority), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="proces-verbal-{found.reference}.pdf"'
    return response


@require_GET
@desk_page("bids.read")
def opened_document(request: Any, consultation: UUID, document: UUID) -> Any:
    kept = (
        OpenedDocument.objects.filter(id=document, envelope__submission__consultation_id=consultation)
        .select_related("file")
        .first()
    )
    if kept is None:
        raise Http404(_("Ce document n’existe pas dans cette consultation."))
    try:
        source = documents.open_file(kept.file_id)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("opening", args=[request.authority.slug, consultation]))
    return FileResponse(source, as_attachment=True, filename=kept.file.name)


@require_GET
@desk_page("bids.read")
def sealed_file(request: Any, consultation: UUID, envelope: UUID) -> Any:
    """A sealed file as deposited, for the `age` command or an expert: never before the deadline, never unseen."""
    found = consultation_for_desk(consultation)
    kept = Envelope.objects.filter(id=envelope, submission__consultation=found).first()
    if kept is None or found.deadline is None or clock.now() < found.deadline + LANDING:
        raise Http404(_("Aucun pli n’est remis avant la date limite."))
    source = documents.upload_path(kept.upload_id).open("rb")
    data = {"envelope": str(kept.id), "sealed_sha256": kept.sha256}
    audit.record("envelope.handed_out", subject=found.id, actor=request.actor.person_id, data=data)
    return FileResponse(source, as_attachment=True, filename=f"pli-{kept.id}.age")


@require_GET
@desk_page("keys.hold")
def sealed_shares_file(request: Any, consultation: UUID) -> HttpResponse:
    """The sealed shares, for the stand-alone opener, when the platform cannot hold the session.

    Never before the deadline.
    """
    found = consultation_for_desk(consultation)
    if found.deadline is None or found.published_at is None or clock.now() < found.deadline + LANDING:
        raise Http404(_("Rien n’est remis avant la date limite."))
    audit.record("keys.sealed_shares_handed_out", subject=found.id, actor=request.actor.person_id, data={})
    response = JsonResponse(sealed_shares(found))
    response["Content-Disposition"] = 'attachment; filename="parts-scellees.json"'
    return response
