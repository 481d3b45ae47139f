"""Canonical JSON (RFC 8785), hashes, salts and fingerprints shared by the whole room."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from typing import Any

import rfc8785

SALT_SIZE = 32


class CanonicalError(ValueError):
    """The value or the bytes have no canonical JSON form."""


def canonical_bytes(value: Any) -> bytes:
    """RFC 8785 bytes of a JSON value.

    Raises CanonicalError for anything JSON cannot hold, floats included: none of our formats has one,
    and they are where two implementations differ.
    """
    _refuse_floats(value)
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise CanonicalError(str(error)) from error


def parse_json(raw: bytes) -> Any:
    """JSON value of UTF-8 bytes; refuses duplicate keys, NaN and floats (CanonicalError)."""
    try:
        return json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_unique_pairs,
            parse_constant=_refuse_number,
            parse_float=_refuse_number,
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise CanonicalError(f"not JSON: {error}") from error


def parse_canonical(raw: bytes) -> Any:
    """As parse_json, and the bytes must already be the canonical form of their value."""
    value = parse_json(raw)
    if canonical_bytes(value) != raw:
        raise CanonicalError("not in canonical form")
    return value


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def canonical_hash(value: Any) -> str:
    """SHA-256 (hex) of the canonical JSON of a value."""
    return sha256_hex(canonical_bytes(value))


def new_salt() -> bytes:
    """32 random bytes: enough to make a commitment hiding."""
    return secrets.token_bytes(SALT_SIZE)


def commit(salt: bytes, data: Any) -> str:
    """Commitment of a fact: SHA-256 (hex) of the 32-byte salt followed by the canonical JSON of its data."""
    if len(salt) != SALT_SIZE:
        raise CanonicalError("a salt is 32 bytes")
    return sha256_hex(salt + canonical_bytes(data))


def fingerprint(recipient: str) -> str:
    """SHA-256 (hex) of an age recipient string, as written in the register and the notice."""
    return sha256_hex(recipient.encode("ascii"))


def share_commitment(share: bytes) -> str:
    """SHA-256 (hex) of a raw share: what a custodian proves at the rehearsal."""
    return sha256_hex(share)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def unb64(text: str, size: int | None = None) -> bytes:
    """Bytes of padded standard base64 in its one canonical spelling, of `size` bytes if given.

    Raises CanonicalError.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise CanonicalError("not base64") from error
    if b64(data) != text:
        raise CanonicalError("not canonical base64")
    if size is not None and len(data) != size:
        raise CanonicalError(f"expected {size} bytes, found {len(data)}")
    return data


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise CanonicalError("floats are not used in our formats")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_floats(item)


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise CanonicalError("a key appears twice")
    return found


def _refuse_number(text: str) -> Any:
    raise CanonicalError(f"number not allowed: {text}")
