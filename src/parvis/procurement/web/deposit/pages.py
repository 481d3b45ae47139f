"""Pages around the deposit: a person's submissions in every authority, the register, and the public explanations."""

import csv
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parvis.accounts import facade as accounts
from parvis.audit import facade as audit
from parvis.authorities.facade import AuthorityView, actor_of, authorities, desk_page, sign_in_first
from parvis.kit import scope
from parvis.procurement.models import Participation, PublishedConsultation, Submission
from parvis.procurement.selectors.consultations import consultation_for_desk
from parvis.procurement.selectors.submissions import replaced_ids, submission_register, submissions_of_company
from parvis.procurement.services.open_test_consultation import REFERENCE
from parvis.procurement.states import ConsultationState
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
    """The submission register: who deposited, when, which sealed files; never their content. `?format=csv` for CSV.

    Until the board's session begins it says when, not who: rivals may not be told of each other.
    """
    found = consultation_for_desk(consultation)
    submissions = submission_register(found.id)
    companies = accounts.companies(s.company_id for s in submissions)
    hidden = found.state == ConsultationState.PUBLISHED
    rows = [(s, _unnamed(companies[s.company_id]) if hidden else companies[s.company_id]) for s in submissions]
    if request.GET.get("format") == "csv":
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="registre-des-depots-{found.reference}.csv"'
        writer = csv.writer(response, delimiter=";")
        writer.writerow(
            [
                _("Numéro"),
                _("Entreprise"),
                "SIRET",
                _("Reçu le (temps universel)"),
                _("Dans les délais"),
                _("Enveloppes"),
                "SHA-256",
            ]
        )
        for s, company in rows:
            envelopes = list(s.envelopes.all())
            writer.writerow(
                [
                    s.number,
                    _csv_safe(company.name),
                    company.siret,
                    s.stamp.isoformat(),
                    _("oui") if s.on_time else _("non"),
                    len(envelopes),
                    " ".join(e.sha256 for e in envelopes),
                ]
            )
        return response
    return render(request, "procurement/deposit/register.html", {"consultation": found, "rows": rows})


def _unnamed(company: accounts.CompanyView) -> accounts.CompanyView:
    return replace(company, name=_("Nom connu à l’ouverture"), siret="", address="")


def _csv_safe(text: str) -> str:
    """A spreadsheet must not take a company's name for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


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
