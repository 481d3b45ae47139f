"""What leaves for the finance software, an auditor or a folder: PDF, JSON, CSV, ZIP, and what they hold."""

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.authorities.facade import authority, desk_page
from parvis.documents import facade as documents
from parvis.pooling.models import Statement
from parvis.pooling.rules.statement_csv import COLUMNS, write_statement_lines
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.selectors.statement_document import FORMAT, csv_rows, statement_document
from parvis.pooling.selectors.statements import statement_in_reach
from parvis.pooling.services.statement_pdf import statement_pdf
from parvis.pooling.web.frame import group_page
from parvis.pooling.web.statements.access import list_crumbs
from parvis.pooling.web.statements.fields import FIELDS
from parvis.pooling.web.statements.lists import rows_of


@require_safe
@desk_page("pooling.read")
def pdf(request: Any, group: UUID, statement: UUID) -> HttpResponse:
    found = statement_in_reach(group, statement)
    return _file(statement_pdf(found), "application/pdf", f"{_name(found)}.pdf")


@require_safe
@desk_page("pooling.read")
def data(request: Any, group: UUID, statement: UUID) -> HttpResponse:
    found = statement_in_reach(group, statement)
    text = json.dumps(statement_document(found), ensure_ascii=False, indent=1)
    return _file(text.encode(), "application/json", f"{_name(found)}.json")


@require_safe
@desk_page("pooling.read")
def lines_csv(request: Any, group: UUID, year: int) -> HttpResponse:
    """Every line of the year's statements of a view (`?vue=`, as on the list)."""
    view = request.GET.get("vue", "")
    rows = [one.statement for one in rows_of(group_in_reach(group), year, view)]
    text = write_statement_lines(csv_rows(rows))
    return _file(text.encode(), "text/csv; charset=utf-8", f"releves-{year}-{request.authority.slug}.csv")


@require_safe
@desk_page("pooling.read")
def year_zip(request: Any, group: UUID, year: int) -> HttpResponseBase:
    """The PDF of every statement of the year in a view (`?vue=`)."""
    rows = [one.statement for one in rows_of(group_in_reach(group), year, request.GET.get("vue", ""))]
    if not rows:
        raise Http404(_("Il n’y a aucun relevé à télécharger pour cette année."))
    folder = f"releves-{year}-{request.authority.slug}"
    archive = documents.zip_stream([(f"{folder}/{_name(one)}.pdf", statement_pdf(one)) for one in rows])
    headers = {
        "Content-Disposition": f'attachment; filename="{folder}.zip"',
        "Content-Length": str(archive.size),
    }
    return StreamingHttpResponse(archive, content_type="application/zip", headers=headers)


@require_safe
@desk_page("pooling.read")
def formats(request: Any, group: UUID) -> HttpResponse:
    """What the columns and the fields of the files mean."""
    found = group_in_reach(group)
    context = {
        "columns": COLUMNS,
        "fields": FIELDS,
        "format": FORMAT,
        "crumbs": list_crumbs(request.authority, found, (_("Formats des fichiers"), "")),
    }
    return group_page(request, "pooling/statements/formats.html", found, "group_statements", context)


def _name(statement: Statement) -> str:
    """releve-vallee-2026-0003-mulhouse: unique among all creditors."""
    creditor, debtor = authority(statement.authority_id), authority(statement.debtor_id)
    return f"releve-{creditor.slug}-{statement.number}-{debtor.slug}"


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
