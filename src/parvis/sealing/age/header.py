"""The age v1 header: strict reading, exact writing, and its MAC."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from parvis.sealing.age.errors import HeaderMacMismatch, HeaderMalformed, KeyMalformed, VersionUnsupported

VERSION_LINE = b"age-encryption.org/v1\n"
FILE_KEY_SIZE = 16
HEADER_LIMIT = 64 * 1024
_COLUMNS = 64
_OTHER_VERSION = re.compile(rb"age-encryption\.org/[a-z0-9.]+\n")


class Source(Protocol):
    """Anything read in order: a file, an upload's parts, a socket's wrapper."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Stanza:
    """One recipient line; `body` is decoded."""

    type: str
    args: tuple[str, ...]
    body: bytes


@dataclass(frozen=True)
class Header:
    """`raw` is the header with its MAC line and final newline; `length` its size in bytes: the nonce follows."""

    stanzas: tuple[Stanza, ...]
    mac: bytes
    raw: bytes

    @property
    def length(self) -> int:
        return len(self.raw)

    @property
    def signed(self) -> bytes:
        """The part under the MAC: up to and including `---`."""
        return self.raw[: self.raw.rindex(b"\n---") + 4]


def read_header(source: Source) -> Header:
    """Read exactly one header and leave the source at the payload's nonce.

    Raises HeaderMalformed (any departure from the grammar, or more than 64 KiB) and VersionUnsupported.
    """
    reader = _LineReader(source)
    first = reader.line(len(VERSION_LINE) + 32)
    if first != VERSION_LINE:
        if _OTHER_VERSION.fullmatch(first):
            raise VersionUnsupported("not an age v1 file")
        raise HeaderMalformed("not an age file")
    stanzas: list[Stanza] = []
    while True:
        line = reader.line()
        if line.startswith(b"--- "):
            mac = decode_b64(line[4:-1], 32)
            break
        stanzas.append(_read_stanza(line, reader))
    if not stanzas:
        raise HeaderMalformed("no recipient")
    if len(stanzas) > 1 and any(s.type == "scrypt" for s in stanzas):
        raise HeaderMalformed("a passphrase stanza stands alone")
    return Header(tuple(stanzas), mac, bytes(reader.seen))


def write_header(stanzas: tuple[Stanza, ...], file_key: bytes) -> Header:
    lines = [VERSION_LINE]
    for stanza in stanzas:
        lines.append(("-> " + " ".join((stanza.type, *stanza.args)) + "\n").encode("ascii"))
        body = encode_b64(stanza.body)
        # A body whose length is a multiple of 64 still ends with a short (empty) line.
        lines += [body[i : i + _COLUMNS].encode("ascii") + b"\n" for i in range(0, len(body) + 1, _COLUMNS)]
    signed = b"".join(lines) + b"---"
    mac = header_mac(signed, file_key)
    return Header(stanzas, mac, signed + b" " + encode_b64(mac).encode("ascii") + b"\n")


def header_mac(signed: bytes, file_key: bytes) -> bytes:
    if len(file_key) != FILE_KEY_SIZE:
        raise KeyMalformed("a file key is 16 bytes")
    key = HKDF(SHA256(), 32, salt=None, info=b"header").derive(file_key)
    return hmac.digest(key, signed, hashlib.sha256)


def verify_file_key(header: Header, file_key: bytes) -> None:
    """Raises HeaderMacMismatch unless the 16-byte key is this header's (compared in constant time)."""
    if not hmac.compare_digest(header_mac(header.signed, file_key), header.mac):
        raise HeaderMacMismatch("the file key does not match this header")


def encode_b64(data: bytes) -> str:
    """Unpadded standard base64, as headers use it."""
    return base64.b64encode(data).rstrip(b"=").decode("ascii")


def decode_b64(text: bytes, size: int | None = None) -> bytes:
    """Strict inverse of encode_b64; raises HeaderMalformed (padding, stray bits, other alphabet, wrong size)."""
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise HeaderMalformed("not base64") from error
    if encode_b64(data).encode("ascii") != text:
        raise HeaderMalformed("not canonical base64")
    if size is not None and len(data) != size:
        raise HeaderMalformed(f"expected {size} bytes")
    return data


class _LineReader:
    """Byte by byte, so that nothing past the header is consumed from a source that cannot seek."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.seen = bytearray()

    def line(self, limit: int = HEADER_LIMIT) -> bytes:
        """The next line with its newline; `limit` counts the bytes before the newline."""
        start = len(self.seen)
        while True:
            byte = self._source.read(1)
            if not byte:
                raise HeaderMalformed("the header is cut")
            self.seen += byte
            if byte == b"\n":
                return bytes(self.seen[start:])
            if len(self.seen) - start > limit or len(self.seen) > HEADER_LIMIT:
                raise HeaderMalformed("a line or the header is too long")


def _read_stanza(line: bytes, reader: _LineReader) -> Stanza:
    if not line.startswith(b"-> "):
        raise HeaderMalformed("unexpected line")
    words = line[3:-1].split(b" ")
    if any(not word or any(not 33 <= c <= 126 for c in word) for word in words):
        raise HeaderMalformed("malformed stanza arguments")
    body = bytearray()
    while True:
        chunk = reader.line(_COLUMNS)[:-1]
        body += chunk
        if len(chunk) < _COLUMNS:
            break
    kind, *args = (word.decode("ascii") for word in words)
    return Stanza(kind, tuple(args), decode_b64(bytes(body)))
