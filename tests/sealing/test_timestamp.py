from __future__ import annotations

import hashlib
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
import rfc3161_client
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.sealing import timestamp
from parvis.sealing.local_tsa import LocalTsa
from parvis.sealing.timestamp import TimestampError

AT = datetime(2026, 12, 1, 10, 53, 14, 500_000, tzinfo=UTC)
TSA = LocalTsa.create("Horodatage de démonstration", AT)
IMPRINT = hashlib.sha256(b"parvis").digest()
NONCE = 0x7FEDCBA987654321
TOKEN = TSA.respond(timestamp.build_request(IMPRINT, NONCE), AT)


def code_of(der: bytes, imprint: bytes = IMPRINT, **options: object) -> str:
    with pytest.raises(TimestampError) as caught:
        timestamp.verify_response(der, imprint, **options)  # type: ignore[arg-type]
    return caught.value.code


def test_the_token_verifies_with_and_without_a_root() -> None:
    for roots in ((), (TSA.root,)):
        stamp = timestamp.verify_response(TOKEN, IMPRINT, roots=roots, nonce=NONCE)
        assert (stamp.time, stamp.imprint, stamp.nonce) == (AT.replace(microsecond=0), IMPRINT, NONCE)
        assert "Horodatage de démonstration" in stamp.authority


def test_rfc3161_client_verifies_its_own_request() -> None:
    request = rfc3161_client.TimestampRequestBuilder(
        data=b"parvis", hash_algorithm=rfc3161_client.HashAlgorithm.SHA256
    ).build()
    response = rfc3161_client.decode_timestamp_response(TSA.respond(request.as_bytes(), AT))
    verifier = rfc3161_client.VerifierBuilder.from_request(request).add_root_certificate(TSA.root).build()
    assert verifier.verify_message(response, b"parvis")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not installed")
def test_openssl_verifies_it(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(TOKEN)
    (tmp_path / "root.pem").write_bytes(TSA.root_pem)
    command = ["openssl", "ts", "-verify", "-digest", IMPRINT.hex(), "-in", "token", "-CAfile", "root.pem"]
    command += ["-attime", str(int(AT.timestamp()))]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_does_not_fit_is_named() -> None:
    other = LocalTsa.create("Horodatage de démonstration", AT)
    assert code_of(TOKEN, hashlib.sha256(b"other").digest()) == "imprint"
    assert code_of(TOKEN, nonce=NONCE + 1) == "nonce"
    assert code_of(TOKEN, roots=[other.root]) == "chain"
    assert code_of(TSA.respond(b"junk", AT)) == "refused"
    assert code_of(TOKEN[:-1]) == "unreadable"
    assert code_of(TOKEN + b"\0") == "unreadable"
    assert code_of(b"") == "unreadable"
    with pytest.raises(TimestampError):
        timestamp.build_request(b"short", 1)
    with pytest.raises(TimestampError):
        timestamp.load_roots(b"junk")


def test_a_request_over_another_hash_is_refused() -> None:
    request = rfc3161_client.TimestampRequestBuilder(
        data=b"parvis", hash_algorithm=rfc3161_client.HashAlgorithm.SHA512
    ).build()
    assert code_of(TSA.respond(request.as_bytes(), AT)) == "refused"


def test_a_content_replaced_inside_the_token_is_found() -> None:
    forged = TOKEN.replace(b"20261201105314Z", b"20261201105313Z", 1)
    assert forged != TOKEN
    assert code_of(forged) == "signature"


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(TOKEN) - 1), st.integers(0, 7))
def test_a_flipped_bit_never_raises_anything_else_nor_changes_what_is_read(position: int, bit: int) -> None:
    changed = bytearray(TOKEN)
    changed[position] ^= 1 << bit
    try:
        stamp = timestamp.verify_response(bytes(changed), IMPRINT, roots=[TSA.root])
    except TimestampError:
        return
    assert (stamp.time, stamp.imprint) == (AT.replace(microsecond=0), IMPRINT)


def test_the_authority_is_kept_and_found_again() -> None:
    again = LocalTsa.from_pem(TSA.to_pem())
    token = again.respond(timestamp.build_request(IMPRINT, 1), AT)
    assert timestamp.verify_response(token, IMPRINT, roots=timestamp.load_roots(TSA.root_pem)).nonce == 1
