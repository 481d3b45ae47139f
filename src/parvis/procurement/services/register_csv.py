"""The registers as CSV."""

from dataclasses import replace

from django.utils.translation import gettext as _

from parvis.accounts import facade as accounts
from parvis.kit.clock import PARIS
from parvis.kit.sheets import sheet
from parvis.procurement.models import Consultation, Submission
from parvis.procurement.selectors.downloads import DownloadLine, download_lines, downloads
from parvis.procurement.selectors.submissions import submission_register
from parvis.procurement.states import ConsultationState


def downloads_csv(consultation: Consultation) -> str:
    heads = (_("Date et heure de Paris"), _("Document"), _("Entreprise"), "SIRET", _("Personne"), _("Adresse"))
    return sheet([(*heads, _("Version des documents")), *map(_download_cells, download_lines(downloads(consultation)))])


def deposits_csv(consultation: Consultation) -> str:
    heads = (_("Numéro"), _("Entreprise"), "SIRET", _("Reçu le (temps universel)"), _("Dans les délais"))
    return sheet([(*heads, _("Enveloppes"), "SHA-256"), *map(_deposit_cells, deposit_lines(consultation))])


def deposit_lines(consultation: Consultation) -> list[tuple[Submission, accounts.CompanyView]]:
    """The register and who deposited: until the board's session begins it says when, not who, as rivals may not be
    told of each other.
    """
    submissions = submission_register(consultation.id)
    companies = accounts.companies(s.company_id for s in submissions)
    hidden = consultation.state == ConsultationState.PUBLISHED
    return [(s, _unnamed(companies[s.company_id]) if hidden else companies[s.company_id]) for s in submissions]


def _unnamed(company: accounts.CompanyView) -> accounts.CompanyView:
    return replace(company, name=_("Nom connu à l’ouverture"), siret="", address="")


def _deposit_cells(line: tuple[Submission, accounts.CompanyView]) -> list[str]:
    submission, company = line
    envelopes = list(submission.envelopes.all())
    return [
        str(submission.number),
        company.name,
        company.siret,
        submission.stamp.isoformat(),
        _("oui") if submission.on_time else _("non"),
        str(len(envelopes)),
        " ".join(e.sha256 for e in envelopes),
    ]


def _download_cells(line: DownloadLine) -> list[str]:
    at = line.at.astimezone(PARIS).strftime("%d/%m/%Y %H:%M:%S")
    return [at, line.what, line.company, line.siret, line.person, line.email, line.version]
