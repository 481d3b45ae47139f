import hashlib
from uuid import UUID

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from parvis.documents.models import Upload, UploadEvent, UploadState
from parvis.documents.services.receive_part import STATUSES
from parvis.documents.services.store_file import disk_full
from parvis.documents.services.trace_attempt import Visitor, trace_attempt
from parvis.documents.storage import is_full, storage
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.kit.ids import new_id
from parvis.kit.jinja import filesize

# What PostgreSQL and the journals need to go on working while a disk fills up.
RESERVE = 256 * 1024 * 1024
# Uploads of one owner for one subject that are not part of a submission yet.
MAX_WAITING = 500


def create_upload(
    visitor: Visitor, size: int, max_size: int, metadata: dict[str, str], *, max_waiting: int | None = None
) -> UUID:
    """Open an upload of `size` bytes, refused before its first byte if it cannot be taken (CE, 13 November 2025, n°
    506640).

    `max_waiting`: bytes that one owner may have announced for the subject without a seal. Opens its own scope, so that
    a refusal leaves its trace. Raises Refusal too_large, too_much, disk_full.
    """
    upload_id = new_id()
    refusal = _obstacle(size, max_size) or _too_much(visitor, size, max_waiting)
    if refusal is None:
        try:
            storage().create(visitor.authority_id, upload_id)
        except OSError as error:
            if not is_full(error):
                raise
            refusal = disk_full()
    with scope.authority(visitor.authority_id):
        if refusal is None:
            empty = {"state": UploadState.COMPLETE, "sha256": hashlib.sha256().hexdigest()} if size == 0 else {}
            Upload.objects.create(
                id=upload_id,
                owner_id=visitor.owner_id,
                subject_id=visitor.subject_id,
                size=size,
                metadata=metadata,
                **empty,
            )
            trace_attempt(visitor, UploadEvent.CREATED, upload_id, received=0, status=201)
        else:
            trace_attempt(visitor, UploadEvent.REFUSED, received=0, status=STATUSES[refusal.code], code=refusal.code)
    if refusal is not None:
        raise refusal
    return upload_id


def _obstacle(size: int, max_size: int) -> Refusal | None:
    if size > max_size:
        message = _(
            "Ce fichier fait %(size)s et la limite est de %(limit)s. Rien n’a été envoyé. "
            "Réduisez-le ou partagez-le en plusieurs fichiers, puis recommencez."
        )
        return Refusal("too_large", message % {"size": _exact(size, max_size), "limit": filesize(max_size)})
    if storage().free() < size + RESERVE:
        return disk_full()
    return None


def _too_much(visitor: Visitor, size: int, limit: int | None) -> Refusal | None:
    """Nobody fills the disk of all others with what they never deposit."""
    if limit is None:
        return None
    with scope.authority(visitor.authority_id):
        waiting = Upload.objects.filter(
            owner_id=visitor.owner_id,
            subject_id=visitor.subject_id,
            state__in=[UploadState.OPEN, UploadState.COMPLETE],
        ).aggregate(count=Count("id"), bytes=Sum("size", default=0))
    if waiting["count"] < MAX_WAITING and waiting["bytes"] + size <= limit:
        return None
    message = _(
        "Votre entreprise a déjà envoyé %(count)s fichiers (%(size)s) qui ne font partie d’aucun pli\u202f; "
        "la limite est de %(limit)s. Rien n’a été envoyé. Déposez ou retirez ceux-là, puis recommencez."
    )
    values = {"count": waiting["count"], "size": filesize(waiting["bytes"]), "limit": filesize(limit)}
    return Refusal("too_much", message % values)


def _exact(size: int, limit: int) -> str:
    """A size above the limit must not be rounded into it."""
    return filesize(size) if filesize(size) != filesize(limit) else f"{size:,} octets".replace(",", "\u00a0")
