"""Checkpoints of the register: C2SP tlog-checkpoint in a signed note, with the log's and witnesses' signatures."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from parvis.sealing.canonical import CanonicalError, b64, unb64

_ED25519 = 0x01
_COSIGNATURE = 0x04
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
_DASH = "\u2014 "


class CheckpointError(ValueError):
    """Codes: malformed, name, unsigned (no signature by this key), signature (a signature by this key is false)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class NoteSignature:
    """`blob` is what follows the 4-byte key id: 64 bytes, or 8 bytes of time and 64 for a cosignature."""

    name: str
    key_id: bytes
    blob: bytes


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes
    signatures: tuple[NoteSignature, ...] = ()

    @property
    def body(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64(self.root)}\n"

    @property
    def note(self) -> str:
        lines = [f"{_DASH}{s.name} {b64(s.key_id + s.blob)}\n" for s in self.signatures]
        return self.body + "\n" + "".join(lines)


def key_id(name: str, public_key: bytes, algorithm: int = _ED25519) -> bytes:
    return hashlib.sha256(name.encode("utf-8") + b"\n" + bytes([algorithm]) + public_key).digest()[:4]


def sign(origin: str, size: int, root: bytes, key: Ed25519PrivateKey) -> Checkpoint:
    """A checkpoint signed by the log itself, whose key name is its origin. Raises CheckpointError `name`."""
    _check_name(origin)
    checkpoint = Checkpoint(origin, size, root)
    identifier = key_id(origin, key.public_key().public_bytes_raw())
    signature = NoteSignature(origin, identifier, key.sign(checkpoint.body.encode("utf-8")))
    return replace(checkpoint, signatures=(signature,))


def cosign(checkpoint: Checkpoint, witness: str, key: Ed25519PrivateKey, at: int) -> Checkpoint:
    """Add a witness's cosignature/v1; `at` is POSIX seconds. The witness checked consistency before."""
    _check_name(witness)
    identifier = key_id(witness, key.public_key().public_bytes_raw(), _COSIGNATURE)
    blob = at.to_bytes(8, "big") + key.sign(_cosigned(checkpoint, at))
    return replace(checkpoint, signatures=(*checkpoint.signatures, NoteSignature(witness, identifier, blob)))


def parse(note: str) -> Checkpoint:
    """Raises CheckpointError `malformed`. Signatures are only parsed: see verify and verify_cosignatures."""
    body, blank, signatures = note.partition("\n\n")
    lines = body.split("\n")
    if not blank or len(lines) != 3 or not signatures.endswith("\n") or not _SIZE.fullmatch(lines[1]):
        raise CheckpointError("malformed", "not a checkpoint")
    try:
        parsed = tuple(_parse_signature(line) for line in signatures[:-1].split("\n"))
        return Checkpoint(lines[0], int(lines[1]), unb64(lines[2], 32), parsed)
    except CanonicalError as error:
        raise CheckpointError("malformed", str(error)) from error


def verify(checkpoint: Checkpoint, public_key: bytes, origin: str | None = None) -> None:
    """Raises CheckpointError unless the log's 32-byte key signed it (and the origin is the one expected)."""
    if origin is not None and checkpoint.origin != origin:
        raise CheckpointError("name", "the checkpoint is of another register")
    identifier = key_id(checkpoint.origin, public_key)
    mine = [s for s in checkpoint.signatures if s.name == checkpoint.origin and s.key_id == identifier]
    if not mine:
        raise CheckpointError("unsigned", "the checkpoint is not signed by this key")
    for signature in mine:
        _verify(public_key, signature.blob, checkpoint.body.encode("utf-8"))


def verify_cosignatures(checkpoint: Checkpoint, witnesses: Mapping[str, bytes]) -> dict[str, int]:
    """Time (POSIX seconds) of each known witness's cosignature; unknown ones are ignored as the format asks.

    Raises CheckpointError `signature` when one that claims a known witness's key is false.
    """
    found: dict[str, int] = {}
    for signature in checkpoint.signatures:
        public_key = witnesses.get(signature.name)
        if public_key is None or signature.key_id != key_id(signature.name, public_key, _COSIGNATURE):
            continue
        at = int.from_bytes(signature.blob[:8], "big")
        _verify(public_key, signature.blob[8:], _cosigned(checkpoint, at))
        found[signature.name] = at
    return found


def _cosigned(checkpoint: Checkpoint, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{checkpoint.body}".encode()


def _verify(public_key: bytes, signature: bytes, message: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise CheckpointError("signature", "a signature of the checkpoint is false") from error


def _parse_signature(line: str) -> NoteSignature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not name:
        raise CheckpointError("malformed", "malformed signature line")
    raw = unb64(encoded)
    if len(raw) < 5:
        raise CheckpointError("malformed", "malformed signature line")
    return NoteSignature(name, raw[:4], raw[4:])


def _check_name(name: str) -> None:
    if not name or "+" in name or any(c.isspace() or ord(c) < 32 for c in name):
        raise CheckpointError("name", "a key name has no space and no plus sign")
