"""age v1 files (https://c2sp.org/age): seal, read headers, and open from an identity, a passphrase or a file key."""

from __future__ import annotations

import io
import os

from parvis.sealing.age.armor import armor, dearmor, is_armored
from parvis.sealing.age.errors import AgeError, ArmorMalformed
from parvis.sealing.age.header import (
    FILE_KEY_SIZE,
    Header,
    Source,
    Stanza,
    read_header,
    verify_file_key,
    write_header,
)
from parvis.sealing.age.keys import (
    DEFAULT_LOG_N,
    MAX_LOG_N,
    generate_identity,
    identity_from_secret,
    public_of,
    recipient_of,
    require_envelope_header,
    secret_of,
    unwrap,
    unwrap_passphrase,
    wrap_passphrase,
    wrap_x25519,
)
from parvis.sealing.age.stream import Sink, decrypt_payload, encrypt_payload, sealed_payload_size

__all__ = [
    "AgeError",
    "DEFAULT_LOG_N",
    "Header",
    "Sink",
    "Source",
    "Stanza",
    "decrypt",
    "decrypt_payload",
    "decrypt_with_file_key",
    "encrypt",
    "generate_identity",
    "identity_from_secret",
    "open_bytes",
    "open_with_passphrase",
    "public_of",
    "read_header",
    "recipient_of",
    "require_envelope_header",
    "rewrap",
    "seal_bytes",
    "seal_with_passphrase",
    "sealed_payload_size",
    "secret_of",
    "unwrap",
    "unwrap_passphrase",
    "verify_file_key",
]


def encrypt(source: Source, sink: Sink, recipient: str) -> int:
    """Seal a stream to one X25519 recipient; returns the plaintext's size in bytes. Raises KeyMalformed."""
    file_key = os.urandom(FILE_KEY_SIZE)
    sink.write(write_header((wrap_x25519(file_key, recipient),), file_key).raw)
    return encrypt_payload(source, sink, file_key)


def decrypt(source: Source, sink: Sink, identity: str) -> int:
    """Open a binary age file with an identity; errors are those of read_header, unwrap and decrypt_payload."""
    header = read_header(source)
    return decrypt_payload(source, sink, unwrap(header, identity))


def decrypt_with_file_key(source: Source, file_key: bytes, sink: Sink) -> int:
    """Open a whole binary age file from its 16-byte file key, checked first against the header's MAC."""
    verify_file_key(read_header(source), file_key)
    return decrypt_payload(source, sink, file_key)


def rewrap(header: Header, file_key: bytes, recipient: str) -> Header:
    """A header for the same payload and another recipient: archives change keys without being read.

    Raises HeaderMacMismatch when the file key is not the old header's.
    """
    verify_file_key(header, file_key)
    return write_header((wrap_x25519(file_key, recipient),), file_key)


def seal_bytes(data: bytes, recipient: str) -> bytes:
    """For shares and other small values."""
    sink = io.BytesIO()
    encrypt(io.BytesIO(data), sink, recipient)
    return sink.getvalue()


def open_bytes(sealed: bytes, identity: str) -> bytes:
    """Inverse of seal_bytes; armored files are accepted."""
    sink = io.BytesIO()
    decrypt(io.BytesIO(_binary(sealed)), sink, identity)
    return sink.getvalue()


def seal_with_passphrase(data: bytes, passphrase: str, log_n: int = DEFAULT_LOG_N) -> str:
    """Armored age file under a passphrase; scrypt takes 2^log_n KiB of memory."""
    file_key = os.urandom(FILE_KEY_SIZE)
    sink = io.BytesIO()
    sink.write(write_header((wrap_passphrase(file_key, passphrase, log_n),), file_key).raw)
    encrypt_payload(io.BytesIO(data), sink, file_key)
    return armor(sink.getvalue())


def open_with_passphrase(sealed: bytes | str, passphrase: str, max_log_n: int = MAX_LOG_N) -> bytes:
    """Plaintext of a small file sealed by a passphrase, armored or not."""
    source = io.BytesIO(_binary(sealed.encode("utf-8") if isinstance(sealed, str) else sealed))
    header = read_header(source)
    sink = io.BytesIO()
    decrypt_payload(source, sink, unwrap_passphrase(header, passphrase, max_log_n))
    return sink.getvalue()


def _binary(sealed: bytes) -> bytes:
    if not is_armored(sealed):
        return sealed
    try:
        return dearmor(sealed.decode("ascii"))
    except UnicodeDecodeError as error:
        raise ArmorMalformed("not ASCII") from error
