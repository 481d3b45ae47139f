from uuid import UUID

from parvis.audit.facade import record
from parvis.documents.models import ScanState, StoredFile
from parvis.documents.scanning import Verdict, scanner
from parvis.documents.storage import storage
from parvis.kit import scope


def scan_file(authority_id: UUID, file_id: UUID) -> None:
    """Give a pending file its verdict; an infected one is in quarantine from then on. Raises RetryLater when the
    scanner is silent.
    """
    with scope.authority(authority_id):
        waiting = StoredFile.objects.filter(id=file_id, scan=ScanState.PENDING).exists()
    if not waiting:
        return
    chosen = scanner()
    if chosen is None:
        verdict = Verdict("unchecked", "Aucun antivirus n’est configuré sur cette plateforme.")
    else:
        with storage().open(authority_id, file_id) as stream:
            verdict = chosen.scan(stream)
    with scope.authority(authority_id):
        file = StoredFile.objects.select_for_update().get(id=file_id)
        if file.scan != ScanState.PENDING:
            return
        file.scan, file.scan_report = ScanState(verdict.state), verdict.report[:300]
        file.save(update_fields=["scan", "scan_report"])
        if file.scan == ScanState.INFECTED:
            record("file.quarantined", subject=file_id, data={"sha256": file.sha256, "virus": verdict.report[:300]})
