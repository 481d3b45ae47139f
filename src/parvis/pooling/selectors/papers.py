from collections.abc import Iterable
from typing import BinaryIO
from uuid import UUID

from parvis.documents import facade as documents
from parvis.documents.contracts import FileView
from parvis.kit import scope
from parvis.pooling.models import Paper
from parvis.pooling.selectors.reach import reach


def papers_of(subject_id: UUID, kinds: Iterable[str] | None = None) -> list[Paper]:
    """Oldest first; the rows that the authority in scope may read."""
    found = Paper.objects.filter(subject_id=subject_id)
    return list(found.filter(kind__in=list(kinds)) if kinds is not None else found)


def papers_by_subject(subject_ids: Iterable[UUID], kinds: Iterable[str]) -> dict[UUID, list[Paper]]:
    """As papers_of, for several subjects in one query; those without papers are left out."""
    found: dict[UUID, list[Paper]] = {}
    for paper in Paper.objects.filter(subject_id__in=list(subject_ids), kind__in=list(kinds)):
        found.setdefault(paper.subject_id, []).append(paper)
    return found


def open_paper(paper_id: UUID) -> tuple[Paper, FileView, BinaryIO]:
    """The bytes of a paper within reach of the authority in scope, read in its owner's. Raises Http404."""
    paper = reach(Paper, paper_id)
    with scope.authority(paper.authority_id):
        view, stream = documents.file_views([paper.file_id])[paper.file_id], documents.open_file(paper.file_id)
    return paper, view, stream
