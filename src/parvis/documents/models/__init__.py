from parvis.documents.models.stored_file import StoredFile
from parvis.documents.models.upload import Upload

__all__ = ["StoredFile", "Upload"]
