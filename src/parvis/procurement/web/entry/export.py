"""The authority's whole procurement to carry away: what is inside, then the archive itself."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.authorities.facade import desk_page
from parvis.kit.jinja import filesize
from parvis.procurement.selectors.export import Contents
from parvis.procurement.services.export_archive import contents_now, export_archive


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("registers.read")
def export(request: Any) -> HttpResponseBase:
    """GET says what is inside; POST records the fact and sends the ZIP, read from the disk while it is sent."""
    bids = request.actor.may("bids.read", request.authority.id)
    return _archive(request, bids) if request.method == "POST" else _page(request, bids)


def _page(request: Any, bids: bool) -> HttpResponse:
    found = contents_now(bids=bids)
    context = {
        "empty": not found.consultations and not found.contracts,
        "rows": _rows(found, bids),
        "bids": bids,
        "kept_back": found.kept_back,
        "missing": found.missing,
    }
    return render(request, "procurement/desk/export.html", context)


def _rows(found: Contents, bids: bool) -> list[tuple[str, str]]:
    """What is inside, in words and in numbers."""
    rows = [
        (_("Consultations"), str(len(found.consultations))),
        (_("Marchés attribués"), str(len(found.contracts))),
        (_("Documents des consultations"), str(len(found.documents))),
    ]
    if bids:
        rows += [
            (_("Procès-verbaux d’ouverture"), str(len(found.sessions))),
            (_("Documents des plis ouverts"), str(len(found.opened))),
            (_("Plis gardés scellés"), str(len(found.sealed))),
        ]
    return [*rows, (_("Taille de ces fichiers"), filesize(found.size))]


def _archive(request: Any, bids: bool) -> HttpResponseBase:
    actor = request.actor
    archive = export_archive(
        request.authority,
        actor_id=actor.person_id,
        actor_name=actor.full_name,
        role_label=actor.hat.role_label,
        bids=bids,
    )
    headers = {
        "Content-Disposition": content_disposition_header(True, archive.name) or "attachment",
        "Content-Length": str(archive.zip.size),
    }
    return StreamingHttpResponse(archive.zip, content_type="application/zip", headers=headers)
