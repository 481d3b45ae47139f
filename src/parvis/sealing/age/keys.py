"""X25519 and passphrase stanzas; recipients (age1...) and identities (AGE-SECRET-KEY-1...)."""

from __future__ import annotations

import hashlib
import os
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from parvis.sealing.age import bech32
from parvis.sealing.age.errors import (
    HeaderMalformed,
    KeyMalformed,
    NoMatch,
    RecipientsRefused,
    WorkFactorTooHigh,
    WrongPassphrase,
)
from parvis.sealing.age.header import FILE_KEY_SIZE, Header, Stanza, decode_b64, encode_b64, verify_file_key

DEFAULT_LOG_N = 18
MAX_LOG_N = 20
_NONCE = bytes(12)
_X25519_INFO = b"age-encryption.org/v1/X25519"
_SCRYPT_LABEL = b"age-encryption.org/v1/scrypt"
_LOG_N = re.compile(r"[1-9][0-9]?")


def generate_identity() -> str:
    """A fresh identity, AGE-SECRET-KEY-1..."""
    return identity_from_secret(X25519PrivateKey.generate().private_bytes_raw())


def identity_from_secret(secret: bytes) -> str:
    """Identity of 32 bytes of X25519 secret (as rejoined from shares)."""
    if len(secret) != 32:
        raise KeyMalformed("a secret is 32 bytes")
    return bech32.encode("age-secret-key-", secret).upper()


def secret_of(identity: str) -> bytes:
    """32 bytes of an AGE-SECRET-KEY-1... string; raises KeyMalformed."""
    if identity != identity.upper():
        raise KeyMalformed("an identity is in upper case")
    prefix, secret = bech32.decode(identity)
    if prefix != "age-secret-key-" or len(secret) != 32:
        raise KeyMalformed("not an X25519 identity")
    return secret


def recipient_of(identity: str) -> str:
    """age1... of AGE-SECRET-KEY-1..."""
    public = X25519PrivateKey.from_private_bytes(secret_of(identity)).public_key()
    return bech32.encode("age", public.public_bytes_raw())


def public_of(recipient: str) -> bytes:
    """32 bytes of an age1... string; raises KeyMalformed."""
    if recipient != recipient.lower():
        raise KeyMalformed("a recipient is in lower case")
    prefix, public = bech32.decode(recipient)
    if prefix != "age" or len(public) != 32:
        raise KeyMalformed("not an X25519 recipient")
    return public


def wrap_x25519(file_key: bytes, recipient: str) -> Stanza:
    public = public_of(recipient)
    ephemeral = X25519PrivateKey.generate()
    share = ephemeral.public_key().public_bytes_raw()
    try:
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError as error:
        raise KeyMalformed("the recipient is a low-order point") from error
    return Stanza("X25519", (encode_b64(share),), _wrap(_x25519_key(shared, share, public), file_key))


def wrap_passphrase(file_key: bytes, passphrase: str, log_n: int = DEFAULT_LOG_N) -> Stanza:
    if not 1 <= log_n <= MAX_LOG_N:
        raise WorkFactorTooHigh(f"log2 N is 1 to {MAX_LOG_N}")
    salt = os.urandom(16)
    return Stanza("scrypt", (encode_b64(salt), str(log_n)), _wrap(_scrypt_key(passphrase, salt, log_n), file_key))


def unwrap(header: Header, identity: str) -> bytes:
    """The 16-byte file key for an X25519 identity, checked against the header's MAC.

    Raises NoMatch, HeaderMalformed (a stanza breaks the format), HeaderMacMismatch.
    """
    secret = X25519PrivateKey.from_private_bytes(secret_of(identity))
    public = secret.public_key().public_bytes_raw()
    candidates = [_x25519_parts(stanza) for stanza in header.stanzas if stanza.type == "X25519"]
    for share, body in candidates:
        try:
            shared = secret.exchange(X25519PublicKey.from_public_bytes(share))
        except ValueError as error:
            raise HeaderMalformed("the share is a low-order point") from error
        file_key = _unwrap(_x25519_key(shared, share, public), body)
        if file_key is not None:
            verify_file_key(header, file_key)
            return file_key
    raise NoMatch("this file is not sealed to this key")


def unwrap_passphrase(header: Header, passphrase: str, max_log_n: int = MAX_LOG_N) -> bytes:
    """The file key for a passphrase.

    Raises NoMatch (no passphrase stanza), WorkFactorTooHigh (before any work), WrongPassphrase, HeaderMacMismatch.
    """
    stanza = header.stanzas[0]
    if len(header.stanzas) != 1 or stanza.type != "scrypt":
        raise NoMatch("this file is not sealed by a passphrase")
    if len(stanza.args) != 2 or not _LOG_N.fullmatch(stanza.args[1]) or len(stanza.body) != 32:
        raise HeaderMalformed("malformed passphrase stanza")
    salt = decode_b64(stanza.args[0].encode("ascii"), 16)
    log_n = int(stanza.args[1])
    if log_n > max_log_n:
        raise WorkFactorTooHigh(f"log2 N is {log_n}, at most {max_log_n} is accepted")
    file_key = _unwrap(_scrypt_key(passphrase, salt, log_n), stanza.body)
    if file_key is None:
        raise WrongPassphrase("the passphrase does not open this file")
    verify_file_key(header, file_key)
    return file_key


def require_envelope_header(header: Header) -> None:
    """Raises RecipientsRefused unless there is exactly one stanza and it is a well-formed X25519 one."""
    if len(header.stanzas) != 1 or header.stanzas[0].type != "X25519":
        raise RecipientsRefused("an envelope is sealed to exactly one X25519 key")
    _x25519_parts(header.stanzas[0])


def _x25519_parts(stanza: Stanza) -> tuple[bytes, bytes]:
    if len(stanza.args) != 1 or len(stanza.body) != 32:
        raise HeaderMalformed("malformed X25519 stanza")
    return decode_b64(stanza.args[0].encode("ascii"), 32), stanza.body


def _x25519_key(shared: bytes, share: bytes, public: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=share + public, info=_X25519_INFO).derive(shared)


def _scrypt_key(passphrase: str, salt: bytes, log_n: int) -> bytes:
    n = 1 << log_n
    memory = 128 * 8 * n + (1 << 20)
    return hashlib.scrypt(passphrase.encode("utf-8"), salt=_SCRYPT_LABEL + salt, n=n, r=8, p=1, maxmem=memory, dklen=32)


def _wrap(key: bytes, file_key: bytes) -> bytes:
    return ChaCha20Poly1305(key).encrypt(_NONCE, file_key, None)


def _unwrap(key: bytes, body: bytes) -> bytes | None:
    try:
        file_key = ChaCha20Poly1305(key).decrypt(_NONCE, body, None)
    except InvalidTag:
        return None
    return file_key if len(file_key) == FILE_KEY_SIZE else None
