"""Each vector names the failure it expects; the stock command, where present, must refuse and accept the same ones."""

from __future__ import annotations

import base64
import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from parvis.sealing import age
from parvis.sealing.age.errors import AgeError, PayloadError
from parvis.sealing.age.header import write_header
from parvis.sealing.age.keys import wrap_x25519
from parvis.sealing.age.stream import payload_key

FOLDER = Path(__file__).parent.parent / "vectors"
FILES: list[dict[str, Any]] = json.loads((FOLDER / "age.json").read_text("utf-8"))["vectors"]
STREAMS: list[dict[str, Any]] = json.loads((FOLDER / "age-stream.json").read_text("utf-8"))["vectors"]
IDENTITY = age.identity_from_secret(bytes([5] * 32))
FILE_KEY = bytes(range(16))

needs_age = pytest.mark.skipif(shutil.which("age") is None, reason="the age command is not installed")


def named(vectors: list[dict[str, Any]]) -> Any:
    return pytest.mark.parametrize("vector", vectors, ids=[v["name"] for v in vectors])


def open_vector(vector: dict[str, Any]) -> bytes:
    raw = base64.b64decode(vector["file"])
    if "passphrase" in vector:
        return age.open_with_passphrase(raw, vector["passphrase"])
    return age.open_bytes(raw, vector["identity"])


@named(FILES)
def test_file(vector: dict[str, Any]) -> None:
    if vector["expect"] == "ok":
        assert open_vector(vector) == (b"" if vector["name"] == "empty_payload" else b"bonjour")
        return
    with pytest.raises(AgeError) as caught:
        open_vector(vector)
    assert caught.value.code == vector["expect"]


@needs_age
@named([v for v in FILES if "identity" in v])
def test_stock_age_agrees_on_file(vector: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "key").write_text(vector["identity"] + "\n")
    done = subprocess.run(
        ["age", "-d", "-i", str(tmp_path / "key")],
        input=base64.b64decode(vector["file"]),
        capture_output=True,
        check=False,
    )
    assert (done.returncode == 0) == (vector["expect"] == "ok"), done.stderr


def test_an_envelope_has_one_recipient() -> None:
    for vector in FILES:
        if vector["expect"] != "ok" or vector.get("armored"):
            continue
        header = age.read_header(io.BytesIO(base64.b64decode(vector["file"])))
        if vector["name"] in ("x25519", "empty_payload"):
            age.require_envelope_header(header)
            continue
        with pytest.raises(AgeError) as caught:
            age.require_envelope_header(header)
        assert caught.value.code == "recipients_refused"


def build_stream(vector: dict[str, Any]) -> bytes:
    nonce = bytes(range(100, 116))
    out = write_header((wrap_x25519(FILE_KEY, age.recipient_of(IDENTITY)),), FILE_KEY).raw + nonce
    for chunk in vector["chunks"]:
        key = payload_key(bytes(16) if chunk.get("key") == "other" else FILE_KEY, nonce)
        counter = chunk["counter"].to_bytes(11, "big") + bytes([chunk["final"]])
        sealed = bytearray(ChaCha20Poly1305(key).encrypt(counter, bytes(chunk["size"]), None))
        if "flip" in chunk:
            sealed[chunk["flip"]] ^= 1
        out += bytes(sealed[: len(sealed) - chunk.get("cut", 0)])
    return out


@named(STREAMS)
def test_stream(vector: dict[str, Any]) -> None:
    source, sink = io.BytesIO(build_stream(vector)), io.BytesIO()
    if vector["expect"] == "ok":
        size = age.decrypt_with_file_key(source, FILE_KEY, sink)
        assert size == len(sink.getvalue()) == sum(c["size"] for c in vector["chunks"])
        assert not any(sink.getvalue())
        return
    with pytest.raises(PayloadError) as caught:
        age.decrypt_with_file_key(source, FILE_KEY, sink)
    assert (caught.value.code, caught.value.chunk) == (vector["expect"], vector["chunk"])
    assert not any(sink.getvalue())


@needs_age
@named(STREAMS)
def test_stock_age_agrees_on_stream(vector: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "key").write_text(IDENTITY + "\n")
    done = subprocess.run(
        ["age", "-d", "-i", str(tmp_path / "key")], input=build_stream(vector), capture_output=True, check=False
    )
    assert (done.returncode == 0) == (vector["expect"] == "ok"), done.stderr
