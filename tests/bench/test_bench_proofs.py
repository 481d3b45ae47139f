"""What the server computes: opening from file keys, receipts, the register, the papers."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import statistics
import subprocess
from typing import Any

import typst
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from pypdf import PdfReader

from parvis.kit.pdf import render_pdf
from parvis.procurement.services.receipt_pdf import TEMPLATE
from parvis.sealing import checkpoint, merkle, receipt, timestamp
from parvis.sealing.age import decrypt_with_file_key, encrypt_payload, generate_identity, recipient_of
from parvis.sealing.age.header import FILE_KEY_SIZE, write_header
from parvis.sealing.age.keys import wrap_x25519
from parvis.sealing.age.stream import CHUNK
from parvis.sealing.canonical import b64, canonical_bytes, commit
from parvis.sealing.local_tsa import LocalTsa
from tests.bench.measure import MIB, SIZE, Line, Report, cpu_seconds, seconds
from tests.sealing.conftest import NOW, ORIGIN, make_manifest, make_receipt


class Digest:
    """A sink that keeps nothing but a hash, so that memory and disk stay out of the figure."""

    def __init__(self) -> None:
        self.hash, self.size = hashlib.sha256(), 0

    def write(self, data: bytes, /) -> None:
        self.size += len(data)


def sealed(size: int) -> tuple[bytes, bytes, bytes]:
    """Plaintext, sealed file, file key."""
    plain, file_key = os.urandom(MIB) * (size // MIB), os.urandom(FILE_KEY_SIZE)
    out = io.BytesIO()
    out.write(write_header((wrap_x25519(file_key, recipient_of(generate_identity())),), file_key).raw)
    encrypt_payload(io.BytesIO(plain), out, file_key)
    return plain, out.getvalue(), file_key


def openssl_speed() -> float | None:
    """MiB a CPU-second of chacha20-poly1305 by the openssl command, in blocks of one chunk."""
    command = shutil.which("openssl")
    if command is None:
        return None
    words = [command, "speed", "-mr", "-seconds", "2", "-bytes", str(CHUNK), "-evp", "chacha20-poly1305"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    found = re.search(r"\+F:\d+:[^:]+:([\d.]+)", done.stdout)
    return float(found[1]) / MIB if found else None


def test_opening_from_file_keys(report: Report) -> None:
    size = SIZE.decrypted * MIB
    plain, file, file_key = sealed(size)
    aead, nonce = ChaCha20Poly1305(os.urandom(32)), bytes(12)
    chunk = aead.encrypt(nonce, plain[:CHUNK], None)

    def raw() -> None:
        for _ in range(size // CHUNK):
            aead.decrypt(nonce, chunk, None)

    ours: list[float] = []
    bare: list[float] = []
    for _ in range(3):
        sink = Digest()
        ours.append(cpu_seconds(lambda sink=sink: decrypt_with_file_key(io.BytesIO(file), file_key, sink)))  # type: ignore[misc]
        assert sink.size == size
        bare.append(cpu_seconds(raw))
    out = io.BytesIO()
    decrypt_with_file_key(io.BytesIO(file), file_key, out)
    assert out.getvalue() == plain
    speed, most = SIZE.decrypted / min(ours), SIZE.decrypted / min(bare)
    report(
        Line(
            "opening from file keys",
            f"{speed:.0f} MiB/CPU-s",
            f"{most:.0f} MiB/CPU-s (cryptography, bare)",
            speed / most,
            "≥ 0.5",
        )
    )
    command = openssl_speed()
    if command:
        report(
            Line(
                "opening from file keys",
                f"{speed:.0f} MiB/CPU-s",
                f"{command:.0f} MiB/CPU-s (openssl speed)",
                speed / command,
                "≥ 0.5",
            )
        )


def a_receipt(leaves: int) -> tuple[dict[str, Any], receipt.Trust]:
    """A complete receipt: one line of a register of `leaves` lines, five cosignatures, a timestamp, one document."""
    key, salt = Ed25519PrivateKey.generate(), os.urandom(32)
    manifest = make_manifest({"memoire.pdf": b"%PDF"})
    content = make_receipt(manifest)
    fact = receipt.fact_data(content, {"number": 3})
    leaf = {
        "v": 1,
        "id": "01939c3a-0000-7000-8000-0000000000bb",
        "kind": receipt.FACT_KIND,
        "authority": "216800722",
        "subject": manifest.consultation,
        "at": "2026-12-01T10:53:12.123456Z",
        "commitment": commit(salt, fact),
    }
    tree = merkle.HashTree(
        merkle.leaf_hash(canonical_bytes(leaf) if i == 7 else i.to_bytes(8, "big")) for i in range(leaves)
    )
    note = checkpoint.sign(ORIGIN, leaves, tree.root(), key)
    witnesses: dict[str, bytes] = {}
    for number in range(5):
        witness, name = Ed25519PrivateKey.generate(), f"temoin-{number}.example"
        witnesses[name] = witness.public_key().public_bytes_raw()
        note = checkpoint.cosign(note, name, witness, int(NOW.timestamp()))
    tsa = LocalTsa.create("Essai", NOW)
    token = tsa.respond(timestamp.build_request(receipt.imprint(content), 1), NOW)
    whole = receipt.complete(
        receipt.build(content, fact, salt, key),
        proof=receipt.proof(leaf, 7, leaves, tree.inclusion(7), note.note),
        timestamp=receipt.stamp(token, "Essai", qualified=False),
    )
    trust = receipt.Trust(key.public_key().public_bytes_raw(), [tsa.root], witnesses)
    return {**whole, "documents": [manifest.to_json()]}, trust


def test_receipt_verification(report: Report) -> None:
    whole, trust = a_receipt(SIZE.leaves)
    checks = receipt.verify(whole, trust)
    assert not [check for check in checks if check.state == "failed"], checks
    assert {check.key for check in checks if check.state == "ok"} >= {
        "signature",
        "inclusion",
        "checkpoint",
        "witnesses",
        "timestamp",
    }
    spoilt = json.loads(json.dumps(whole))
    spoilt["proof"]["hashes"][3] = b64(bytes(32))
    assert [check for check in receipt.verify(spoilt, trust) if check.state == "failed"]
    signer = Ed25519PrivateKey.generate()
    public, signed = signer.public_key(), signer.sign(b"m" * 300)

    def bare() -> None:
        for _ in range(7):
            public.verify(signed, b"m" * 300)

    ours = statistics.median(cpu_seconds(lambda: receipt.verify(whole, trust)) for _ in range(60)) * 1000
    least = statistics.median(cpu_seconds(bare) for _ in range(60)) * 1000
    report(
        Line(
            "receipt, verified offline",
            f"{ours:.2f} ms",
            f"{least:.2f} ms (7 Ed25519 verifications, bare)",
            least / ours,
            "≤ 5 ms",
        )
    )
    size = len(json.dumps(whole["proof"], ensure_ascii=False, separators=(",", ":")).encode())
    smallest = 32 * len(whole["proof"]["hashes"]) + 64 * 6
    report(
        Line(
            f"receipt, proof in {SIZE.leaves:,} lines",
            f"{size} bytes",
            f"{smallest} bytes (hashes and signatures alone)",
            smallest / size,
            "≤ 2,500 bytes",
        )
    )


def test_register_appends(report: Report) -> None:
    lines = [i.to_bytes(8, "big") * 40 for i in range(SIZE.leaves)]
    tree = merkle.HashTree()

    def ours() -> None:
        for line in lines:
            tree.append(merkle.leaf_hash(line))

    def bare() -> None:
        for line in lines:
            hashlib.sha256(b"\0" + line).digest()
            hashlib.sha256(b"\1" * 65).digest()

    took, least = cpu_seconds(ours), min(cpu_seconds(bare) for _ in range(3))
    again = merkle.HashTree(merkle.leaf_hash(line) for line in lines[: SIZE.leaves // 2])
    path = tree.consistency(len(again))
    assert merkle.verify_consistency(len(again), len(tree), path, again.root(), tree.root())
    assert merkle.verify_inclusion(merkle.leaf_hash(lines[9]), 9, len(tree), tree.inclusion(9), tree.root())
    report(
        Line(
            "register, appends",
            f"{SIZE.leaves / took:,.0f} a CPU-s",
            f"{SIZE.leaves / least:,.0f} a CPU-s (its SHA-256 alone)",
            least / took,
            "≥ 100,000 a CPU-s",
        )
    )


PAPER = {
    "number": 3,
    "platform_name": "Parvis",
    "platform": ORIGIN,
    "buyer": "Commune d’essai (SIRET 21680072200011)",
    "depositor": "Entreprise d’essai (SIRET 21680072200011)",
    "consultation": "2026-F-012 · Toiture",
    "status": "Pli déposé dans les délais",
    "received_at": "mardi 1er décembre 2026 à 11 h 53, 12,123 s",
    "received_at_utc": "2026-12-01T10:53:12.123456Z",
    "deadline": "mardi 1er décembre 2026 à 12 h",
    "envelopes": [
        {"label": f"Offre, lot {n}", "size": "4 Mo", "sha256": "ab" * 32, "commitment": "cd" * 32} for n in range(10)
    ],
    "signature": "A" * 88,
    "public_key": "B" * 44,
    "log": "ligne 8, inscrite et prouvée",
    "timestamp": "obtenu",
    "verify_url": "https://parvis.example/verifier/",
}


def test_receipt_as_tagged_pdf(report: Report) -> None:
    def untagged(data: dict[str, Any]) -> bytes:
        inputs = {"data": json.dumps(data, ensure_ascii=False)}
        return bytes(typst.compile(str(TEMPLATE), format="pdf", ignore_system_fonts=True, sys_inputs=inputs))

    tagged = render_pdf(TEMPLATE, PAPER)
    root = PdfReader(io.BytesIO(tagged)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("fr")
    untagged(PAPER)
    ours, plain = [], []
    for number in range(10, 30, 2):
        # Another number each time: typst remembers what it has already set.
        ours.append(seconds(lambda: render_pdf(TEMPLATE, {**PAPER, "number": number})))  # noqa: B023
        plain.append(seconds(lambda: untagged({**PAPER, "number": number + 1})))  # noqa: B023
    took, least = statistics.median(ours) * 1000, statistics.median(plain) * 1000
    report(
        Line("receipt as tagged PDF", f"{took:.0f} ms", f"{least:.0f} ms (the same, untagged)", least / took, "≥ 0.67")
    )
