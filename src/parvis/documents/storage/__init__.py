"""Where bytes lie: a folder of this machine, one file per id, under the authority that owns it."""

from parvis.documents.storage.claim import Busy, Claim, Superseded
from parvis.documents.storage.local_disk import LocalDisk, TooLarge, is_full, storage

__all__ = ["Busy", "Claim", "LocalDisk", "Superseded", "TooLarge", "is_full", "storage"]
