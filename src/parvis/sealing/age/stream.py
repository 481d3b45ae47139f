"""The age payload: ChaCha20-Poly1305 chunks of 64 KiB under counter nonces (STREAM)."""

from __future__ import annotations

import os
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from parvis.sealing.age.errors import EmptyFinalChunk, PayloadCorrupted, PayloadError, PayloadTruncated, TrailingData
from parvis.sealing.age.header import Source

CHUNK = 64 * 1024
TAG = 16
SEALED_CHUNK = CHUNK + TAG
NONCE_SIZE = 16
_BATCH = 16 * SEALED_CHUNK


class Sink(Protocol):
    def write(self, data: bytes, /) -> object: ...


def payload_key(file_key: bytes, nonce: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=nonce, info=b"payload").derive(file_key)


def sealed_payload_size(plain: int) -> int:
    """Bytes of nonce and chunks for `plain` bytes of plaintext; the header's length comes on top."""
    return NONCE_SIZE + plain + TAG * max(1, -(-plain // CHUNK))


def encrypt_payload(source: Source, sink: Sink, file_key: bytes) -> int:
    """Seal the source's bytes under a *fresh* file key; returns the plaintext's size. Constant memory."""
    nonce = os.urandom(NONCE_SIZE)
    sink.write(nonce)
    aead = ChaCha20Poly1305(payload_key(file_key, nonce))
    size = counter = 0
    chunk = _read(source, CHUNK)
    while True:
        following = _read(source, CHUNK) if len(chunk) == CHUNK else b""
        sink.write(aead.encrypt(_chunk_nonce(counter, final=not following), chunk, None))
        size += len(chunk)
        if not following:
            return size
        chunk = following
        counter += 1


def decrypt_payload(source: Source, sink: Sink, file_key: bytes) -> int:
    """Open nonce and chunks up to the end of the source; returns the plaintext's size. Constant memory (3 MiB).

    What reaches the sink before an error is authentic but incomplete: keep it only once this returns.
    Raises PayloadTruncated, PayloadCorrupted, TrailingData, EmptyFinalChunk.
    """
    nonce = _read(source, NONCE_SIZE)
    if len(nonce) < NONCE_SIZE:
        raise PayloadTruncated("the payload's nonce is cut")
    opener = _Opener(ChaCha20Poly1305(payload_key(file_key, nonce)), sink)
    batch = _read(source, _BATCH)
    if not batch:
        raise PayloadTruncated("there is no chunk")
    size = 0
    while batch:
        # One batch ahead: only the end of the file tells that a chunk is the final one.
        following = _read(source, _BATCH) if len(batch) == _BATCH else b""
        size += opener.batch(memoryview(batch), at_end=not following)
        batch = following
    return size


class _Opener:
    def __init__(self, aead: ChaCha20Poly1305, sink: Sink) -> None:
        self._aead = aead
        self._sink = sink
        self._counter = 0

    def batch(self, sealed: memoryview, *, at_end: bool) -> int:
        written = 0
        for start in range(0, len(sealed), SEALED_CHUNK):
            chunk = sealed[start : start + SEALED_CHUNK]
            final = at_end and start + SEALED_CHUNK >= len(sealed)
            plain = self._open(chunk, final=final)
            self._sink.write(plain)
            written += len(plain)
            self._counter += 1
        return written

    def _open(self, chunk: memoryview, *, final: bool) -> bytes:
        if len(chunk) < TAG:
            raise PayloadTruncated("the final chunk is cut", self._counter)
        try:
            plain = self._aead.decrypt(_chunk_nonce(self._counter, final=final), chunk, None)
        except InvalidTag:
            raise self._explain(chunk, final=final) from None
        if not plain and self._counter:
            raise EmptyFinalChunk("the final chunk is empty", self._counter)
        return plain

    def _explain(self, chunk: memoryview, *, final: bool) -> PayloadError:
        try:
            self._aead.decrypt(_chunk_nonce(self._counter, final=not final), chunk, None)
        except InvalidTag:
            return PayloadCorrupted("a chunk was altered, moved or cut", self._counter)
        if final:
            return PayloadTruncated("the file ends before its final chunk", self._counter)
        return TrailingData("bytes follow the final chunk", self._counter)


def _chunk_nonce(counter: int, *, final: bool) -> bytes:
    return counter.to_bytes(11, "big") + (b"\x01" if final else b"\x00")


def _read(source: Source, size: int) -> bytes:
    """`size` bytes, fewer only at the end: sources such as sockets may answer short."""
    data = source.read(size)
    if len(data) == size or not data:
        return data
    parts = [data]
    missing = size - len(data)
    while missing:
        data = source.read(missing)
        if not data:
            break
        parts.append(data)
        missing -= len(data)
    return b"".join(parts)
