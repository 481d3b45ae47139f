"""The download register, for the agents and in CSV."""

import csv
import io
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.accounts.facade import companies, people
from parvis.authorities.facade import desk_page
from parvis.kit.clock import PARIS
from parvis.procurement.models import Consultation, Download
from parvis.procurement.selectors.consultations import consultation_for_desk
from parvis.procurement.services.record_download import WHOLE
from parvis.procurement.web.numbers import page_number

PER_PAGE = 100


def _lines(found: Consultation, rows: Iterable[Download]) -> list[dict[str, Any]]:
    rows = list(rows)
    firms = companies({row.company_id for row in rows if row.company_id})
    names = people({row.person_id for row in rows if row.person_id})
    return [
        {
            "at": row.at,
            "what": _("Tous les documents (ZIP)") if row.what == WHOLE else row.what,
            "company": firms[row.company_id].name if row.company_id in firms else "",
            "siret": firms[row.company_id].siret if row.company_id in firms else "",
            "person": names[row.person_id].full_name if row.person_id in names else "",
            "email": row.email,
            "version": row.documents_version,
        }
        for row in rows
    ]


@require_safe
@desk_page("registers.read")
def download_register(request: Any, consultation: UUID) -> HttpResponse:
    found = consultation_for_desk(consultation)
    rows = Download.objects.filter(consultation=found).order_by("at", "id")
    page = Paginator(rows, PER_PAGE).get_page(page_number(request))
    where = [request.authority.slug, found.id]
    context = {
        "consultation": found,
        "lines": _lines(found, page.object_list),
        "total": page.paginator.count,
        "number": page.number,
        "count": page.paginator.num_pages,
        "csv_url": reverse("download_register_csv", args=where),
        "file_url": reverse("desk_consultation", args=where),
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
    writer.writerow(
        [
            _("Date et heure de Paris"),
            _("Document"),
            _("Entreprise"),
            _("SIRET"),
            _("Personne"),
            _("Adresse"),
            _("Version des documents"),
        ]
    )
    for line in _lines(found, Download.objects.filter(consultation=found).order_by("at", "id")):
        at = line["at"].astimezone(PARIS).strftime("%d/%m/%Y %H:%M:%S")
        cells = [line[name] for name in ("what", "company", "siret", "person", "email", "version")]
        writer.writerow([at, *map(_harmless, cells)])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="retraits-{found.reference.replace("/", "-")}.csv"'
    return response


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
