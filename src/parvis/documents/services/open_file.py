from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.documents.models import ScanState, StoredFile
from parvis.documents.storage import storage
from parvis.kit import scope
from parvis.kit.errors import Refusal


def open_file(file_id: UUID) -> BinaryIO:
    """The bytes of a file of the authority in scope; the caller closes it. Raises Refusal not_found, quarantined."""
    readable(file_id)
    return storage().open(scope.current_authority(), file_id)


def readable(file_id: UUID) -> StoredFile:
    """The row of a file that may be read. A file whose scan is late stays readable: the documents of a consultation are
    owed to all.
    """
    file: StoredFile | None = StoredFile.objects.filter(id=file_id).first()
    if file is None:
        raise Refusal(
            "not_found", _("Ce fichier n’existe pas, ou n’existe plus. Revenez à la page précédente et actualisez-la.")
        )
    if file.scan == ScanState.INFECTED:
        message = _(
            "« %(name)s » contient un virus\u202f: il est en quarantaine et ne peut pas être ouvert. "
            "Demandez à son auteur un fichier sain."
        )
        raise Refusal("quarantined", message % {"name": file.name})
    return file
