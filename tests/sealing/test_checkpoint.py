from __future__ import annotations

import dataclasses
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from parvis.sealing import checkpoint
from parvis.sealing.canonical import b64
from parvis.sealing.checkpoint import CheckpointError

ORIGIN = "parvis.example/registre"
KEY = Ed25519PrivateKey.from_private_bytes(bytes([1] * 32))
PUBLIC = KEY.public_key().public_bytes_raw()
WITNESSES = {f"temoin{i}.example": Ed25519PrivateKey.from_private_bytes(bytes([i] * 32)) for i in range(2, 5)}
KNOWN = {name: key.public_key().public_bytes_raw() for name, key in WITNESSES.items()}


def signed() -> checkpoint.Checkpoint:
    return checkpoint.sign(ORIGIN, 12, bytes(range(32)), KEY)


def test_the_note_has_the_form_of_the_flow_document() -> None:
    lines = signed().note.split("\n")
    assert lines[:4] == [ORIGIN, "12", b64(bytes(range(32))), ""]
    assert lines[4].startswith(f"\u2014 {ORIGIN} ")
    assert lines[5:] == [""]


def test_key_id_is_the_hash_of_name_algorithm_and_key() -> None:
    expected = hashlib.sha256(ORIGIN.encode() + b"\n\x01" + PUBLIC).digest()[:4]
    assert signed().signatures[0].key_id == expected
    assert checkpoint.key_id(ORIGIN, PUBLIC, 4) == hashlib.sha256(ORIGIN.encode() + b"\n\x04" + PUBLIC).digest()[:4]


def test_sign_parse_verify() -> None:
    note = checkpoint.parse(signed().note)
    assert note == signed()
    checkpoint.verify(note, PUBLIC, ORIGIN)


def test_cosignatures_of_known_witnesses() -> None:
    note = signed()
    for at, (name, key) in enumerate(WITNESSES.items(), start=1_796_000_000):
        note = checkpoint.cosign(note, name, key, at)
    parsed = checkpoint.parse(note.note)
    checkpoint.verify(parsed, PUBLIC, ORIGIN)
    assert len(checkpoint.verify_cosignatures(parsed, KNOWN)) == 3
    assert checkpoint.verify_cosignatures(parsed, {}) == {}
    assert checkpoint.verify_cosignatures(parsed, KNOWN)["temoin2.example"] == 1_796_000_000


@pytest.mark.parametrize("size", [11, 13])
def test_another_size_is_not_signed(size: int) -> None:
    for wrong in (dataclasses.replace(signed(), size=size), dataclasses.replace(signed(), root=bytes(32))):
        with pytest.raises(CheckpointError) as caught:
            checkpoint.verify(wrong, PUBLIC)
        assert caught.value.code == "signature"


def test_another_key_or_register() -> None:
    with pytest.raises(CheckpointError) as caught:
        checkpoint.verify(signed(), KNOWN["temoin2.example"])
    assert caught.value.code == "unsigned"
    with pytest.raises(CheckpointError) as caught:
        checkpoint.verify(signed(), PUBLIC, "autre.example")
    assert caught.value.code == "name"


def test_a_cosignature_moved_to_another_time_is_false() -> None:
    note = checkpoint.cosign(signed(), "temoin2.example", WITNESSES["temoin2.example"], 100)
    late = dataclasses.replace(note.signatures[1], blob=(101).to_bytes(8, "big") + note.signatures[1].blob[8:])
    with pytest.raises(CheckpointError) as caught:
        checkpoint.verify_cosignatures(dataclasses.replace(note, signatures=(late,)), KNOWN)
    assert caught.value.code == "signature"


@pytest.mark.parametrize(
    "note",
    [
        "",
        "a\n1\n\n",
        signed().note[:-1],
        signed().note.replace("\n12\n", "\n012\n"),
        signed().note.replace("\n12\n", "\n-12\n"),
        signed().note.replace("\u2014", "-"),
        signed().note.replace("\n\n", "\nextra\n\n"),
        signed().note + "\n",
        f"{ORIGIN}\n12\n{b64(bytes(31))}\n\n\u2014 a AAAAAAAAAAA=\n",
    ],
)
def test_malformed_notes(note: str) -> None:
    with pytest.raises(CheckpointError) as caught:
        checkpoint.parse(note)
    assert caught.value.code == "malformed"


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb"])
def test_names_that_a_note_cannot_hold(name: str) -> None:
    with pytest.raises(CheckpointError):
        checkpoint.sign(name, 1, bytes(32), KEY)
