"""The download register, for the agents, in CSV and in PDF."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from parvis.authorities.facade import desk_page
from parvis.procurement.models import Consultation
from parvis.procurement.selectors.consultations import consultation_for_desk
from parvis.procurement.selectors.downloads import download_lines, downloads
from parvis.procurement.services.downloads_pdf import downloads_pdf
from parvis.procurement.services.register_csv import downloads_csv
from parvis.procurement.web.numbers import page_number

PER_PAGE = 100


@require_safe
@desk_page("registers.read")
def download_register(request: Any, consultation: UUID) -> HttpResponse:
    found = consultation_for_desk(consultation)
    page = Paginator(downloads(found), PER_PAGE).get_page(page_number(request))
    where = [request.authority.slug, found.id]
    context = {
        "consultation": found,
        "lines": download_lines(page.object_list),
        "total": page.paginator.count,
        "number": page.number,
        "count": page.paginator.num_pages,
        "csv_url": reverse("download_register_csv", args=where),
        "pdf_url": reverse("download_register_pdf", args=where),
        "current_version": found.documents_version,
    }
    return render(request, "procurement/desk/downloads.html", context)


@require_safe
@desk_page("registers.read")
def download_register_csv(request: Any, consultation: UUID) -> HttpResponse:
    found = consultation_for_desk(consultation)
    return _file(found, downloads_csv(found), "csv", "text/csv; charset=utf-8")


@require_safe
@desk_page("registers.read")
def download_register_pdf(request: Any, consultation: UUID) -> HttpResponse:
    found = consultation_for_desk(consultation)
    return _file(
        found, downloads_pdf(found, download_lines(downloads(found)), request.authority), "pdf", "application/pdf"
    )


def _file(found: Consultation, content: str | bytes, suffix: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    name = found.reference.replace("/", "-")
    response["Content-Disposition"] = f'attachment; filename="retraits-{name}.{suffix}"'
    return response
