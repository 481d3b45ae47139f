"""Submissions as each side may see them: a company its own, a board the register."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.procurement.models import Envelope, Submission
from parvis.procurement.selectors.opening import sort_rows
from parvis.sealing.canonical import b64


def submission_of_company(submission_id: UUID, company_id: UUID) -> Submission:
    """Raises Http404 for another company's, as for one that never was."""
    found: Submission | None = (
        Submission.objects.select_related("consultation").filter(id=submission_id, company_id=company_id).first()
    )
    if found is None:
        raise Http404(_("Ce pli n’existe pas, ou n’est pas celui de votre entreprise."))
    return found


def submissions_of_company(consultation_id: UUID, company_id: UUID) -> list[Submission]:
    """Every submission of a company in a consultation, the latest first."""
    return list(
        Submission.objects.filter(consultation_id=consultation_id, company_id=company_id).order_by("-stamp", "-number")
    )


def replaced_ids(submissions: list[Submission]) -> set[UUID]:
    """Those that a later one in time replaces (R2151-6), among the submissions of one company in one consultation."""
    return {s.id for s in sort_rows(submissions).superseded}


def submission_register(consultation_id: UUID) -> list[Submission]:
    return list(
        Submission.objects.filter(consultation_id=consultation_id).prefetch_related("envelopes__lot").order_by("number")
    )


def receipt_file(submission: Submission) -> dict[str, Any]:
    """The receipt as docs/flows/sealed-bid.md describes it: provisional until register and timestamp answered."""
    timestamp = None
    if submission.timestamp_token:
        timestamp = {
            "token": b64(bytes(submission.timestamp_token)),
            "authority": submission.timestamp_authority,
            "qualified": False,
        }
    return {
        **submission.receipt,
        "fact": audit.fact_opening(submission.fact_id),
        "proof": audit.proof(submission.fact_id),
        "timestamp": timestamp,
    }


def envelopes_of(submission: Submission) -> list[Envelope]:
    return list(Envelope.objects.filter(submission=submission).select_related("lot").order_by("kind", "lot__number"))
