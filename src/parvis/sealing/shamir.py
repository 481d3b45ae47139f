"""Shamir's sharing over GF(256) (polynomial 0x11b), byte by byte: a share is the values followed by its x.

Interoperates with npm `shamir-secret-sharing`. Our own because the secret is an opening key: forty lines read
in one sitting weigh less than a dependency. Products are computed without tables or branches on secrets.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence

from parvis.sealing.age.keys import identity_from_secret, recipient_of

SECRET_SIZE = 32


class ShareError(ValueError):
    """Shares cannot be made or joined; `code` says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def split(secret: bytes, n: int, k: int) -> list[bytes]:
    """n shares of which any k give the secret back; for k = 1 each share is the secret itself, without x."""
    if not secret:
        raise ShareError("empty", "the secret is empty")
    if not 1 <= k <= n <= 255:
        raise ShareError("threshold", "needs 1 <= k <= n <= 255")
    if k == 1:
        return [bytes(secret)] * n
    xs = list(range(1, 256))
    secrets.SystemRandom().shuffle(xs)
    polynomials = [bytes([byte]) + secrets.token_bytes(k - 1) for byte in secret]
    return [bytes([*(_evaluate(p, x) for p in polynomials), x]) for x in xs[:n]]


def combine(shares: Sequence[bytes], k: int) -> bytes:
    """Join at least k shares. Wrong or mixed shares give wrong bytes without an error: use combine_opening_key.

    Raises ShareError: too_few, length, coordinate, duplicate.
    """
    if k < 1 or len(shares) < k:
        raise ShareError("too_few", f"{k} shares are needed, {len(shares)} given")
    if k == 1:
        return bytes(shares[0])
    length = len(shares[0])
    if length < 2 or any(len(share) != length for share in shares):
        raise ShareError("length", "shares differ in length")
    chosen = shares[:k]
    xs = [share[-1] for share in shares]
    if 0 in xs:
        raise ShareError("coordinate", "a share has x = 0")
    if len(set(xs)) != len(xs):
        raise ShareError("duplicate", "a share is given twice")
    weights = [_weight(xs[:k], i) for i in range(k)]
    out = bytearray(length - 1)
    for share, weight in zip(chosen, weights, strict=True):
        for i in range(length - 1):
            out[i] ^= _multiply(share[i], weight)
    return bytes(out)


def combine_opening_key(shares: Sequence[bytes], k: int, recipient: str) -> str:
    """The opening identity rejoined from k shares, proved by its recipient.

    Raises ShareError `recipient` when the shares do not give this key (one is wrong, or of another key).
    """
    secret = combine(shares, k)
    if len(secret) != SECRET_SIZE:
        raise ShareError("length", "an opening key is 32 bytes")
    identity = identity_from_secret(secret)
    if not hmac.compare_digest(recipient_of(identity).encode(), recipient.encode()):
        raise ShareError("recipient", "these shares do not give this key")
    return identity


def _evaluate(coefficients: bytes, x: int) -> int:
    value = 0
    for coefficient in reversed(coefficients):
        value = _multiply(value, x) ^ coefficient
    return value


def _weight(xs: Sequence[int], i: int) -> int:
    """Lagrange basis i at 0: the product of x_j / (x_j - x_i), where minus is xor."""
    weight = 1
    for j, x in enumerate(xs):
        if j != i:
            weight = _multiply(weight, _multiply(x, _inverse(x ^ xs[i])))
    return weight


def _multiply(a: int, b: int) -> int:
    product = 0
    for bit in range(8):
        product ^= -((b >> bit) & 1) & a
        a = ((a << 1) ^ (-(a >> 7) & 0x11B)) & 0xFF
    return product


def _inverse(a: int) -> int:
    """a^254: the inverse of a non-zero element."""
    power, result = a, 1
    for _ in range(7):
        power = _multiply(power, power)
        result = _multiply(result, power)
    return result
