from datetime import date
from typing import BinaryIO
from uuid import UUID

from parvis.documents import facade as documents
from parvis.kit import scope
from parvis.pooling.models import Paper, PaperKind

MAX_PAPER = 20 * 1024 * 1024


def attach_paper(
    subject_id: UUID,
    circle_id: UUID,
    kind: PaperKind,
    title: str,
    stream: BinaryIO,
    *,
    owner_id: UUID,
    name: str,
    dated: date | None = None,
    actor_id: UUID | None = None,
) -> Paper:
    """Keep a file of at most 20 MiB with what it proves; its bytes and its row belong to `owner_id`.

    Raises Refusal too_large, empty, disk_full.
    """
    with scope.authority(owner_id):
        stored = documents.store(stream, name, "", MAX_PAPER)
        paper: Paper = Paper.objects.create(
            subject_id=subject_id,
            circle_id=circle_id,
            kind=kind,
            title=title or stored.name,
            file_id=stored.id,
            dated=dated,
            added_by=actor_id,
        )
        return paper
