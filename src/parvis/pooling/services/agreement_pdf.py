"""A version of a sharing agreement, ready to be printed and signed by both sides."""

from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from parvis.authorities.facade import AuthorityView
from parvis.kit.jinja import date_long
from parvis.kit.pdf import render_pdf
from parvis.pooling.models import AgreementVersion, SharingAgreement
from parvis.pooling.rules.agreement import ONE_DAY, term
from parvis.pooling.rules.agreement_terms import changes, paragraphs
from parvis.pooling.selectors.agreements import parties, version_in_reach

TEMPLATE = Path(__file__).resolve().parent.parent / "pdf" / "agreement.typ"


def agreement_pdf(agreement: SharingAgreement, version: AgreementVersion) -> bytes:
    """PDF of a version, signed or not: both parties, what an amendment changes, articles, signatures, annex."""
    whole, commune = parties(agreement)
    before = version_in_reach(agreement, version.number - 1) if version.number > 1 else None
    first = version.number == 1
    data = {
        "number": agreement.number,
        "title": _("Convention de mise à disposition de l’outil d’achat"),
        "amendment": version.number - 1,
        "subject": version.amendment,
        "draft": version.signed_on is None,
        "parties": [
            _party(whole, agreement.deliberation, agreement.deliberated_on, first),
            _party(commune, agreement.commune_deliberation, agreement.commune_deliberated_on, first),
        ],
        "dates": _dates(agreement, version),
        "changes": _changes(before, version) if before else [],
        "articles": [
            {"title": one["title"], "paragraphs": list(paragraphs(one["text"]))} for one in version.terms["articles"]
        ],
        "annex": version.terms["annex"],
    }
    return render_pdf(TEMPLATE, data)


def _party(house: AuthorityView, deliberation: str, deliberated_on: date | None, first: bool) -> dict[str, str]:
    """The deliberations of the agreement are not those of an amendment, which are written by hand."""
    return {
        "name": house.name,
        "kind": house.kind_label,
        "address": ", ".join(part for part in (house.address, house.postcode) if part),
        "siret": house.siret,
        "deliberation": deliberation if first and deliberated_on else "",
        "deliberated_on": _written(deliberated_on),
    }


def _written(day: date | None) -> str:
    """1er janvier 2027; empty for a day not known yet."""
    return date_long(day).split(" ", 1)[1] if day else ""


def _dates(agreement: SharingAgreement, version: AgreementVersion) -> list[list[str]]:
    """What the head says; blank where it is written by hand at the signature."""
    if version.number > 1:
        return [
            [_("Signé le"), _written(version.signed_on)],
            [_("S’applique à partir du"), _written(version.effective_on)],
        ]
    last = term(agreement.starts_on, agreement.renewals) - ONE_DAY if agreement.starts_on else None
    return [
        [_("Signée le"), _written(agreement.signed_on)],
        [_("Date d’effet"), _written(agreement.starts_on)],
        [_("Dernier jour, si elle est reconduite trois fois"), _written(last)],
        [_("Prix"), _("gratuit")],
    ]


def _changes(before: AgreementVersion, version: AgreementVersion) -> list[dict[str, Any]]:
    labels = {"added": _("ajouté"), "removed": _("supprimé"), "changed": _("modifié")}
    parts = {"article": _("Article"), "annex": _("Annexe technique")}
    return [
        {"heading": f"{parts[one.part]}\u202f: {one.title}", "kind": labels[one.kind], "lines": [*map(list, one.lines)]}
        for one in changes(before.terms, version.terms)
    ]
