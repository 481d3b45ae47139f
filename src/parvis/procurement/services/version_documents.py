import hashlib

import rfc8785

from parvis.documents import facade as files
from parvis.procurement.models import Consultation, ProcurementDocument


def version_documents(consultation: Consultation) -> str:
    """Writes and returns the version of the set of documents: SHA-256 (hex) of the canonical JSON [[name, sha256], ...]
    in their order; "" without any. A sealed bid names the version that it answers.
    """
    documents = list(ProcurementDocument.objects.filter(consultation=consultation).order_by("position", "id"))
    views = files.file_views([one.file_id for one in documents])
    pairs = [[one.title, views[one.file_id].sha256] for one in documents]
    version = hashlib.sha256(rfc8785.dumps(pairs)).hexdigest() if pairs else ""
    if version != consultation.documents_version:
        consultation.documents_version = version
        consultation.save(update_fields=["documents_version", "changed_at"])
    return version
