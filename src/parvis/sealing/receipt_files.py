"""Comparing a company's own files with the manifests of its receipt."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from parvis.sealing.manifest import Manifest, ManifestFile


@dataclass(frozen=True)
class FilesFound:
    """Names are those of the manifests; `different`: a file of that name is there with other content."""

    matched: int
    different: tuple[str, ...]
    absent: tuple[str, ...]


def check_files(manifests: Sequence[Manifest], folder: Path) -> FilesFound:
    """Look for each listed file in the folder and below, by content.

    The same name may serve in two lots, so a name with other content counts only when the content is nowhere.
    Raises OSError when a file cannot be read.
    """
    present = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    wanted = {file.size for manifest in manifests for file in manifest.files}
    hashes = {_sha256(path) for path in present if path.stat().st_size in wanted}
    names = {path.name for path in present}
    different: list[str] = []
    absent: list[str] = []
    matched = 0
    for file in _every(manifests):
        if file.sha256 in hashes:
            matched += 1
        elif file.name in names:
            different.append(file.name)
        else:
            absent.append(file.name)
    return FilesFound(matched, tuple(different), tuple(absent))


def _every(manifests: Sequence[Manifest]) -> list[ManifestFile]:
    return [file for manifest in manifests for file in manifest.files]


def _sha256(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
