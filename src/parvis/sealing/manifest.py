"""What an envelope holds: the manifest, its commitment, and reading and writing the tar that carries it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from parvis.sealing import tarball
from parvis.sealing.age.header import Source
from parvis.sealing.age.stream import Sink
from parvis.sealing.canonical import CanonicalError, canonical_bytes, parse_canonical, sha256_hex

MANIFEST_NAME = "manifest.json"
MANIFEST_LIMIT = 4 * 1024 * 1024
Kind = Literal["application", "bid"]

_HEX64 = re.compile(r"[0-9a-f]{64}")
_SIRET = re.compile(r"[0-9]{14}")


class ManifestError(ValueError):
    """The envelope's content is not what its manifest says; `code` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class ManifestFile:
    """`size` in bytes, `sha256` in lower-case hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Fields as in docs/flows/sealed-bid.md; `lot` is None for an application, `deadline` is RFC 3339 in UTC."""

    platform: str
    consultation: str
    reference: str
    lot: str | None
    kind: Kind
    siret: str
    company: str
    files: tuple[ManifestFile, ...]
    deadline: str
    documents_version: str
    key: str
    salt: str
    v: int = 1

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "files": [asdict(file) for file in self.files]}

    def to_bytes(self) -> bytes:
        return canonical_bytes(self.to_json())

    @property
    def commitment(self) -> str:
        """SHA-256 (hex) of the canonical bytes; the salt makes it hiding."""
        return sha256_hex(self.to_bytes())

    @classmethod
    def from_json(cls, value: Any) -> Manifest:
        """Raises ManifestError `malformed` unless every field is there, alone, and of its type."""
        try:
            fields = dict(value)
            files = tuple(_file(item) for item in fields.pop("files"))
            manifest = cls(files=files, **fields)
        except (TypeError, ValueError, KeyError) as error:
            raise ManifestError("malformed", f"not a manifest: {error}") from error
        manifest._check()
        return manifest

    @classmethod
    def from_bytes(cls, raw: bytes) -> Manifest:
        try:
            return cls.from_json(parse_canonical(raw))
        except CanonicalError as error:
            raise ManifestError("malformed", f"not canonical JSON: {error}") from error

    def _check(self) -> None:
        texts = (self.platform, self.consultation, self.reference, self.company, self.deadline, self.documents_version)
        fit = (
            self.v == 1
            and type(self.v) is int
            and all(isinstance(text, str) for text in (*texts, self.key, self.siret, self.salt))
            and (self.lot is None or isinstance(self.lot, str))
            and self.kind in get_args(Kind)
            and _SIRET.fullmatch(self.siret) is not None
            and _HEX64.fullmatch(self.salt) is not None
        )
        if not fit:
            raise ManifestError("malformed", "a field of the manifest has the wrong type or form")
        if self.kind == "application" and self.lot is not None:
            raise ManifestError("malformed", "an application envelope has no lot")
        names = [file.name for file in self.files]
        if len(set(names)) != len(names) or MANIFEST_NAME in names:
            raise ManifestError("duplicate", "a name appears twice")


def write_envelope(sink: Sink, manifest: Manifest, contents: Iterable[Source]) -> None:
    """Write the tar of an envelope: the files in the manifest's order, then the manifest.

    Raises ManifestError `sha256` when a content is not the one listed, and TarError for its name or size.
    """
    for file, source in zip(manifest.files, contents, strict=True):
        if tarball.write_member(sink, file.name, file.size, source) != file.sha256:
            raise ManifestError("sha256", f"{file.name} is not the file listed")
    raw = manifest.to_bytes()
    tarball.write_header(sink, MANIFEST_NAME, len(raw))
    sink.write(raw + tarball.padding(len(raw)))
    sink.write(tarball.END)


def read_envelope(source: Source, sink_for: Callable[[str, int], Sink], max_files: int = 2000) -> Manifest:
    """Unpack a decrypted envelope, checking each file against the manifest that ends it. Constant memory.

    `sink_for(name, size)` gives where each document goes; names are flat and safe, no two alike. What was
    written counts only once this returns. The caller compares `commitment` and the context fields.
    Raises TarError (unsafe or malformed archive) and ManifestError: missing, not_last, files, size, sha256,
    duplicate, malformed, too_many.
    """
    found: list[ManifestFile] = []
    raw: bytes | None = None
    for member in tarball.read_members(source):
        if raw is not None:
            raise ManifestError("not_last", "the manifest is not the last file")
        if member.name == MANIFEST_NAME:
            if member.size > MANIFEST_LIMIT:
                raise ManifestError("malformed", "the manifest is too large")
            raw = b"".join(member.blocks())
            continue
        if len(found) >= max_files:
            raise ManifestError("too_many", f"more than {max_files} files")
        sink = sink_for(member.name, member.size)
        digest = hashlib.sha256()
        for block in member.blocks():
            digest.update(block)
            sink.write(block)
        found.append(ManifestFile(member.name, member.size, digest.hexdigest()))
    if raw is None:
        raise ManifestError("missing", "there is no manifest")
    manifest = Manifest.from_bytes(raw)
    _compare(manifest.files, tuple(found))
    return manifest


def check_context(
    manifest: Manifest, *, commitment: str, consultation: str, kind: str, lot: str | None, siret: str, key: str
) -> None:
    """Raises ManifestError `commitment` or `context` unless the manifest is the one deposited for this envelope."""
    if manifest.commitment != commitment:
        raise ManifestError("commitment", "the manifest is not the one committed to at the deposit")
    actual = (manifest.consultation, manifest.kind, manifest.lot, manifest.siret, manifest.key)
    if actual != (consultation, kind, lot, siret, key):
        raise ManifestError("context", "the manifest is for another consultation, lot, company or key")


def _compare(listed: tuple[ManifestFile, ...], found: tuple[ManifestFile, ...]) -> None:
    if [file.name for file in listed] != [file.name for file in found]:
        raise ManifestError("files", "the files are not those of the manifest, in its order")
    for expected, actual in zip(listed, found, strict=True):
        if expected.size != actual.size:
            raise ManifestError("size", f"{expected.name} has {actual.size} bytes, not {expected.size}")
        if expected.sha256 != actual.sha256:
            raise ManifestError("sha256", f"{expected.name} is not the file listed")


def _file(item: Any) -> ManifestFile:
    file = ManifestFile(**item)
    size_fits = type(file.size) is int and file.size >= 0
    if not isinstance(file.name, str) or not size_fits or not _HEX64.fullmatch(file.sha256):
        raise ValueError("malformed file entry")
    return file
