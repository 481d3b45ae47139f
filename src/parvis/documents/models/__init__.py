from parvis.documents.models.stored_file import ScanState, StoredFile
from parvis.documents.models.upload import Upload, UploadAttempt, UploadEvent, UploadState

__all__ = ["ScanState", "StoredFile", "Upload", "UploadAttempt", "UploadEvent", "UploadState"]
