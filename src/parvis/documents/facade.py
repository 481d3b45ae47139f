"""The door of the documents room: whole files, resumable uploads, virus scans."""

from parvis.documents.contracts import AttemptView, FileView, StorageReport, UploadView
from parvis.documents.rules import distinct_names, safe_name
from parvis.documents.selectors import attempts, file_path, file_views, upload_path, upload_views
from parvis.documents.services.open_file import open_file
from parvis.documents.services.reconcile_storage import abandon_stale, reconcile_storage
from parvis.documents.services.seal_uploads import lock_uploads, mark_sealed
from parvis.documents.services.store_file import store_file as store
from parvis.documents.services.zip_files import ZipDownload
from parvis.documents.services.zip_files import zip_files as zip_stream
from parvis.documents.tus import tus_collection, tus_resource

__all__ = [
    "AttemptView",
    "FileView",
    "StorageReport",
    "UploadView",
    "ZipDownload",
    "abandon_stale",
    "attempts",
    "distinct_names",
    "file_path",
    "file_views",
    "lock_uploads",
    "mark_sealed",
    "open_file",
    "reconcile_storage",
    "safe_name",
    "store",
    "tus_collection",
    "tus_resource",
    "upload_path",
    "upload_views",
    "zip_stream",
]
