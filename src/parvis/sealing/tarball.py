"""The tar of an envelope: ustar with pax names and sizes. Reads in order, trusting nothing, in constant memory.

Only regular files with flat names are understood: whatever a hostile archive could use to reach outside its
folder, or to be read differently by two programs, is refused by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from parvis.sealing.age.header import Source
from parvis.sealing.age.stream import Sink

BLOCK = 512
END = bytes(2 * BLOCK)
_PIECE = 1024 * 1024
_PAX_LIMIT = 64 * 1024
_OCTAL_SIZE_LIMIT = 1 << 33
_TYPES = {b"1": "link", b"2": "link", b"3": "device", b"4": "device", b"5": "directory", b"6": "fifo"}


class TarError(ValueError):
    """Codes: malformed, truncated, name, duplicate, size, trailing, type, link, device, directory, fifo."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def check_name(name: str) -> None:
    """Raises TarError `name` unless it is one plain file name of at most 255 bytes of UTF-8."""
    try:
        length = len(name.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise TarError("name", "a name is not valid Unicode") from error
    if name in ("", ".", "..") or length > 255 or any(c in "/\\" or ord(c) < 32 or ord(c) == 127 for c in name):
        raise TarError("name", f"unsafe file name: {name!r}")


def padding(size: int) -> bytes:
    return bytes(-size % BLOCK)


def write_header(sink: Sink, name: str, size: int) -> None:
    check_name(name)
    short = name.isascii() and len(name) <= 100
    records = b"" if short else _pax_record("path", name)
    if size >= _OCTAL_SIZE_LIMIT:
        records += _pax_record("size", str(size))
    if records:
        sink.write(_block("pax-header", len(records), b"x") + records + padding(len(records)))
    plain = name if short else "".join(c if c.isascii() else "_" for c in name)[:100]
    sink.write(_block(plain, size if size < _OCTAL_SIZE_LIMIT else 0, b"0"))


def write_member(sink: Sink, name: str, size: int, source: Source) -> str:
    """Write one file of exactly `size` bytes; returns its SHA-256 (hex). Raises TarError name, size."""
    write_header(sink, name, size)
    digest = hashlib.sha256()
    left = size
    while left:
        piece = source.read(min(left, _PIECE))
        if not piece:
            raise TarError("size", f"{name} is shorter than {size} bytes")
        digest.update(piece)
        sink.write(piece)
        left -= len(piece)
    if source.read(1):
        raise TarError("size", f"{name} is longer than {size} bytes")
    sink.write(padding(size))
    return digest.hexdigest()


@dataclass
class Member:
    """One file; its blocks are read once, before the next member is asked for."""

    name: str
    size: int
    source: Source
    left: int

    def blocks(self) -> Iterator[bytes]:
        while self.left:
            piece = self.source.read(min(self.left, _PIECE))
            if not piece:
                raise TarError("truncated", f"{self.name} is cut")
            self.left -= len(piece)
            yield piece


def read_members(source: Source) -> Iterator[Member]:
    """Members in order; content left unread is skipped. The archive ends with zero blocks and nothing else."""
    seen: set[str] = set()
    pax: dict[str, str] = {}
    while True:
        block = _exactly(source, BLOCK)
        if not any(block):
            if pax:
                raise TarError("malformed", "an extended header describes no file")
            _only_zeros(source)
            return
        kind, name, size = _parse(block)
        if kind == b"x":
            if pax or size > _PAX_LIMIT:
                raise TarError("malformed", "two extended headers, or one too large")
            pax = _pax(_exactly(source, size))
            _exactly(source, -size % BLOCK)
            continue
        if kind not in (b"0", b"\0"):
            what = _TYPES.get(kind, "type")
            raise TarError(what, f"only plain files are accepted, not a {what}")
        name, size = pax.get("path", name), _decimal(pax["size"]) if "size" in pax else size
        pax = {}
        check_name(name)
        if name in seen:
            raise TarError("duplicate", f"{name} appears twice")
        seen.add(name)
        member = Member(name, size, source, size)
        yield member
        for _ in member.blocks():
            pass
        _exactly(source, -size % BLOCK)


def _block(name: str, size: int, kind: bytes) -> bytes:
    head = name.encode("ascii").ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2
    head += b"%011o\0" % size + b"%011o\0" % 0
    tail = kind + bytes(100) + b"ustar\x0000" + bytes(247)
    checksum = sum(head) + sum(tail) + 8 * 32
    return head + b"%06o\0 " % checksum + tail


def _pax_record(key: str, value: str) -> bytes:
    body = f" {key}={value}\n".encode()
    length = len(body)
    while len(str(length)) + len(body) != length:
        length = len(str(length)) + len(body)
    return str(length).encode("ascii") + body


def _parse(block: bytes) -> tuple[bytes, str, int]:
    if block[257:265] not in (b"ustar\x0000", b"ustar  \0"):
        raise TarError("malformed", "not a ustar header")
    if _octal(block[148:156]) != sum(block) - sum(block[148:156]) + 8 * 32:
        raise TarError("malformed", "wrong header checksum")
    if block[345:500].strip(b"\0"):
        raise TarError("name", "a path prefix is not accepted")
    return block[156:157], _utf8(block[:100].split(b"\0", 1)[0]), _octal(block[124:136])


def _pax(records: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    while records:
        digits, space, _ = records.partition(b" ")
        length = _decimal(_utf8(digits)) if space and len(digits) < 6 else 0
        record = records[len(digits) + 1 : length]
        if length <= len(digits) + 2 or length > len(records) or not record.endswith(b"\n"):
            raise TarError("malformed", "malformed extended header")
        key, equals, value = record[:-1].partition(b"=")
        if not equals or key in (b"linkpath", b"hdrcharset") or key.startswith(b"GNU."):
            raise TarError("malformed", "an extended header that is not accepted")
        if _utf8(key) in found:
            raise TarError("malformed", "an extended header appears twice")
        found[_utf8(key)] = _utf8(value)
        records = records[length:]
    return found


def _octal(field: bytes) -> int:
    digits = field.strip(b" \0")
    if not digits or any(c not in b"01234567" for c in digits):
        raise TarError("malformed", "a number of the header is malformed")
    return int(digits, 8)


def _decimal(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise TarError("malformed", "a number of the extended header is malformed")
    return int(text)


def _utf8(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TarError("name", "a name is not UTF-8") from error


def _exactly(source: Source, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = source.read(size - len(data))
        if not piece:
            raise TarError("truncated", "the archive is cut")
        data += piece
    return data


def _only_zeros(source: Source) -> None:
    if any(_exactly(source, BLOCK)):
        raise TarError("malformed", "a single zero block")
    while piece := source.read(_PIECE):
        if any(piece):
            raise TarError("trailing", "data follows the end of the archive")
