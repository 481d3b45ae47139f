"""The server's part of an opening: with a file's 16-byte key, decrypt our own copy, check all, keep the documents."""

import errno
import hashlib
import logging
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts import facade as accounts
from parvis.audit import facade as audit
from parvis.documents import facade as documents
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.procurement.models import Envelope, OpenedDocument, OpeningKey, OpeningSession, ReleasedShare, Submission
from parvis.procurement.selectors.opening import envelopes_to_open
from parvis.procurement.services.settle_submissions import give_way
from parvis.procurement.services.unreadable_reasons import bytes_differ, unreadable_reason
from parvis.procurement.states import SubmissionState, allowed
from parvis.sealing.age import decrypt_with_file_key
from parvis.sealing.age.errors import AgeError, HeaderMacMismatch, NoMatch
from parvis.sealing.age.header import read_header
from parvis.sealing.manifest import Manifest, ManifestError, check_context, read_envelope
from parvis.sealing.tarball import TarError

log = logging.getLogger("parvis.procurement")
BLOCK = 1024 * 1024
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`state`: opened or unreadable; `reason`: the French sentence of an unreadable one."""

    envelope: UUID
    state: str
    reason: str = ""


class _BytesDiffer(Exception):
    """The sealed file on our disk is gone, or is not the one of the receipt."""


@dataclass(frozen=True, slots=True)
class _Content:
    """The decrypted tar, and where each document lies in it: (offset, size) in the manifest's order."""

    tar: IO[bytes]
    manifest: Manifest
    places: tuple[tuple[int, int], ...]


class _Slice:
    """A part of a file, read as a file of its own."""

    def __init__(self, source: IO[bytes], offset: int, size: int) -> None:
        source.seek(offset)
        self._source, self._left = source, size

    def read(self, size: int = -1, /) -> bytes:
        piece = self._source.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(piece)
        return piece


class _Discard:
    """Where documents go while they are only checked."""

    def write(self, data: bytes, /) -> int:
        return len(data)


def open_envelopes(
    consultation_id: UUID, actor: UUID, key_id: UUID, file_keys: Mapping[UUID, bytes | None]
) -> list[Outcome]:
    """Open envelopes of the present stage, each in a transaction of its own; one that resists does not stop the others.

    A file key of None says that the browser could not unwrap the envelope with the opening key. An unreadable envelope
    may be tried again until the session closes. Raises Refusal when the session is not running or another presides it,
    the stage is another, or fewer custodians than the threshold released their share of this key; and, once all were
    tried, when the key sent for one of them is not its own or the disk is full: that one stays sealed.
    """
    key = _key_of_stage(consultation_id, actor, key_id)
    waiting = {e.id: e for e in envelopes_to_open(key.consultation, key)}
    if unknown := file_keys.keys() - waiting.keys():
        message = _("%(n)s enveloppe(s) ne sont pas à ouvrir à cette étape. Rechargez la page.")
        raise Refusal("unknown_envelope", message % {"n": len(unknown)})
    outcomes, refusals = [], []
    for envelope_id, file_key in file_keys.items():
        try:
            outcomes.append(_open_one(waiting[envelope_id], key, file_key, actor))
        except Refusal as refusal:
            refusals.append(refusal)
    if refusals:
        raise refusals[0]
    return outcomes


def _key_of_stage(consultation_id: UUID, actor: UUID, key_id: UUID) -> OpeningKey:
    session = OpeningSession.objects.filter(consultation_id=consultation_id, closed_at__isnull=True).first()
    keys = OpeningKey.objects.select_related("consultation", "lot")
    key: OpeningKey | None = keys.filter(id=key_id, consultation_id=consultation_id).first()
    if session is None or key is None or key.kind != session.stage:
        raise Refusal("not_this_stage", _("Cette clé n’est pas celle de l’étape en cours. Rechargez la page."))
    if session.chair_id != actor:
        # A file key of None would let anyone else make a submission unreadable.
        message = _("Une autre personne préside cette séance\u202f: c’est depuis son poste que les plis s’ouvrent.")
        raise Refusal("not_chair", message)
    releases = ReleasedShare.objects.filter(session=session, opening_key=key, session_recipient=session.recipient)
    released = releases.values("custodian").distinct().count()
    if released < key.threshold:
        message = _("Il faut %(k)s détenteurs\u202f; %(n)s ont donné leur part. Attendez les autres.")
        raise Refusal("too_few_shares", message % {"k": key.threshold, "n": released})
    return key


def _open_one(envelope: Envelope, key: OpeningKey, file_key: bytes | None, actor: UUID) -> Outcome:
    with transaction.atomic():
        held = Envelope.objects.select_for_update(of=("self",)).select_related("submission", "lot").get(id=envelope.id)
        if held.opened_at is not None:
            return Outcome(held.id, "opened")
        try:
            with tempfile.TemporaryFile(dir=_folder()) as tar:
                return _keep(held, _unpack(held, key, file_key, tar), actor)
        except HeaderMacMismatch as error:
            message = _(
                "La clé envoyée n’est pas celle de cette enveloppe. Rechargez la page et recommencez\u202f: "
                "rien n’est perdu."
            )
            raise Refusal("wrong_file_key", message) from error
        except _BytesDiffer:
            log.critical("the sealed bytes of envelope %s are not those of its receipt", held.id)
            return _unreadable(held, bytes_differ(), actor)
        except (AgeError, TarError, ManifestError) as error:
            return _unreadable(held, unreadable_reason(error), actor)
        except OSError as error:
            if error.errno not in FULL:
                raise
            message = _(
                "La plateforme manque de place pour ouvrir cette enveloppe. Prévenez l’exploitant, puis recommencez."
            )
            raise Refusal("disk_full", message) from error


def _folder() -> str:
    settings.FILES.mkdir(mode=0o700, parents=True, exist_ok=True)
    return str(settings.FILES)


def _unpack(envelope: Envelope, key: OpeningKey, file_key: bytes | None, tar: IO[bytes]) -> _Content:
    """Decrypt into a file without a name, which no crash leaves behind, and check all of it before a byte is kept."""
    _check_sealed_bytes(envelope)
    with documents.upload_path(envelope.upload_id).open("rb") as source:
        if file_key is None:
            read_header(source)
            raise NoMatch("the session could not unwrap the file key")
        decrypt_with_file_key(source, file_key, tar)
    tar.seek(0)
    places: list[tuple[int, int]] = []

    def sink_for(name: str, size: int) -> _Discard:
        places.append((tar.tell(), size))
        return _Discard()

    manifest = read_envelope(tar, sink_for)
    company = accounts.companies([envelope.submission.company_id])[envelope.submission.company_id]
    check_context(
        manifest, commitment=envelope.commitment, consultation=str(key.consultation_id), kind=envelope.kind,
        lot=str(envelope.lot.number) if envelope.lot else None, siret=company.siret, key=key.recipient,
    )  # fmt: skip
    return _Content(tar, manifest, tuple(places))


def _check_sealed_bytes(envelope: Envelope) -> None:
    """Raises _BytesDiffer unless the disk still holds the file of the receipt."""
    digest = hashlib.sha256()
    try:
        with documents.upload_path(envelope.upload_id).open("rb", buffering=0) as source:
            while block := source.read(BLOCK):
                digest.update(block)
    except OSError as error:
        raise _BytesDiffer from error
    if digest.hexdigest() != envelope.sha256:
        raise _BytesDiffer


def _keep(envelope: Envelope, content: _Content, actor: UUID) -> Outcome:
    _mark_submission_opened(envelope.submission, actor)
    files = content.manifest.files
    for position, (file, (offset, size)) in enumerate(zip(files, content.places, strict=True)):
        source = cast(BinaryIO, _Slice(content.tar, offset, size))
        kept = documents.store(source, file.name, "application/octet-stream", size, may_be_empty=True)
        OpenedDocument.objects.create(envelope=envelope, file_id=kept.id, position=position)
    envelope.opened_at, envelope.unreadable = clock.now(), ""
    envelope.save(update_fields=["opened_at", "unreadable"])
    _record(envelope, actor, {"files": [{"name": f.name, "size": f.size, "sha256": f.sha256} for f in files]})
    return Outcome(envelope.id, "opened")


def _unreadable(envelope: Envelope, why: str, actor: UUID) -> Outcome:
    _mark_submission_opened(envelope.submission, actor)
    message = _(
        "L’enveloppe ne s’ouvre pas telle qu’elle a été déposée (%(why)s). Son contenu scellé est gardé comme preuve."
    )
    envelope.unreadable = message % {"why": why}
    envelope.save(update_fields=["unreadable"])
    _record(envelope, actor, {"unreadable": why})
    return Outcome(envelope.id, "unreadable", envelope.unreadable)


def _mark_submission_opened(submission: Submission, actor: UUID) -> None:
    """First of all: the database itself refuses it for a late submission, or for a second one of the same company."""
    state = SubmissionState(submission.state)
    if state is SubmissionState.OPENED:
        return
    if not allowed(state, "open_envelopes"):
        message = _("Le pli n° %(number)s reste scellé\u202f: il est hors délai, ou remplacé. Rechargez la page.")
        raise Refusal("stays_sealed", message % {"number": submission.number})
    give_way(submission, actor)
    submission.state = SubmissionState.OPENED
    submission.save(update_fields=["state"])


def _record(envelope: Envelope, actor: UUID, more: dict[str, object]) -> None:
    audit.record(
        "envelope.opened",
        subject=envelope.submission.consultation_id,
        actor=actor,
        data={
            "envelope": str(envelope.id),
            "submission": str(envelope.submission_id),
            "kind": envelope.kind,
            "lot": envelope.lot.number if envelope.lot else None,
            "sealed_sha256": envelope.sha256,
            "commitment": envelope.commitment,
            **more,
        },
    )
