"""What a company's browser does, in Python: documents packed, sealed to the opening key, uploaded, then deposited."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings

from parvis.authorities.facade import AuthorityView
from parvis.kit.ids import new_id
from parvis.sealing.age import encrypt
from parvis.sealing.canonical import new_salt
from parvis.sealing.manifest import Kind, Manifest, ManifestFile, write_envelope
from parvis.site.demo.papers import paper
from parvis.site.demo.people import FirmView
from parvis.site.demo.verbs import (
    Consultation,
    Lot,
    OpeningKey,
    Part,
    Seal,
    SealedEnvelope,
    Visitor,
    create_upload,
    limits,
    opening_keys,
    receive_part,
    seal_submission,
)

APPLICATION = ("DC1, lettre de candidature", "DC2, déclaration du candidat")
BID = ("Acte d’engagement", "Mémoire technique", "Bordereau des prix")


@dataclass(frozen=True, slots=True)
class Packed:
    """A sealed envelope before its upload."""

    kind: str
    lot: int | None
    sealed: bytes
    commitment: str


def deposit(
    consultation: Consultation, firm: FirmView, buyer: AuthorityView, lots: Sequence[int], stamp: datetime, price: str
) -> UUID:
    """Deposits an application and a bid for each of `lots` (none: the whole) at `stamp`; the submission's id."""
    wanted = [
        key for key in opening_keys(consultation.id)
        if key.kind == "application" or key.lot is None or key.lot.number in lots
    ]  # fmt: skip
    envelopes = [_upload(consultation, firm, _pack(consultation, firm, key, price)) for key in wanted]
    seal = Seal(key=new_id(), envelopes=tuple(envelopes), stamp=stamp)
    submission, _new = seal_submission(consultation.id, firm.company, firm.person_id, buyer, seal)
    return submission.id


def _pack(consultation: Consultation, firm: FirmView, key: OpeningKey, price: str) -> Packed:
    kind: Kind = "application" if key.kind == "application" else "bid"
    lot: Lot | None = key.lot
    what = f"{consultation.title}, lot {lot.number}" if lot else consultation.title
    documents = _documents(kind, firm.company.name, what, price)
    manifest = Manifest(
        platform=settings.LOG_ORIGIN,
        consultation=str(consultation.id),
        reference=consultation.reference,
        lot=str(lot.number) if lot else None,
        kind=kind,
        siret=firm.company.siret,
        company=firm.company.name,
        files=tuple(ManifestFile(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in documents),
        deadline=_deadline(consultation).strftime("%Y-%m-%dT%H:%M:%SZ"),
        documents_version=consultation.documents_version,
        key=key.recipient,
        salt=new_salt().hex(),
    )
    tar, sealed = io.BytesIO(), io.BytesIO()
    write_envelope(tar, manifest, [io.BytesIO(data) for _name, data in documents])
    tar.seek(0)
    encrypt(tar, sealed, key.recipient)
    return Packed(kind, lot.number if lot else None, sealed.getvalue(), manifest.commitment)


def _deadline(consultation: Consultation) -> datetime:
    if consultation.deadline is None:
        raise ValueError("a consultation without a deadline takes no deposit")
    return consultation.deadline.astimezone(UTC)


def _documents(kind: Kind, company: str, what: str, price: str) -> list[tuple[str, bytes]]:
    if kind == "application":
        text = f"{company} présente sa candidature. Effectif, références et assurances sont inventés."
        return [
            (f"{title.split(',')[0]}.pdf", paper(title, company, what, (("Candidat", text),))) for title in APPLICATION
        ]
    text = f"Prix total proposé : {price} hors taxes. Montant inventé."
    return [(f"{title}.pdf", paper(title, company, what, (("Offre", text),))) for title in BID]


def _upload(consultation: Consultation, firm: FirmView, packed: Packed) -> SealedEnvelope:
    visitor = Visitor(consultation.authority_id, firm.company.id, consultation.id)
    size, digest = len(packed.sealed), hashlib.sha256(packed.sealed)
    metadata = {"kind": packed.kind, **({"lot": str(packed.lot)} if packed.lot else {})}
    upload_id = create_upload(visitor, size, limits("deposit").envelope, metadata)
    receive_part(visitor, upload_id, Part(0, size, digest.digest(), [packed.sealed]))
    return SealedEnvelope(packed.kind, packed.lot, upload_id, size, digest.hexdigest(), packed.commitment)
