from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.procurement.models import ProcurementDocument
from parvis.procurement.rules.limits import extension, file_error, limits
from parvis.procurement.services.locking import locked_consultation
from parvis.procurement.services.version_documents import version_documents


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What a buyer may change of a document of a draft. `title`: its name, the extension kept whatever is typed."""

    title: str
    kind: str
    position: int


def arrange_documents(consultation_id: UUID, wanted: Mapping[UUID, Arrangement], *, actor_id: UUID) -> None:
    """Renames, sorts and says the role of documents. Those that `wanted` does not name keep theirs, after the others.

    Raises Refusal: not_now, document (a name that cannot be), same_name.
    """
    with transaction.atomic():
        consultation = locked_consultation(consultation_id, "save_draft")
        documents = list(ProcurementDocument.objects.filter(consultation=consultation).order_by("position", "id"))
        before = [(one.id, one.title, one.kind) for one in documents]
        for one in documents:
            if arrangement := wanted.get(one.id):
                one.title, one.kind = _named(one.title, arrangement.title), arrangement.kind
        documents.sort(key=lambda one: wanted[one.id].position if one.id in wanted else len(documents))
        after = [(one.id, one.title, one.kind) for one in documents]
        if before == after:
            return
        _refuse_twins([one.title for one in documents])
        # Names may be exchanged: free them all before writing the new ones.
        for one in documents:
            ProcurementDocument.objects.filter(id=one.id).update(title=str(one.id))
        for position, one in enumerate(documents):
            ProcurementDocument.objects.filter(id=one.id).update(title=one.title, kind=one.kind, position=position)
        data = {"names": [one.title for one in documents], "version": version_documents(consultation)}
        audit.record("documents.arranged", subject=consultation.id, actor=actor_id, data=data)


def _named(old: str, typed: str) -> str:
    kept = extension(old)
    stem = typed.strip()
    name = stem if extension(stem) == kept else f"{stem}{kept}"
    if error := file_error(name, 1, limits("documents")):
        raise Refusal("document", error, "files")
    return name


def _refuse_twins(names: list[str]) -> None:
    folded = [name.casefold() for name in names]
    for name in names:
        if folded.count(name.casefold()) > 1:
            message = _("Deux documents s’appelleraient «\u202f%(name)s\u202f». Donnez un autre nom à l’un des deux.")
            raise Refusal("same_name", message % {"name": name}, "files")
