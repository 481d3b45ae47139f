"""The uploads of a deposit, ahead of its seal: tus, in parts, outside any long transaction."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from parvis.authorities.facade import company_stream
from parvis.documents import facade as documents
from parvis.kit import scope
from parvis.procurement.rules.limits import limits
from parvis.procurement.selectors.consultations import public_consultation
from parvis.procurement.selectors.keys import recipients
from parvis.sealing.age import sealed_payload_size

# An age header with one recipient, and what a tar adds to the files: headers, padding, the manifest.
HEADER, TAR = 1_024, 8 * 1024 * 1024
# Whole deposits of the largest size that a company may begin without sealing one.
BEGUN = 3


@company_stream
def collection(request: Any, consultation: UUID) -> HttpResponse:
    with scope.authority(request.authority.id):
        found = public_consultation(consultation)
        envelopes = len(recipients(found))
    largest = HEADER + sealed_payload_size(limits("deposit").envelope + TAR)

    def location(upload: UUID) -> str:
        return reverse("deposit_upload", args=[request.authority.slug, found.id, upload])

    return documents.tus_collection(
        request,
        authority_id=request.authority.id,
        owner_id=request.actor.company.id,
        subject_id=found.id,
        max_size=largest,
        max_waiting=BEGUN * envelopes * largest,
        location=location,
    )


@company_stream
def resource(request: Any, consultation: UUID, upload: UUID) -> HttpResponse:
    return documents.tus_resource(request, upload, authority_id=request.authority.id, owner_id=request.actor.company.id)
