"""Bech32 (BIP 173) without its 90-character limit, as age uses it for its keys."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.sealing.age.errors import KeyMalformed

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def encode(prefix: str, data: bytes) -> str:
    """Lower-case bech32 string of `data` under a lower-case human-readable prefix."""
    values = _regroup(data, 8, 5, pad=True)
    check = _polymod([*_expand(prefix), *values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [(check >> 5 * (5 - i)) & 31 for i in range(6)]
    return prefix + "1" + "".join(_ALPHABET[v] for v in values)


def decode(text: str) -> tuple[str, bytes]:
    """Prefix (lower case) and data; raises KeyMalformed on mixed case, unknown characters or a bad checksum."""
    if text not in (text.lower(), text.upper()):
        raise KeyMalformed("mixed case")
    text = text.lower()
    prefix, separator, rest = text.rpartition("1")
    if not separator or not prefix or len(rest) < 6:
        raise KeyMalformed("not a bech32 string")
    if any(not 33 <= ord(c) <= 126 for c in prefix) or any(c not in _ALPHABET for c in rest):
        raise KeyMalformed("unknown character")
    values = [_ALPHABET.index(c) for c in rest]
    if _polymod([*_expand(prefix), *values]) != 1:
        raise KeyMalformed("wrong checksum")
    return prefix, bytes(_regroup(values[:-6], 5, 8, pad=False))


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate(_GENERATOR):
            if (top >> i) & 1:
                check ^= generator
    return check


def _expand(prefix: str) -> list[int]:
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def _regroup(values: Iterable[int], source: int, target: int, *, pad: bool) -> list[int]:
    held = bits = 0
    out: list[int] = []
    for value in values:
        held = (held << source) | value
        bits += source
        while bits >= target:
            bits -= target
            out.append((held >> bits) & ((1 << target) - 1))
            held &= (1 << bits) - 1
    if pad:
        if bits:
            out.append((held << (target - bits)) & ((1 << target) - 1))
    elif bits >= source or held:
        raise KeyMalformed("non-zero padding")
    return out
