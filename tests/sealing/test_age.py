from __future__ import annotations

import io
import os
import shutil
import subprocess
import tracemalloc
from pathlib import Path

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.sealing import age
from parvis.sealing.age import bech32
from parvis.sealing.age.errors import AgeError, HeaderMacMismatch, KeyMalformed, NoMatch, WorkFactorTooHigh
from parvis.sealing.age.stream import CHUNK

IDENTITY = age.identity_from_secret(bytes(range(32)))  # fixed: it names test cases, the same in every process
RECIPIENT = age.recipient_of(IDENTITY)
BORDERS = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 16 * CHUNK - 1, 16 * CHUNK, 16 * CHUNK + 1, 17 * CHUNK]

needs_age = pytest.mark.skipif(shutil.which("age") is None, reason="the age command is not installed")


class Trickle:
    """A source that answers short, as sockets do."""

    def __init__(self, data: bytes, step: int = 7919) -> None:
        self._inner = io.BytesIO(data)
        self._step = step

    def read(self, size: int, /) -> bytes:
        return self._inner.read(min(size, self._step))


@pytest.mark.parametrize("size", BORDERS)
def test_round_trip_with_pyrage_at_chunk_borders(size: int) -> None:
    data = os.urandom(size)
    sealed = age.seal_bytes(data, RECIPIENT)
    header = age.read_header(io.BytesIO(sealed))
    assert len(sealed) == header.length + age.sealed_payload_size(size)
    assert pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(IDENTITY)]) == data
    theirs = pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(RECIPIENT)])
    assert age.open_bytes(theirs, IDENTITY) == data


@settings(max_examples=40, deadline=None)
@given(border=st.sampled_from([CHUNK, 2 * CHUNK, 16 * CHUNK]), offset=st.integers(-3, 3), step=st.integers(1, 99_999))
def test_sizes_around_borders_from_short_reads(border: int, offset: int, step: int) -> None:
    data = os.urandom(1024) * ((border + offset) // 1024 + 1)
    data = data[: border + offset]
    sink = io.BytesIO()
    assert age.encrypt(Trickle(data, step + 500), sink, RECIPIENT) == len(data)
    opened = io.BytesIO()
    age.decrypt(Trickle(sink.getvalue(), step + 500), opened, IDENTITY)
    assert opened.getvalue() == data


@settings(max_examples=60, deadline=None)
@given(position=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_any_flipped_bit_is_refused(position: int, bit: int) -> None:
    sealed = bytearray(SEALED)
    sealed[position % len(sealed)] ^= 1 << bit
    with pytest.raises(AgeError):
        age.open_bytes(bytes(sealed), IDENTITY)


@settings(max_examples=60, deadline=None)
@given(length=st.integers(0, 10**6))
def test_any_truncation_is_refused(length: int) -> None:
    with pytest.raises(AgeError):
        age.open_bytes(SEALED[: length % len(SEALED)], IDENTITY)


SEALED = age.seal_bytes(os.urandom(CHUNK + 400), RECIPIENT)


def test_opening_from_a_file_key_alone() -> None:
    data = os.urandom(3 * CHUNK)
    sealed = age.seal_bytes(data, RECIPIENT)
    header = age.read_header(io.BytesIO(sealed))
    file_key = age.unwrap(header, IDENTITY)
    sink = io.BytesIO()
    assert age.decrypt_with_file_key(io.BytesIO(sealed), file_key, sink) == len(data)
    assert sink.getvalue() == data


def test_a_wrong_file_key_is_refused_before_any_byte() -> None:
    sink = io.BytesIO()
    with pytest.raises(HeaderMacMismatch):
        age.decrypt_with_file_key(io.BytesIO(SEALED), bytes(16), sink)
    assert sink.getvalue() == b""
    with pytest.raises(KeyMalformed):
        age.decrypt_with_file_key(io.BytesIO(SEALED), bytes(15), sink)


def test_rewrap_moves_a_file_to_another_key_without_reading_it() -> None:
    header = age.read_header(io.BytesIO(SEALED))
    other = age.generate_identity()
    moved = age.rewrap(header, age.unwrap(header, IDENTITY), age.recipient_of(other))
    rewrapped = moved.raw + SEALED[header.length :]
    assert age.open_bytes(rewrapped, other) == age.open_bytes(SEALED, IDENTITY)
    with pytest.raises(NoMatch):
        age.open_bytes(rewrapped, IDENTITY)
    with pytest.raises(HeaderMacMismatch):
        age.rewrap(header, bytes(16), RECIPIENT)


def test_memory_stays_flat() -> None:
    class Zeros:
        def __init__(self, size: int) -> None:
            self.left = size

        def read(self, size: int, /) -> bytes:
            taken = min(size, self.left)
            self.left -= taken
            return bytes(taken)

    class Nowhere:
        def write(self, data: bytes, /) -> int:
            return len(data)

    buffer = io.BytesIO()
    age.encrypt(Zeros(32 << 20), buffer, RECIPIENT)
    buffer.seek(0)
    file_key = age.unwrap(age.read_header(buffer), IDENTITY)
    buffer.seek(0)
    tracemalloc.start()
    age.decrypt_with_file_key(buffer, file_key, Nowhere())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20


def test_passphrase_both_ways_with_pyrage() -> None:
    ours = age.seal_with_passphrase(b"secret", "six mots", log_n=8)
    assert ours.startswith("-----BEGIN AGE ENCRYPTED FILE-----\n")
    assert age.open_with_passphrase(ours, "six mots") == b"secret"
    assert pyrage.passphrase.decrypt(ours.encode(), "six mots") == b"secret"


def test_the_work_factor_has_a_ceiling() -> None:
    with pytest.raises(WorkFactorTooHigh):
        age.seal_with_passphrase(b"", "x", log_n=21)
    with pytest.raises(WorkFactorTooHigh):
        age.open_with_passphrase(age.seal_with_passphrase(b"", "x", log_n=9), "x", max_log_n=8)
    assert age.DEFAULT_LOG_N == 18


@needs_age
def test_stock_age_opens_ours_and_we_open_its(tmp_path: Path) -> None:
    key = tmp_path / "key.txt"
    subprocess.run(["age-keygen", "-o", str(key)], check=True, capture_output=True)
    identity = key.read_text().splitlines()[-1]
    shown = subprocess.run(["age-keygen", "-y", str(key)], check=True, capture_output=True, text=True).stdout
    recipient = shown.strip()
    assert age.recipient_of(identity) == recipient
    assert age.identity_from_secret(age.secret_of(identity)) == identity
    data = os.urandom(2 * CHUNK + 17)
    ours = age.seal_bytes(data, recipient)
    opened = subprocess.run(["age", "-d", "-i", str(key)], input=ours, check=True, capture_output=True).stdout
    assert opened == data
    for extra in ([], ["--armor"]):
        theirs = subprocess.run(["age", "-r", recipient, *extra], input=data, check=True, capture_output=True).stdout
        assert age.open_bytes(theirs, identity) == data


@given(st.binary(min_size=32, max_size=32))
def test_keys_round_trip(secret: bytes) -> None:
    identity = age.identity_from_secret(secret)
    assert age.secret_of(identity) == secret
    assert str(pyrage.x25519.Identity.from_str(identity).to_public()) == age.recipient_of(identity)


@given(st.integers(0, 60), st.sampled_from("qpzry9x8gf2tvdw0s3jn54khce6mua7l"))
def test_a_mistyped_recipient_is_refused(position: int, character: str) -> None:
    typed = list(RECIPIENT)
    index = position % (len(typed) - 4) + 4
    if typed[index] == character:
        return
    typed[index] = character
    with pytest.raises(KeyMalformed):
        age.public_of("".join(typed))


@pytest.mark.parametrize("text", ["", "age1", "AGE1QQ", IDENTITY, RECIPIENT.upper(), RECIPIENT[:-1], "é" + RECIPIENT])
def test_what_is_no_recipient(text: str) -> None:
    with pytest.raises(KeyMalformed):
        age.public_of(text)


def test_what_is_no_identity() -> None:
    for text in (IDENTITY.lower(), RECIPIENT, bech32.encode("age-secret-key-", bytes(31)).upper()):
        with pytest.raises(KeyMalformed):
            age.secret_of(text)


def test_a_low_order_recipient_is_refused() -> None:
    with pytest.raises(KeyMalformed):
        age.seal_bytes(b"x", bech32.encode("age", bytes(32)))
