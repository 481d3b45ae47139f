"""One part of an upload: read and verified beside the acknowledged bytes, made durable, and only then counted.

No transaction is open and no row is locked while a visitor's network sets the pace.
"""

import hashlib
import hmac
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from parvis.documents.models import Upload, UploadEvent, UploadState
from parvis.documents.services.store_file import disk_full
from parvis.documents.services.trace_attempt import Visitor, trace_attempt
from parvis.documents.storage import Busy, Claim, Superseded, is_full, storage
from parvis.documents.storage.local_disk import hash_file
from parvis.kit import scope
from parvis.kit.errors import Refusal

log = logging.getLogger("parvis.documents")


class Cut(Exception):
    """The connection ended before the body did."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a request announces: where it starts, its bytes (may raise Cut), their number and SHA-256 if told."""

    offset: int
    length: int | None
    checksum: bytes | None
    blocks: Iterable[bytes]


@dataclass(slots=True)
class _Progress:
    received: int = 0


def receive_part(visitor: Visitor, upload_id: UUID, part: Part) -> int:
    """The new offset, once the bytes are durable. The caller holds no transaction.

    Raises Refusal not_found, gone, sealed, busy, offset, too_long, checksum, cut, disk_full, superseded. With no
    checksum, what came before a cut is kept; with one, a part counts whole or not at all.
    """
    progress = _Progress()
    try:
        return _take_part(visitor, upload_id, part, progress)
    except Refusal as refusal:
        _trace_refusal(visitor, upload_id, part.offset, progress.received, refusal.code)
        raise
    except (OSError, DatabaseError) as error:
        if not _no_room(error):
            _trace_refusal(visitor, upload_id, part.offset, progress.received, "failure")
            raise
        log.error("no room left for upload %s: %s", upload_id, error)
        _trace_refusal(visitor, upload_id, part.offset, progress.received, "disk_full")
        raise disk_full() from error


def _take_part(visitor: Visitor, upload_id: UUID, part: Part, progress: _Progress) -> int:
    try:
        claim, size = _start(visitor, upload_id, part)
        try:
            return _receive(visitor, upload_id, part, claim, size, progress)
        finally:
            claim.release()
    except Superseded:
        raise _superseded() from None


def owned_upload(visitor: Visitor, upload_id: UUID) -> Upload:
    """Raises Refusal not_found, gone. Another's upload does not exist."""
    upload: Upload | None = Upload.objects.filter(id=upload_id, owner_id=visitor.owner_id).first()
    if upload is None:
        raise Refusal("not_found", _("Cet envoi n’existe pas pour votre entreprise. Recommencez l’envoi du fichier."))
    if upload.state == UploadState.ABANDONED:
        raise Refusal("gone", _("Cet envoi a été abandonné. Recommencez l’envoi du fichier."))
    return upload


def _start(visitor: Visitor, upload_id: UUID, part: Part) -> tuple[Claim, int]:
    """The right to write, and the size of the whole upload in bytes. Gives the database connection back."""
    with scope.authority(visitor.authority_id):
        owned_upload(visitor, upload_id)
        try:
            claim = Claim(storage().path(visitor.authority_id, upload_id))
        except Busy:
            raise Refusal(
                "busy",
                _(
                    "Une autre page envoie déjà ce fichier. Fermez-la, ou attendez\u202f: l’envoi "
                    "reprendra ici dans quelques secondes."
                ),
            ) from None
        except FileNotFoundError as error:
            log.critical("the bytes of upload %s are missing", upload_id)
            raise _bytes_lost() from error
        try:
            # Read again: what the last writer counted before it left is certain only now.
            upload = owned_upload(visitor, upload_id)
            _check(upload, part, claim.length())
            claim.truncate(upload.offset)
            trace_attempt(visitor, UploadEvent.STARTED, upload_id, offset=part.offset, received=0)
        except BaseException:
            claim.release()
            raise
    if not connection.in_atomic_block:
        connection.close()
    return claim, upload.size


def _check(upload: Upload, part: Part, length: int) -> None:
    if upload.state != UploadState.OPEN:
        raise Refusal("sealed", _("Ce fichier est déjà entier sur la plateforme\u202f: il n’y a plus rien à envoyer."))
    if part.offset != upload.offset:
        raise Refusal(
            "offset",
            _("Cette partie ne suit pas la précédente. L’envoi reprend tout seul là où la plateforme s’est arrêtée."),
        )
    if length < upload.offset:
        log.critical("upload %s has %s bytes on disk for %s acknowledged", upload.id, length, upload.offset)
        raise _bytes_lost()
    if part.length is not None and part.offset + part.length > upload.size:
        raise _too_long()


def _receive(visitor: Visitor, upload_id: UUID, part: Part, claim: Claim, size: int, progress: _Progress) -> int:
    digest, whole = hashlib.sha256(), True
    try:
        for block in part.blocks:
            if part.offset + progress.received + len(block) > size:
                raise _too_long()
            claim.write(block, part.offset + progress.received)
            if part.checksum is not None:
                digest.update(block)
            progress.received += len(block)
        whole = part.length is None or progress.received == part.length
    except Cut:
        whole = False
    if part.checksum is not None:
        if not whole:
            raise Refusal(
                "cut", _("La connexion s’est coupée. L’envoi reprend tout seul là où la plateforme s’est arrêtée.")
            )
        if not hmac.compare_digest(digest.digest(), part.checksum):
            raise Refusal("checksum", _("Des octets ont été abîmés en chemin. Cette partie est renvoyée toute seule."))
    return _count(visitor, upload_id, part.offset, progress.received, size, claim)


def _count(visitor: Visitor, upload_id: UUID, offset: int, received: int, size: int, claim: Claim) -> int:
    """Durable first, then counted, then acknowledged."""
    claim.sync()
    end = offset + received
    sha256 = hash_file(storage().path(visitor.authority_id, upload_id), claim.alive) if end == size else ""
    with claim.mine(), scope.authority(visitor.authority_id):
        upload = Upload.objects.select_for_update().get(id=upload_id)
        if upload.state != UploadState.OPEN or upload.offset != offset:
            raise Superseded
        upload.offset, upload.sha256 = end, sha256
        upload.state = UploadState.COMPLETE if end == size else UploadState.OPEN
        upload.save(update_fields=["offset", "sha256", "state", "touched_at"])
        trace_attempt(visitor, UploadEvent.RECEIVED, upload_id, offset=offset, received=received, status=204)
    return end


def _trace_refusal(visitor: Visitor, upload_id: UUID, offset: int, received: int, code: str) -> None:
    try:
        with scope.authority(visitor.authority_id):
            trace_attempt(
                visitor,
                UploadEvent.REFUSED,
                upload_id,
                offset=offset,
                received=received,
                status=STATUSES.get(code, 500),
                code=code,
            )
    except DatabaseError:
        # The refusal itself must reach the visitor, whatever the state of the database.
        log.exception("a refusal of upload %s could not be traced: %s", upload_id, code)


def _no_room(error: OSError | DatabaseError) -> bool:
    if isinstance(error, OSError):
        return is_full(error)
    return getattr(error.__cause__, "sqlstate", "") == "53100"


def _too_long() -> Refusal:
    return Refusal("too_long", _("Il arrive plus d’octets que la taille annoncée. Recommencez l’envoi du fichier."))


def _superseded() -> Refusal:
    return Refusal("superseded", _("Cet envoi continue par une autre connexion. Celle-ci s’arrête, rien n’est perdu."))


def _bytes_lost() -> Refusal:
    return Refusal(
        "gone",
        _(
            "Des octets déjà reçus sont devenus illisibles sur la plateforme. L’exploitant est "
            "prévenu. Recommencez l’envoi de ce fichier."
        ),
    )


# What each refusal is in HTTP, for the answer and for the trace.
STATUSES = {
    "not_found": 404,
    "gone": 410,
    "sealed": 403,
    "busy": 423,
    "superseded": 423,
    "offset": 409,
    "too_long": 413,
    "too_large": 413,
    "too_much": 413,
    "checksum": 460,
    "cut": 400,
    "disk_full": 507,
    "malformed": 400,
    "length_required": 411,
    "version": 412,
    "media_type": 415,
}
