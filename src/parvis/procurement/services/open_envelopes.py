"""The server's part of an opening: with a file's 16-byte key, decrypt our own copy, check everything, keep the documents."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts import facade as accounts
from parvis.audit import facade as audit
from parvis.documents import facade as documents
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.procurement.models import Envelope, OpenedDocument, OpeningKey, OpeningSession, ReleasedShare
from parvis.procurement.rules.limits import limits
from parvis.procurement.selectors.opening import envelopes_to_open
from parvis.sealing.age import decrypt_with_file_key
from parvis.sealing.age.errors import AgeError, HeaderMacMismatch
from parvis.sealing.manifest import Manifest, ManifestError, check_context, read_envelope
from parvis.sealing.tarball import TarError


@dataclass(frozen=True, slots=True)
class Outcome:
    """`state`: opened or unreadable; `reason`: the French sentence of an unreadable one."""

    envelope: UUID
    state: str
    reason: str = ""


@dataclass(slots=True)
class _Unpacked:
    manifest: Manifest
    files: list[tuple[str, Path]] = field(default_factory=list)


def open_envelopes(consultation_id: UUID, actor: UUID, key_id: UUID, file_keys: dict[UUID, bytes | None]) -> list[Outcome]:
    """Open envelopes of the present stage, each in a transaction of its own; one that resists does not stop the others.

    A file key of None says that the browser could not unwrap the envelope with the opening key; it may be tried again until the session closes.

    Raises Refusal when the session is not running, the stage is another, or fewer custodians than the threshold released their share of this key.
    """
    key = _key_of_stage(consultation_id, key_id)
    waiting = {e.id: e for e in envelopes_to_open(key.consultation, key)}
    if unknown := file_keys.keys() - waiting.keys():
        raise Refusal("unknown_envelope", _("%(n)s enveloppe(s) ne sont pas à ouvrir à cette étape. Rechargez la page.") % {"n": len(unknown)})
    return [_open_one(waiting[envelope_id], key, file_key, actor) for envelope_id, file_key in file_keys.items()]


def _key_of_stage(consultation_id: UUID, key_id: UUID) -> OpeningKey:
    session = OpeningSession.objects.filter(consultation_id=consultation_id, closed_at__isnull=True).first()
    key = OpeningKey.objects.select_related("consultation", "lot").filter(id=key_id, consultation_id=consultation_id).first()
    if session is None or key is None or key.kind != session.stage:
        raise Refusal("not_this_stage", _("Cette clé n’est pas celle de l’étape en cours. Rechargez la page."))
    released = ReleasedShare.objects.filter(session=session, opening_key=key, session_recipient=session.recipient).count()
    if released < key.threshold:
        message = _("Il faut %(k)s détenteurs\u202f; %(n)s ont donné leur part. Attendez les autres.")
        raise Refusal("too_few_shares", message % {"k": key.threshold, "n": released})
    return key


def _open_one(envelope: Envelope, key: OpeningKey, file_key: bytes | None, actor: UUID) -> Outcome:
    with transaction.atomic():
        held = Envelope.objects.select_for_update().get(id=envelope.id)
        if held.opened_at is not None:
            return Outcome(held.id, "opened")
        if file_key is None:
            return _unreadable(held, _("elle n’est pas scellée à la clé de cette consultation"), actor)
        try:
            with _unpack(envelope, key, file_key) as unpacked:
                return _keep(held, unpacked, actor)
        except HeaderMacMismatch as error:
            message = _("La clé envoyée n’est pas celle de cette enveloppe. Rechargez la page et recommencez\u202f: rien n’est perdu.")
            raise Refusal("wrong_file_key", message) from error
        except (AgeError, TarError, ManifestError) as error:
            return _unreadable(held, str(error), actor)


@contextmanager
def _unpack(envelope: Envelope, key: OpeningKey, file_key: bytes) -> Iterator[_Unpacked]:
    """Decrypted documents in a folder that lives for the block only. Nothing of them is kept unless every check passes."""
    company = accounts.companies([envelope.submission.company_id])[envelope.submission.company_id]
    settings.FILES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.FILES, prefix="opening-") as folder:
        tar, files, open_sinks = Path(folder) / "envelope.tar", [], []
        with documents.upload_path(envelope.upload_id).open("rb") as source, tar.open("wb") as plain:
            decrypt_with_file_key(source, file_key, plain)

        def sink_for(name: str, size: int) -> BinaryIO:
            path = Path(folder) / f"{len(files):05d}"
            files.append((name, path))
            sink = path.open("wb")
            open_sinks.append(sink)
            return sink

        try:
            with tar.open("rb") as source:
                manifest = read_envelope(source, sink_for)
        finally:
            for sink in open_sinks:
                sink.close()
        check_context(
            manifest, commitment=envelope.commitment, consultation=str(key.consultation_id), kind=envelope.kind,
            lot=str(envelope.lot.number) if envelope.lot else None, siret=company.siret, key=key.recipient,
        )  # fmt: skip
        yield _Unpacked(manifest, files)


def _keep(envelope: Envelope, unpacked: _Unpacked, actor: UUID) -> Outcome:
    for position, (name, path) in enumerate(unpacked.files):
        with path.open("rb") as source:
            kept = documents.store(source, name, "application/octet-stream", limits("deposit").file)
        OpenedDocument.objects.create(envelope=envelope, file_id=kept.id, position=position)
    envelope.opened_at, envelope.unreadable = clock.now(), ""
    envelope.save(update_fields=["opened_at", "unreadable"])
    _record(envelope, actor, {"files": [{"name": f.name, "size": f.size, "sha256": f.sha256} for f in unpacked.manifest.files]})
    return Outcome(envelope.id, "opened")


def _unreadable(envelope: Envelope, why: str, actor: UUID) -> Outcome:
    envelope.unreadable = _("L’enveloppe ne s’ouvre pas telle qu’elle a été déposée (%(why)s). Son contenu scellé est gardé comme preuve.") % {"why": why}
    envelope.save(update_fields=["unreadable"])
    _record(envelope, actor, {"unreadable": why})
    return Outcome(envelope.id, "unreadable", envelope.unreadable)


def _record(envelope: Envelope, actor: UUID, more: dict[str, object]) -> None:
    submission = envelope.submission
    if submission.state == "sealed":
        submission.state = "opened"
        submission.save(update_fields=["state"])
    audit.record(
        "envelope.opened",
        subject=submission.consultation_id,
        actor=actor,
        data={
            "envelope": str(envelope.id),
            "submission": str(submission.id),
            "kind": envelope.kind,
            "lot": envelope.lot.number if envelope.lot else None,
            "sealed_sha256": envelope.sha256,
            "commitment": envelope.commitment,
            **more,
        },
    )


