"""What an authority may carry away of its procurement, and no more than its pages would show to the same person."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _

from parvis.accounts import facade as accounts
from parvis.audit import facade as audit
from parvis.documents import facade as files
from parvis.kit import scope
from parvis.procurement.labels import nature_label, procedure_label, status
from parvis.procurement.models import (
    Award,
    Consultation,
    ConsultationBuyer,
    Criterion,
    Envelope,
    Lot,
    OpenedDocument,
    OpeningKey,
    OpeningSession,
    ProcurementDocument,
    Submission,
)
from parvis.procurement.states import ConsultationState

# Which companies answered is not known yet: rivals may not be told of each other before the session begins.
UNNAMED = (ConsultationState.DRAFT, ConsultationState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class KeptFile:
    """`name`: its place below the consultation's folder; size in bytes, SHA-256 in hex, as they were when it came."""

    consultation_id: UUID
    name: str
    source: Path
    size: int
    sha256: str


@dataclass(slots=True)
class Contents:
    """`contracts`: those from before the platform too. `kept_back`: how many sealed files have their deadline to come.

    `missing`: (reference, name, why) of files left out. `handed_out`: consultation -> ids of the envelopes whose sealed
    file is carried away.
    """

    consultations: list[Consultation]
    contracts: list[Award]
    documents: list[KeptFile] = field(default_factory=list)
    opened: list[KeptFile] = field(default_factory=list)
    sealed: list[KeptFile] = field(default_factory=list)
    sessions: list[OpeningSession] = field(default_factory=list)
    kept_back: int = 0
    missing: list[tuple[str, str, str]] = field(default_factory=list)
    handed_out: dict[UUID, list[str]] = field(default_factory=dict)

    @property
    def files(self) -> list[KeptFile]:
        return [*self.documents, *self.opened, *self.sealed]

    @property
    def size(self) -> int:
        return sum(one.size for one in self.files)


def export_contents(*, bids: bool, past: Callable[[datetime], bool]) -> Contents:
    """Everything of the authority in scope. `bids`: minutes, opened documents and sealed files come too, the latter
    where `past(deadline)`.
    """
    contracts = Award.objects.filter(authority_id=scope.current_authority()).order_by("decided_on", "reference")
    found = Contents(list(Consultation.objects.order_by("created_at", "id")), list(contracts))
    references = {one.id: one.reference for one in found.consultations}
    for row in ProcurementDocument.objects.select_related("file").order_by("position", "id"):
        kept = _stored(row.consultation_id, f"documents/{row.title}", row.file)
        _keep(found, found.documents, kept, references, infected=row.file.scan == "infected")
    if not bids:
        return found
    found.sessions = list(
        OpeningSession.objects.filter(closed_at__isnull=False).select_related("consultation").order_by("closed_at")
    )
    opened = OpenedDocument.objects.select_related("file", "envelope__lot", "envelope__submission")
    for document in opened.order_by("envelope__submission__number", "envelope_id", "position"):
        envelope = document.envelope
        name = f"plis-ouverts/{_folder(envelope)}/{document.file.name}"
        kept = _stored(envelope.submission.consultation_id, name, document.file)
        _keep(found, found.opened, kept, references, infected=document.file.scan == "infected")
    _keep_sealed(found, references, past)
    return found


def _keep_sealed(found: Contents, references: dict[UUID, str], past: Callable[[datetime], bool]) -> None:
    rows = Envelope.objects.filter(opened_at__isnull=True).select_related("lot", "submission__consultation")
    for envelope in rows.order_by("submission__number", "kind", "lot__number"):
        consultation = envelope.submission.consultation
        if consultation.deadline is None or not past(consultation.deadline):
            found.kept_back += 1
            continue
        name = f"plis-scelles/{_folder(envelope).replace('/', '-')}.age"
        path = files.upload_path(envelope.upload_id)
        kept = KeptFile(consultation.id, name, path, envelope.size, envelope.sha256)
        if _keep(found, found.sealed, kept, references):
            found.handed_out.setdefault(consultation.id, []).append(str(envelope.id))


def _stored(consultation_id: UUID, name: str, file: Any) -> KeptFile:
    return KeptFile(consultation_id, name, files.file_path(file.id), file.size, file.sha256)


def _keep(
    found: Contents, among: list[KeptFile], kept: KeptFile, references: dict[UUID, str], *, infected: bool = False
) -> bool:
    if infected or not kept.source.is_file():
        why = _("en quarantaine\u202f: un virus y a été trouvé") if infected else _("introuvable sur le disque")
        found.missing.append((references[kept.consultation_id], kept.name, why))
        return False
    among.append(kept)
    return True


def _folder(envelope: Envelope) -> str:
    """pli-3/candidature, pli-3/offre, pli-3/offre-lot-2"""
    kind = {"application": "candidature", "bid": "offre"}[envelope.kind]
    return f"pli-{envelope.submission.number}/{kind}" + (f"-lot-{envelope.lot.number}" if envelope.lot else "")


def consultation_values(one: Consultation, folder: str) -> dict[str, Any]:
    """Every field of a consultation and of what hangs on it, ready for JSON."""
    keys = OpeningKey.objects.filter(consultation=one).select_related("lot").order_by("kind", "lot__number")
    return {
        **field_values(one),
        "folder": folder,
        "state_label": status(one.state, one.deadline).label,
        "procedure_label": procedure_label(one.procedure, one.framework),
        "nature_label": nature_label(one.nature),
        "buyers": [
            {"name": row.buyer.name, "siret": row.buyer.siret, "role": row.role}
            for row in ConsultationBuyer.objects.filter(consultation=one).select_related("buyer").order_by("rank")
        ],
        "lots": [
            field_values(lot, "consultation_id") for lot in Lot.objects.filter(consultation=one).order_by("number")
        ],
        "criteria": [
            {
                **field_values(criterion, "consultation_id", "lot_id"),
                "lot": criterion.lot.number if criterion.lot else None,
            }
            for criterion in Criterion.objects.filter(consultation=one).select_related("lot").order_by("position", "id")
        ],
        "documents": [
            {**field_values(row, "consultation_id", "file_id"), "size": row.file.size, "sha256": row.file.sha256}
            for row in ProcurementDocument.objects.filter(consultation=one).select_related("file")
        ],
        "opening_keys": [
            {
                "kind": key.kind,
                "lot": key.lot.number if key.lot else None,
                "recipient": key.recipient,
                "fingerprint": key.fingerprint,
                "threshold": key.threshold,
            }
            for key in keys
        ],
        "session": _session_values(one),
        "submissions": _submission_values(one),
    }


def _session_values(one: Consultation) -> dict[str, Any] | None:
    session = OpeningSession.objects.filter(consultation=one).first()
    if session is None:
        return None
    attendance = [{"name": a.name, "quality": a.quality} for a in session.attendance.order_by("id")]
    return {**field_values(session, "consultation_id", "recipient"), "attendance": attendance}


def _submission_values(one: Consultation) -> list[dict[str, Any]]:
    """Without who deposited, while the session has not begun."""
    rows = list(Submission.objects.filter(consultation=one).prefetch_related("envelopes__lot").order_by("number"))
    named = one.state not in UNNAMED
    companies = accounts.companies(row.company_id for row in rows) if named else {}
    return [
        {
            "number": row.number,
            "state": row.state,
            "stamp": written(row.stamp),
            "deadline": written(row.deadline),
            "on_time": row.on_time,
            "after_closing": row.after_closing,
            "company": {"name": companies[row.company_id].name, "siret": companies[row.company_id].siret}
            if named
            else None,
            "envelopes": [
                {
                    "kind": e.kind,
                    "lot": e.lot.number if e.lot else None,
                    "size": e.size,
                    "sha256": e.sha256,
                    "opened_at": written(e.opened_at),
                    "unreadable": e.unreadable,
                }
                for e in row.envelopes.all()
            ],
        }
        for row in rows
    ]


def fact_values(one: Consultation, *, bids: bool) -> list[dict[str, Any]]:
    """What happened to a consultation, in order of time. Each download is in its register; who deposited is in none
    of these lines, and what was found in an envelope only where bids may be read.
    """
    found = [fact for fact in audit.facts([one.id]) if fact.kind != "documents.downloaded"]
    names = accounts.people({fact.actor_id for fact in found if fact.actor_id})
    values = []
    for fact in found:
        deposit, opening = fact.kind.startswith("submission."), fact.kind.startswith("envelope.")
        told = not deposit and (bids or not opening)
        actor = None if deposit or fact.actor_id is None else names.get(fact.actor_id)
        values.append(
            {
                "at": written(fact.at),
                "kind": fact.kind,
                "by": actor.full_name if actor else "",
                "data": dict(fact.data) if told else {},
            }
        )
    return values


def field_values(row: models.Model, *without: str) -> dict[str, Any]:
    """Every field of a row but these, ready for JSON: a field added one day is exported too."""
    left_out = {"authority_id", *without}
    names = (f.attname for f in row._meta.concrete_fields)
    return {name: written(getattr(row, name)) for name in names if name not in left_out}


def written(value: Any) -> Any:
    """As JSON says it: instants in UTC, days as 2026-12-01, ids as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value if isinstance(value, str | int | None) else str(value)
