"""The seal: turns uploaded sealed bytes into a submission, once, with a receipt."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from parvis.accounts.facade import CompanyView
from parvis.audit import facade as audit
from parvis.authorities.facade import AuthorityView
from parvis.documents import facade as documents
from parvis.kit import outbox, scope
from parvis.kit.errors import Refusal
from parvis.kit.ids import new_id
from parvis.procurement.models import Consultation, Envelope, Lot, Participation, Submission
from parvis.sealing.canonical import b64, canonical_bytes, canonical_hash

RECEIPT_DOMAIN = b"parvis-receipt-v1\n"


@dataclass(frozen=True, slots=True)
class SealedEnvelope:
    """One envelope as the browser announces it. `lot` is its number, None for an application or a consultation without lots; hashes in hex."""

    kind: str
    lot: int | None
    upload: UUID
    size: int
    sha256: str
    commitment: str


@dataclass(frozen=True, slots=True)
class Seal:
    """`key` makes the request idempotent; `stamp` is the time of its last byte at the edge, in UTC microseconds."""

    key: UUID
    envelopes: tuple[SealedEnvelope, ...]
    stamp: datetime


def seal_submission(consultation_id: UUID, company: CompanyView, person_id: UUID, buyer: AuthorityView, seal: Seal) -> tuple[Submission, bool]:
    """The submission and whether it is new; the same key gives the same submission again.

    Lateness is decided by `seal.stamp` against the deadline alone (R2143-2, R2151-5); late submissions are kept. Raises Refusal when the
    consultation takes no deposit, an envelope is missing, unknown or incomplete. Nothing of the uploads is lost then.
    """
    try:
        with transaction.atomic():
            earlier = _already(consultation_id, company.id, seal.key)
            return (earlier, False) if earlier else (_seal(consultation_id, company, person_id, buyer, seal), True)
    except IntegrityError:
        # Two requests with one key at once: the other has committed, its receipt is ours.
        earlier = _already(consultation_id, company.id, seal.key)
        if earlier is None:
            raise
        return earlier, False


def _already(consultation_id: UUID, company_id: UUID, key: UUID) -> Submission | None:
    found: Submission | None = Submission.objects.filter(
        consultation_id=consultation_id, company_id=company_id, idempotency_key=key
    ).first()
    return found


def _seal(consultation_id: UUID, company: CompanyView, person_id: UUID, buyer: AuthorityView, seal: Seal) -> Submission:
    consultation = _consultation_for_share(consultation_id)
    lots = {lot.number: lot for lot in Lot.objects.filter(consultation=consultation)}
    _check_envelopes(consultation, lots, seal.envelopes)
    _check_uploads(consultation.id, company.id, seal.envelopes)
    submission = Submission(
        id=new_id(), consultation=consultation, number=_next_number(consultation.id), company_id=company.id, person_id=person_id,
        idempotency_key=seal.key, stamp=seal.stamp, deadline=consultation.deadline,
    )  # fmt: skip
    receipt = _receipt(submission, company, buyer, seal.envelopes)
    public_key, signature = audit.sign(RECEIPT_DOMAIN + canonical_bytes(receipt))
    fact = audit.record(
        "submission.sealed",
        subject=consultation.id,
        actor=person_id,
        at=seal.stamp,
        data={
            "submission": str(submission.id),
            "number": submission.number,
            "company": company.siret,
            "stamp": receipt["received_at"],
            "on_time": receipt["on_time"],
            "envelopes": receipt["envelopes"],
            "receipt": canonical_hash(receipt),
        },
    )
    submission.fact_id = fact.id
    submission.receipt = {"receipt": receipt, "signature": {"public_key": b64(public_key), "ed25519": b64(signature)}}
    submission.save(force_insert=True)
    for e in seal.envelopes:
        Envelope.objects.create(
            submission=submission, kind=e.kind, lot=lots.get(e.lot) if e.lot else None, upload_id=e.upload, size=e.size,
            sha256=e.sha256, commitment=e.commitment,
        )  # fmt: skip
    documents.mark_sealed([e.upload for e in seal.envelopes])
    with transaction.atomic():
        Participation.objects.get_or_create(
            company_id=company.id, consultation_id=consultation.id, defaults={"authority_id": buyer.id}
        )
    outbox.enqueue("procurement.complete_receipt", authority=str(buyer.id), submission=str(submission.id))
    return submission


def _consultation_for_share(consultation_id: UUID) -> Consultation:
    """Held FOR SHARE until commit: seals run side by side, and the opening, which takes it FOR UPDATE, waits for all of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM procurement_consultation WHERE id = %s FOR SHARE", [consultation_id])
    consultation: Consultation | None = Consultation.objects.filter(id=consultation_id).first()
    if consultation is None or consultation.state in {"draft", "cancelled"}:
        message = _("Cette consultation ne reçoit pas de pli\u202f: elle n’est pas publiée, ou a été retirée. Écrivez au service indiqué en bas de page.")
        raise Refusal("not_open", message)
    return consultation


def _check_envelopes(consultation: Consultation, lots: dict[int, Lot], envelopes: tuple[SealedEnvelope, ...]) -> None:
    names = [(e.kind, e.lot) for e in envelopes]
    if len(set(names)) != len(names) or len({e.upload for e in envelopes}) != len(names):
        raise Refusal("duplicate_envelope", _("Deux enveloppes sont annoncées pour la même chose. Rechargez la page et recommencez le dépôt."))
    for kind, lot in names:
        known = (lot is None) if kind == "application" or not lots else lot in lots
        if kind not in {"application", "bid"} or not known or (kind == "application" and not consultation.application_expected):
            raise Refusal("unknown_envelope", _("Une enveloppe ne correspond à aucun lot de la consultation. Rechargez la page\u202f: les lots ont pu changer."))
    if consultation.application_expected and ("application", None) not in names:
        raise Refusal("no_application", _("Il manque l’enveloppe de candidature. Ajoutez-la, puis déposez de nouveau."))
    if not any(kind == "bid" for kind, _lot in names):
        raise Refusal("no_bid", _("Il manque une enveloppe d’offre. Ajoutez-la pour au moins un lot, puis déposez de nouveau."))


def _check_uploads(consultation_id: UUID, company_id: UUID, envelopes: tuple[SealedEnvelope, ...]) -> None:
    found = {u.id: u for u in documents.lock_uploads([e.upload for e in envelopes], owner_id=company_id, subject_id=consultation_id)}
    for envelope in envelopes:
        upload = found.get(envelope.upload)
        if upload is None:
            raise Refusal("upload_unknown", _("Un fichier annoncé n’est pas arrivé chez nous, ou sert déjà à un autre pli. Reprenez l’envoi depuis la page de dépôt."))
        if not upload.complete:
            raise Refusal("upload_incomplete", _("Un fichier n’est pas encore complet. Laissez l’envoi se terminer, puis déposez\u202f: ce qui est arrivé est gardé."))
        if (upload.size, upload.sha256) != (envelope.size, envelope.sha256):
            raise Refusal("upload_differs", _("Un fichier reçu n’a pas l’empreinte annoncée. Reprenez son envoi\u202f: rien n’a été déposé."))


def _next_number(consultation_id: UUID) -> int:
    """The next line of the submission register. The row is locked until commit, so this comes as late as it can."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procurement_depositcounter (id, authority_id, consultation_id, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (consultation_id) DO UPDATE SET last = procurement_depositcounter.last + 1 RETURNING last",
            [new_id(), scope.current_authority(), consultation_id],
        )
        return int(cursor.fetchone()[0])


def _receipt(submission: Submission, company: CompanyView, buyer: AuthorityView, envelopes: tuple[SealedEnvelope, ...]) -> dict[str, Any]:
    """The five items of the arrêté du 22 mars 2019, annexe 8: depositor, buyer, title and object, time, files."""
    consultation = submission.consultation
    return {
        "v": 1,
        "platform": audit.log_origin(),
        "number": submission.number,
        "submission": str(submission.id),
        "depositor": {"name": company.name, "siret": company.siret},
        "buyer": {"name": buyer.name, "siret": buyer.siret},
        "consultation": {"id": str(consultation.id), "reference": consultation.reference, "title": consultation.title},
        "received_at": utc_text(submission.stamp),
        "deadline": utc_text(submission.deadline),
        "on_time": submission.stamp <= submission.deadline,
        "envelopes": [
            {"kind": e.kind, "lot": str(e.lot) if e.lot else None, "size": e.size, "sha256": e.sha256, "commitment": e.commitment}
            for e in envelopes
        ],
    }


def utc_text(instant: datetime) -> str:
    """2026-12-01T10:53:12.123456Z"""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
