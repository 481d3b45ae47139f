"""The seal: turns uploaded sealed bytes into a submission, once, with a receipt."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
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
from parvis.procurement.rules import expected_envelopes, on_time
from parvis.procurement.selectors.consultations import deadline_of
from parvis.procurement.states import ConsultationState, SubmissionState, allowed
from parvis.sealing.canonical import b64, canonical_bytes, canonical_hash
from parvis.sealing.receipt import DOMAIN

_AFTER_THE_SESSION = frozenset({ConsultationState.OPENED, ConsultationState.AWARDED})


@dataclass(frozen=True, slots=True)
class SealedEnvelope:
    """One envelope as the browser announces it. `size` in bytes, hashes in hex.

    `lot` is its number, None for an application or a consultation without lots.
    """

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


def seal_submission(
    consultation_id: UUID, company: CompanyView, person_id: UUID, buyer: AuthorityView, seal: Seal
) -> tuple[Submission, bool]:
    """The submission and whether it is new; the same key gives the same submission again.

    Lateness is decided by `seal.stamp` against the deadline alone (R2143-2, R2151-5); late submissions are kept. Raises
    Refusal when the consultation takes no deposit, or an envelope is missing, unknown, incomplete or used already.
    Nothing of the uploads is lost then.
    """
    try:
        with transaction.atomic():
            earlier = _already(consultation_id, company.id, seal.key)
            if earlier is not None:
                return earlier, False
            consultation = _consultation_for_share(consultation_id)
            uploads = _lock_uploads(consultation.id, company.id, seal.envelopes)
            # The same request twice at once: the second waited for the uploads, and finds the first one's submission.
            earlier = _already(consultation_id, company.id, seal.key)
            if earlier is not None:
                return earlier, False
            lots = {lot.number: lot for lot in Lot.objects.filter(consultation=consultation)}
            _check_envelopes(consultation, set(lots), seal.envelopes)
            _check_uploads(uploads, seal.envelopes)
            return _write(consultation, lots, company, person_id, buyer, seal), True
    except IntegrityError:
        # The same key with other uploads at once: the other request has committed, its receipt is ours.
        earlier = _already(consultation_id, company.id, seal.key)
        if earlier is None:
            raise
        return earlier, False


def _already(consultation_id: UUID, company_id: UUID, key: UUID) -> Submission | None:
    found: Submission | None = Submission.objects.filter(
        consultation_id=consultation_id, company_id=company_id, idempotency_key=key
    ).first()
    return found


def _consultation_for_share(consultation_id: UUID) -> Consultation:
    """Held FOR SHARE until commit: seals run side by side; the opening, which takes it FOR UPDATE, waits for all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM procurement_consultation WHERE id = %s FOR SHARE", [consultation_id])
    consultation: Consultation | None = Consultation.objects.filter(id=consultation_id).first()
    if consultation is None or not allowed(ConsultationState(consultation.state), "seal_submission"):
        message = _(
            "Cette consultation ne reçoit pas de pli\u202f: elle n’est pas publiée, ou a été retirée. "
            "Écrivez au service indiqué en bas de page."
        )
        raise Refusal("not_open", message)
    return consultation


def _check_envelopes(consultation: Consultation, lots: set[int], envelopes: tuple[SealedEnvelope, ...]) -> None:
    names = [(e.kind, e.lot) for e in envelopes]
    if len(set(names)) != len(names) or len({e.upload for e in envelopes}) != len(names):
        message = _("Deux enveloppes sont annoncées pour la même chose. Rechargez la page et recommencez le dépôt.")
        raise Refusal("duplicate_envelope", message)
    kinds = expected_envelopes(consultation.procedure, consultation.application_expected)
    places: dict[str, set[int | None]] = {"application": {None}, "bid": {*lots} or {None}}
    for kind, lot in names:
        if kind not in kinds or lot not in places[kind]:
            message = _(
                "Une enveloppe ne correspond à rien de ce que la consultation demande. "
                "Rechargez la page et recommencez le dépôt\u202f: vos fichiers sont toujours sur votre poste."
            )
            raise Refusal("unknown_envelope", message)
    given = {kind for kind, _lot in names}
    if "application" in kinds and "application" not in given:
        message = _("Il manque l’enveloppe de candidature. Ajoutez-la, puis déposez de nouveau.")
        raise Refusal("no_application", message)
    if "bid" in kinds and "bid" not in given:
        message = _("Il manque une enveloppe d’offre. Ajoutez-la pour au moins un lot, puis déposez de nouveau.")
        raise Refusal("no_bid", message)


def _lock_uploads(
    consultation_id: UUID, company_id: UUID, envelopes: tuple[SealedEnvelope, ...]
) -> dict[UUID, documents.UploadView]:
    wanted = [e.upload for e in envelopes]
    return {u.id: u for u in documents.lock_uploads(wanted, owner_id=company_id, subject_id=consultation_id)}


def _check_uploads(found: dict[UUID, documents.UploadView], envelopes: tuple[SealedEnvelope, ...]) -> None:
    for envelope in envelopes:
        upload = found.get(envelope.upload)
        if upload is None:
            message = _("Un fichier annoncé n’est pas arrivé chez nous. Reprenez l’envoi depuis la page de dépôt.")
            raise Refusal("upload_unknown", message)
        if upload.sealed:
            message = _("Un fichier annoncé sert déjà à un autre pli. Recommencez l’envoi depuis la page de dépôt.")
            raise Refusal("upload_used", message)
        if not upload.complete:
            message = _(
                "Un fichier n’est pas encore complet. Laissez l’envoi se terminer, puis déposez\u202f: "
                "ce qui est arrivé est gardé."
            )
            raise Refusal("upload_incomplete", message)
        if (upload.size, upload.sha256) != (envelope.size, envelope.sha256):
            message = _("Un fichier reçu n’a pas l’empreinte annoncée. Reprenez son envoi\u202f: rien n’a été déposé.")
            raise Refusal("upload_differs", message)


def _write(
    consultation: Consultation,
    lots: dict[int, Lot],
    company: CompanyView,
    person_id: UUID,
    buyer: AuthorityView,
    seal: Seal,
) -> Submission:
    documents.mark_sealed([e.upload for e in seal.envelopes])
    Participation.objects.get_or_create(
        company_id=company.id, consultation_id=consultation.id, defaults={"authority_id": buyer.id}
    )
    deadline = deadline_of(consultation)
    timely = on_time(seal.stamp, deadline)
    submission = Submission(
        id=new_id(), consultation=consultation, number=_next_number(consultation.id), company_id=company.id,
        person_id=person_id, idempotency_key=seal.key, stamp=seal.stamp, deadline=deadline,
        after_closing=timely and consultation.state in _AFTER_THE_SESSION,
        state=SubmissionState.SEALED if timely else SubmissionState.LATE,
    )  # fmt: skip
    receipt = _receipt(submission, company, buyer, seal.envelopes, on_time=timely)
    public_key, signature = audit.sign(DOMAIN + canonical_bytes(receipt))
    submission.receipt = {
        "receipt": receipt,
        "signature": {"public_key": b64(public_key), "ed25519": b64(signature)},
    }
    submission.fact_id = _record(submission, person_id, company.siret)
    submission.save(force_insert=True)
    Envelope.objects.bulk_create(
        Envelope(
            submission=submission, kind=e.kind, lot=None if e.lot is None else lots[e.lot], upload_id=e.upload,
            size=e.size, sha256=e.sha256, commitment=e.commitment,
        )
        for e in seal.envelopes
    )  # fmt: skip
    outbox.enqueue("procurement.complete_receipt", authority=str(buyer.id), submission=str(submission.id))
    return submission


def _record(submission: Submission, person_id: UUID, siret: str) -> UUID:
    receipt = submission.receipt["receipt"]
    fact = audit.record(
        "submission.sealed",
        subject=submission.consultation_id,
        actor=person_id,
        at=submission.stamp,
        data={
            "submission": str(submission.id),
            "number": submission.number,
            "company": siret,
            "stamp": receipt["received_at"],
            "on_time": receipt["on_time"],
            "envelopes": receipt["envelopes"],
            "receipt": canonical_hash(receipt),
        },
    )
    if submission.after_closing:
        data = {"submission": str(submission.id), "number": submission.number, "stamp": receipt["received_at"]}
        audit.record("submission.after_closing", subject=submission.consultation_id, data=data)
    return fact.id


def _next_number(consultation_id: UUID) -> int:
    """The next line of the submission register. Its row is locked until commit, so this comes as late as it can."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procurement_depositcounter (id, authority_id, consultation_id, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (consultation_id) DO UPDATE SET last = procurement_depositcounter.last + 1 RETURNING last",
            [new_id(), scope.current_authority(), consultation_id],
        )
        return int(cursor.fetchone()[0])


def _receipt(
    submission: Submission,
    company: CompanyView,
    buyer: AuthorityView,
    envelopes: tuple[SealedEnvelope, ...],
    *,
    on_time: bool,
) -> dict[str, Any]:
    """The five items of the arrêté du 22 mars 2019, annexe 8: depositor, buyer, title and object, time, files."""
    consultation = submission.consultation
    return {
        "v": 1,
        "platform": settings.LOG_ORIGIN,
        "number": submission.number,
        "submission": str(submission.id),
        "depositor": {"name": company.name, "siret": company.siret},
        "buyer": {"name": buyer.name, "siret": buyer.siret},
        "consultation": {
            "id": str(consultation.id),
            "reference": consultation.reference,
            "title": consultation.title,
        },
        "received_at": utc_text(submission.stamp),
        "deadline": utc_text(submission.deadline),
        "on_time": on_time,
        "envelopes": [
            {
                "kind": e.kind,
                "lot": None if e.lot is None else str(e.lot),
                "size": e.size,
                "sha256": e.sha256,
                "commitment": e.commitment,
            }
            for e in envelopes
        ],
    }


def utc_text(instant: datetime) -> str:
    """2026-12-01T10:53:12.123456Z"""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
