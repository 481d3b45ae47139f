"""Names and types that files may bear, and the headers of tus 1.0."""

import base64
import binascii
import mimetypes
import re
import unicodedata

MAX_NAME = 200
MAX_METADATA = 4096
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_FORBIDDEN = set('<>:"|?*')
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")
_KEY = re.compile(r"[!-+\--~]{1,64}")
_TYPES = mimetypes.MimeTypes()
_TYPES.add_type("application/geopackage+sqlite3", ".gpkg")
_TYPES.add_type("image/vnd.dwg", ".dwg")
_TYPES.add_type("image/vnd.dxf", ".dxf")


class HeaderError(ValueError):
    """A header of tus that cannot be read."""


def safe_name(name: str) -> str:
    """The name that a file may bear on any system: NFC, no folder, no control or direction sign, at most 200 bytes."""
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = [" " if unicodedata.category(c).startswith("Z") else c for c in text if unicodedata.category(c)[0] != "C"]
    text = " ".join("".join("_" if c in _FORBIDDEN else c for c in kept).split()).strip(". ")
    if _RESERVED.match(text):
        text = f"_{text}"
    stem, dot, suffix = text.rpartition(".")
    if not dot or len(suffix.encode()) > 20:
        stem, dot, suffix = text, "", ""
    room = MAX_NAME - len((dot + suffix).encode())
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(". ")
    return (stem or "document") + dot + suffix


def distinct_names(names: list[str]) -> list[str]:
    """The same names in the same order, made distinct (whatever the case) by a number before the extension."""
    seen: set[str] = set()
    found = []
    for name in names:
        folder, slash, base = name.rpartition("/")
        stem, dot, suffix = base.rpartition(".") if "." in base else (base, "", "")
        candidate, number = name, 1
        while candidate.casefold() in seen:
            number += 1
            candidate = f"{folder}{slash}{stem} ({number}){dot}{suffix}"
        seen.add(candidate.casefold())
        found.append(candidate)
    return found


def media_type_of(declared: str, name: str) -> str:
    """The declared type without its parameters, else the one that the extension tells."""
    plain = declared.partition(";")[0].strip().lower()
    if _MEDIA_TYPE.fullmatch(plain) and plain != "application/octet-stream":
        return plain
    return _TYPES.guess_type(name)[0] or "application/octet-stream"


def parse_metadata(header: str) -> dict[str, str]:
    """`Upload-Metadata` as text by key. Raises HeaderError."""
    if len(header) > MAX_METADATA:
        raise HeaderError("Upload-Metadata is too long")
    found: dict[str, str] = {}
    for pair in header.split(",") if header.strip() else ():
        key, _, encoded = pair.strip().partition(" ")
        if not _KEY.fullmatch(key) or key in found:
            raise HeaderError("Upload-Metadata has a bad or repeated key")
        try:
            found[key] = base64.b64decode(encoded.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise HeaderError(f"the value of {key} is not base64 of UTF-8") from error
        if "\x00" in found[key]:
            raise HeaderError(f"the value of {key} holds a zero")
    return found


def format_metadata(values: dict[str, str]) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}".strip() for key, value in values.items())


def parse_checksum(header: str) -> bytes:
    """The 32 bytes of `Upload-Checksum: sha256 <base64>`. Raises HeaderError, also for another algorithm."""
    algorithm, _, encoded = header.strip().partition(" ")
    if algorithm.lower() != "sha256":
        raise HeaderError("only sha256 is supported")
    try:
        digest = base64.b64decode(encoded.strip(), validate=True)
    except binascii.Error as error:
        raise HeaderError("the checksum is not base64") from error
    if len(digest) != 32:
        raise HeaderError("a sha256 has 32 bytes")
    return digest


def parse_count(header: str | None) -> int:
    """A number of bytes. Raises HeaderError when absent, signed, or above 2^63 - 1."""
    if header is None or not header.isascii() or not header.isdigit() or len(header) > 18:
        raise HeaderError("a number of bytes is expected")
    return int(header)
