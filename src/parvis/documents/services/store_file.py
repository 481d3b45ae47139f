from collections.abc import Iterator
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.documents.contracts import FileView
from parvis.documents.models import ScanState, StoredFile
from parvis.documents.rules import media_type_of, safe_name
from parvis.documents.scanning import scanner
from parvis.documents.selectors import file_view
from parvis.documents.storage import TooLarge, is_full, storage
from parvis.kit import outbox, scope
from parvis.kit.errors import Refusal
from parvis.kit.ids import new_id
from parvis.kit.jinja import filesize

BLOCK = 256 * 1024


def store_file(stream: BinaryIO, name: str, media_type: str, max_size: int, *, may_be_empty: bool = False) -> FileView:
    """Keep a whole file for the authority in scope, durably; its virus scan follows the commit.

    `max_size` in bytes. `may_be_empty`: for what must be kept as it came. Raises Refusal too_large, empty, disk_full.
    """
    authority_id, file_id, name = scope.current_authority(), new_id(), safe_name(name)
    try:
        size, sha256 = storage().save(authority_id, file_id, _blocks(stream), max_size)
    except TooLarge:
        message = _(
            "« %(name)s » dépasse la limite de %(limit)s par fichier. Réduisez-le ou partagez-le en plusieurs fichiers."
        )
        raise Refusal("too_large", message % {"name": name, "limit": filesize(max_size)}) from None
    except OSError as error:
        if is_full(error):
            raise disk_full() from error
        raise
    if not size and not may_be_empty:
        storage().remove(authority_id, file_id)
        raise Refusal(
            "empty",
            _("« %(name)s » est vide. Vérifiez le fichier sur votre poste, puis envoyez-le de nouveau.")
            % {"name": name},
        )
    to_scan = scanner() is not None
    with transaction.atomic():
        file = StoredFile.objects.create(
            id=file_id,
            name=name,
            size=size,
            sha256=sha256,
            media_type=media_type_of(media_type, name),
            scan=ScanState.PENDING if to_scan else ScanState.UNCHECKED,
            scan_report="" if to_scan else _("Aucun antivirus n’est configuré sur cette plateforme."),
        )
        if to_scan:
            outbox.enqueue("documents.scan", authority=str(authority_id), file=str(file_id))
    return file_view(file)


def disk_full() -> Refusal:
    message = _(
        "La plateforme manque de place pour recevoir ce fichier. Rien de ce qui est déjà reçu n’est "
        "perdu. L’exploitant est prévenu\u202f: réessayez dans quelques minutes."
    )
    return Refusal("disk_full", message)


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(BLOCK):
        yield block
