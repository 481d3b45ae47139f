"""The minutes of an opening, written from the facts alone."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from parvis.accounts import facade as accounts
from parvis.audit import facade as audit
from parvis.authorities.facade import AuthorityView
from parvis.kit.jinja import date_time_long, filesize, hour
from parvis.kit.pdf import render_pdf
from parvis.procurement.models import OpeningSession
from parvis.procurement.selectors.consultations import deadline_of
from parvis.procurement.selectors.keys import envelope_label
from parvis.procurement.selectors.results import Result, opening_results
from parvis.procurement.services.receipt_pdf import precise
from parvis.procurement.services.unreadable_reasons import bytes_differ

TEMPLATE = Path(__file__).resolve().parent.parent / "pdf" / "minutes.typ"


def minutes_pdf(session: OpeningSession, buyer: AuthorityView) -> bytes:
    """PDF of a closed session's minutes: who was there, what was opened, kept sealed or unreadable, with hashes."""
    consultation = session.consultation
    results = opening_results(consultation)
    chair = accounts.people([session.chair_id])[session.chair_id].full_name
    data = {
        "buyer": buyer.name,
        "reference": consultation.reference,
        "title": consultation.title,
        "deadline": date_time_long(deadline_of(consultation)),
        "started": date_time_long(session.started_at),
        "closed": hour(session.closed_at) if session.closed_at else "",
        "chair": chair,
        "present": [{"name": a.name, "quality": a.quality} for a in session.attendance.order_by("id")],
        "releases": _releases(session),
        "opened": [_opened(r) for r in results if r.fate == "to_open"],
        "kept": [_kept(r) for r in results if r.fate != "to_open"],
    }
    return render_pdf(TEMPLATE, data)


def _releases(session: OpeningSession) -> list[dict[str, str]]:
    facts = audit.facts([session.consultation_id], ["keys.share_released"])
    names = accounts.people({f.actor_id for f in facts if f.actor_id})
    stages = {"application": _("candidatures"), "bid": _("offres")}
    seen: dict[tuple[str, str], str] = {}
    for fact in facts:
        if fact.actor_id in names:
            seen.setdefault((names[fact.actor_id].full_name, stages[fact.data["stage"]]), hour(fact.at))
    return [{"name": name, "stage": stage, "at": at} for (name, stage), at in seen.items()]


def _opened(result: Result) -> dict[str, Any]:
    whole, differ = _("Empreinte du fichier scellé, conforme au récépissé"), _("Empreinte du récépissé, non retrouvée")
    return {
        "number": result.submission.number,
        "company": f"{result.company} (SIRET {result.siret})",
        "received": precise(result.submission),
        "envelopes": [
            {
                "label": envelope_label(o.envelope.kind, o.envelope.lot),
                "sha256": o.envelope.sha256,
                "hash_label": differ if bytes_differ() in o.envelope.unreadable else whole,
                "unreadable": o.envelope.unreadable,
                "documents": [
                    {"name": d.file.name, "size": filesize(d.file.size), "sha256": d.file.sha256} for d in o.documents
                ],
            }
            for o in result.envelopes
        ],
    }


def _kept(result: Result) -> dict[str, Any]:
    why = {
        "late": _("hors délai (R2143-2, R2151-5)"),
        "superseded": _("remplacé par un pli plus récent de la même entreprise (R2151-6)"),
        "after_closing": _("reçu dans les délais, mais parvenu au registre après la clôture de la séance"),
    }[result.fate]
    if any(o.envelope.opened_at for o in result.envelopes):
        why = _("ouvert en séance avant que n’y parvienne un pli plus récent de la même entreprise (R2151-6)")
    return {
        "number": result.submission.number,
        "company": result.company,
        "received": precise(result.submission),
        "why": why,
    }
