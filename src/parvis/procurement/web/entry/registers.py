"""The download register, for the agents, in CSV and in PDF."""

import csv
import io
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.authorities.facade import desk_page
from parvis.kit.clock import PARIS
from parvis.procurement.models import Consultation
from parvis.procurement.selectors.consultations import consultation_for_desk
from parvis.procurement.selectors.downloads import DownloadLine, download_lines, downloads
from parvis.procurement.services.downloads_pdf import downloads_pdf
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
    """Every line, UTF-8 with a mark so that spreadsheets read accents, semicolons as French ones expect."""
    found = consultation_for_desk(consultation)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    heads = (_("Date et heure de Paris"), _("Document"), _("Entreprise"), "SIRET", _("Personne"), _("Adresse"))
    writer.writerow([*heads, _("Version des documents")])
    writer.writerows(_cells(line) for line in download_lines(downloads(found)))
    return _file(found, "\ufeff" + text.getvalue(), "csv", "text/csv; charset=utf-8")


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


def _cells(line: DownloadLine) -> list[str]:
    at = line.at.astimezone(PARIS).strftime("%d/%m/%Y %H:%M:%S")
    said = (line.what, line.company, line.siret, line.person, line.email, line.version)
    return [at, *map(_harmless, said)]


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
