"""Pages around the deposit: a person's submissions in every authority, the register, and the public explanations."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parvis.audit import facade as audit
from parvis.authorities.facade import AuthorityView, actor_of, authorities, desk_page, sign_in_first
from parvis.kit import scope
from parvis.procurement.models import Participation, PublishedConsultation, Submission
from parvis.procurement.selectors.consultations import consultation_for_desk
from parvis.procurement.selectors.submissions import replaced_ids, submissions_of_company
from parvis.procurement.services.open_test_consultation import REFERENCE
from parvis.procurement.services.register_csv import deposit_lines, deposits_csv
from parvis.procurement.web.wasm import wasm
from parvis.sealing.canonical import b64


@require_GET
def my_submissions(request: Any) -> Any:
    """The submissions of the person's company, authority by authority, each read in its own scope."""
    request.actor = actor = actor_of(request)
    if actor is None:
        return sign_in_first(request)
    if actor.company is None:
        return HttpResponseRedirect(reverse("choose_company"))
    parts = list(Participation.objects.filter(company_id=actor.company.id))
    houses = {a.id: a for a in authorities({p.authority_id for p in parts})}
    listing = {c.id: c for c in PublishedConsultation.objects.filter(id__in=[p.consultation_id for p in parts])}
    rows: list[tuple[Submission, AuthorityView, PublishedConsultation | None, bool]] = []
    for part in parts:
        with scope.authority(part.authority_id):
            mine = submissions_of_company(part.consultation_id, actor.company.id)
        replaced = replaced_ids(mine)
        rows.extend((s, houses[part.authority_id], listing.get(part.consultation_id), s.id in replaced) for s in mine)
    rows.sort(key=lambda row: row[0].stamp, reverse=True)
    return render(request, "procurement/deposit/my_submissions.html", {"rows": rows, "company": actor.company})


@require_GET
@desk_page("registers.read")
def deposit_register(request: Any, consultation: UUID) -> HttpResponse:
    """The submission register: who deposited, when, which sealed files; never their content. `?format=csv` for CSV."""
    found = consultation_for_desk(consultation)
    if request.GET.get("format") == "csv":
        response = HttpResponse(deposits_csv(found), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="registre-des-depots-{found.reference}.csv"'
        return response
    context = {"consultation": found, "rows": deposit_lines(found)}
    return render(request, "procurement/deposit/register.html", context)


@require_GET
def how_sealing_works(request: HttpRequest) -> HttpResponse:
    test = PublishedConsultation.objects.filter(is_test=True, reference=REFERENCE).select_related("authority").first()
    return render(request, "procurement/deposit/how_sealing_works.html", {"test": test, "origin": settings.LOG_ORIGIN})


@wasm
@require_GET
def verify_receipt(request: HttpRequest) -> HttpResponse:
    return render(request, "procurement/deposit/verify_receipt.html", {"public_key": b64(audit.public_key())})


@require_GET
def try_a_deposit(request: HttpRequest) -> HttpResponse:
    """Leads to the test consultation, at an address that never changes."""
    test = PublishedConsultation.objects.filter(is_test=True, reference=REFERENCE).select_related("authority").first()
    if test is None:
        raise Http404(
            _("La consultation d’essai n’est pas encore ouverte. L’exploitant de la plateforme peut l’ouvrir.")
        )
    return HttpResponseRedirect(reverse("deposit", args=[test.authority.slug, test.id]))
