import re
from collections.abc import Iterable
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.documents import facade as files
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.procurement.models import Consultation, ProcurementDocument
from parvis.procurement.rules.limits import envelope_error, file_error, limits
from parvis.procurement.services.locking import locked_consultation
from parvis.procurement.services.version_documents import version_documents
from parvis.procurement.services.warn_watchers import warn_watchers

# What the name of a file says of its role, for the buyer to correct: first match wins.
_GUESSES: tuple[tuple[str, str], ...] = (
    (r"\bccap\b|clauses.administratives", "specifications_admin"),
    (r"\bcctp\b|clauses.techniques", "specifications_technical"),
    (r"\bcahier.des.charges\b|\bccp\b", "specifications_single"),
    (r"\brc\b|r[eè]glement", "rules"),
    (r"\bae\b|acte.d.engagement", "commitment"),
    (r"\bbpu\b|\bdqe\b|prix.unitaires", "unit_prices"),
    (r"\bdpgf\b|d[eé]composition|bordereau.des.prix", "price_schedule"),
)


def guessed_kind(name: str) -> str:
    """The code of procedures.toml that a file name suggests, or "": "CCTP lot 1.pdf" is specifications_technical."""
    words = re.sub(r"[_\-.]+", " ", name.casefold())
    return next((kind for pattern, kind in _GUESSES if re.search(pattern.replace(r"\b", r"(?:^|$|\b)"), words)), "")


def add_document(
    consultation_id: UUID,
    stream: BinaryIO,
    name: str,
    size: int,
    *,
    actor_id: UUID,
    kind: str = "",
    media_type: str = "",
) -> ProcurementDocument:
    """Stores one more document (size in bytes, as announced) and gives the set a new version.

    A published consultation takes further documents until its deadline: those who asked are warned. Raises Refusal:
    document (size, name or format), too_many, same_name, too_late, not_now.
    """
    allowed = limits("documents")
    if error := file_error(name, size, allowed):
        raise Refusal("document", error, "files")
    with transaction.atomic():
        # Whoever may read the documents may read one more.
        consultation = locked_consultation(consultation_id, "save_draft", "record_download")
        present = list(ProcurementDocument.objects.filter(consultation=consultation))
        _check(consultation, present, name, size)
        stored = files.store(stream, name, media_type or "application/octet-stream", allowed.file)
        document: ProcurementDocument = ProcurementDocument.objects.create(
            consultation=consultation,
            file_id=stored.id,
            title=name,
            kind=kind or guessed_kind(name),
            position=max((one.position for one in present), default=-1) + 1,
        )
        version = version_documents(consultation)
        data = {"document": str(document.id), "name": name, "sha256": stored.sha256, "version": version}
        audit.record("documents.added", subject=consultation.id, actor=actor_id, data=data)
        if consultation.state != "draft":
            warn_watchers(consultation, _("Document ajouté\u202f: %(name)s.") % {"name": name}, once=str(document.id))
    return document


def _check(consultation: Consultation, present: Iterable[ProcurementDocument], name: str, size: int) -> None:
    if consultation.state != "draft" and (consultation.deadline is None or clock.now() > consultation.deadline):
        raise Refusal(
            "too_late", _("La date limite est passée\u202f: les documents de la consultation ne changent plus.")
        )
    present = list(present)
    if any(one.title.casefold() == name.casefold() for one in present):
        message = _("Un document s’appelle déjà «\u202f%(name)s\u202f». Renommez le nouveau, ou retirez l’ancien.")
        raise Refusal("same_name", message % {"name": name}, "files")
    sizes = [view.size for view in files.file_views([one.file_id for one in present]).values()]
    if error := envelope_error([*sizes, size], limits("documents")):
        raise Refusal("too_many", error, "files")
