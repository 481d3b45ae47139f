from datetime import UTC, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from parvis.authorities.facade import company_page, refusal_response
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.procurement.rules.limits import limits, limits_text
from parvis.procurement.selectors.consultations import deadline_of, public_consultation
from parvis.procurement.selectors.keys import envelope_label, recipients
from parvis.procurement.selectors.submissions import (
    envelopes_of,
    receipt_file,
    replaced_ids,
    submission_of_company,
    submissions_of_company,
)
from parvis.procurement.services.receipt_pdf import precise, receipt_pdf
from parvis.procurement.services.seal_submission import seal_submission
from parvis.procurement.web.deposit.parsing import parse_seal
from parvis.procurement.web.json_body import answers_full_disk
from parvis.procurement.web.wasm import wasm

CHUNK = 8 * 1024 * 1024


@wasm
@ensure_csrf_cookie
@require_GET
@company_page
def deposit(request: Any, consultation: UUID) -> HttpResponse:
    found = public_consultation(consultation)
    left = deadline_of(found) - clock.now()
    mine = submissions_of_company(found.id, request.actor.company.id)
    context = {
        "consultation": found,
        "company": request.actor.company,
        "late": left < timedelta(),
        "soon": timedelta() < left < timedelta(hours=2),
        "mine": mine,
        "replaced": replaced_ids(mine),
        "limits": limits_text(limits("deposit")),
        "data_url": reverse("deposit_data", args=[request.authority.slug, found.id]),
    }
    return render(request, "procurement/deposit/deposit.html", context)


@require_GET
@company_page
def deposit_data(request: Any, consultation: UUID) -> HttpResponse:
    found, allowed = public_consultation(consultation), limits("deposit")
    where = [request.authority.slug, found.id]
    return JsonResponse(
        {
            "now": clock.now().isoformat(),
            "platform": settings.LOG_ORIGIN,
            "authority": {"name": request.authority.name},
            "consultation": {
                "id": str(found.id),
                "reference": found.reference,
                "title": found.title,
                "deadline": deadline_of(found).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "documents_version": found.documents_version,
                "test": found.is_test,
            },
            "company": {"siret": request.actor.company.siret, "name": request.actor.company.name},
            "envelopes": recipients(found),
            "limits": {"file": allowed.file, "envelope": allowed.envelope, "extensions": list(allowed.extensions)},
            "chunk": CHUNK,
            "uploads_url": reverse("deposit_uploads", args=where),
            "seal_url": reverse("deposit_seal", args=where),
        }
    )


@require_POST
@answers_full_disk
@company_page
def seal(request: Any, consultation: UUID) -> HttpResponse:
    try:
        asked = parse_seal(request)
        submission, new = seal_submission(
            consultation, request.actor.company, request.actor.person_id, request.authority, asked
        )
    except Refusal as refusal:
        return refusal_response(refusal)
    address = reverse("receipt", args=[request.authority.slug, submission.id])
    return JsonResponse(receipt_file(submission), status=201 if new else 200, headers={"Location": address})


@require_GET
@company_page
def receipt(request: Any, submission: UUID) -> HttpResponse:
    found = submission_of_company(submission, request.actor.company.id)
    mine = submissions_of_company(found.consultation_id, request.actor.company.id)
    context = {
        "submission": found,
        "consultation": found.consultation,
        "when": precise(found),
        "replaced": found.id in replaced_ids(mine),
        "latest": mine[0],
        "open": clock.now() <= found.deadline,
        "envelopes": [(envelope_label(e.kind, e.lot), e) for e in envelopes_of(found)],
        "whole": receipt_file(found),
    }
    return render(request, "procurement/deposit/receipt.html", context)


@require_GET
@company_page
def receipt_json(request: Any, submission: UUID) -> HttpResponse:
    found = submission_of_company(submission, request.actor.company.id)
    response = JsonResponse(receipt_file(found), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="recepisse-{found.number}.json"'
    return response


@require_GET
@company_page
def receipt_as_pdf(request: Any, submission: UUID) -> HttpResponse:
    found = submission_of_company(submission, request.actor.company.id)
    response = HttpResponse(receipt_pdf(found, request.authority), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="recepisse-{found.number}.pdf"'
    return response
