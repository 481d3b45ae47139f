from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from parvis.sealing import age, checkpoint, merkle, receipt, timestamp
from parvis.sealing.canonical import b64, canonical_bytes, commit
from parvis.sealing.local_tsa import LocalTsa
from parvis.sealing.manifest import Manifest, ManifestFile

ORIGIN = "parvis.example/registre"
NOW = datetime(2026, 12, 1, 10, 53, 14, tzinfo=UTC)
SALT = bytes(range(32))
CONTENTS = {"DC1.pdf": b"%PDF-1.7 candidature", "Mémoire technique.pdf": b"%PDF-1.7 " + bytes(70_000)}


@pytest.fixture(scope="session")
def platform_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


@pytest.fixture(scope="session")
def tsa() -> LocalTsa:
    return LocalTsa.create("Horodatage de démonstration", NOW)


def make_manifest(contents: dict[str, bytes], **changes: Any) -> Manifest:
    files = tuple(ManifestFile(n, len(c), hashlib.sha256(c).hexdigest()) for n, c in contents.items())
    fields: dict[str, Any] = {
        "platform": ORIGIN,
        "consultation": "01939c3a-0000-7000-8000-000000000001",
        "reference": "2026-F-012",
        "lot": "1",
        "kind": "bid",
        "siret": "21680072200011",
        "company": "Établissements Rivière",
        "files": files,
        "deadline": "2026-12-01T11:00:00Z",
        "documents_version": "ab" * 32,
        "key": age.recipient_of(age.identity_from_secret(bytes([7] * 32))),
        "salt": "5a" * 32,
    }
    return Manifest(**{**fields, **changes})


@pytest.fixture
def manifest() -> Manifest:
    return make_manifest(CONTENTS)


def make_receipt(manifest: Manifest) -> dict[str, Any]:
    return {
        "v": 1,
        "platform": ORIGIN,
        "number": 3,
        "submission": "01939c3a-0000-7000-8000-0000000000aa",
        "depositor": {"name": manifest.company, "siret": manifest.siret},
        "buyer": {"name": "Commune de Dietwiller", "siret": "21680072200011"},
        "consultation": {"id": manifest.consultation, "reference": "2026-F-012", "title": "Toiture de l’école"},
        "received_at": "2026-12-01T10:53:12.123456Z",
        "deadline": "2026-12-01T11:00:00Z",
        "on_time": True,
        "envelopes": [
            {
                "kind": manifest.kind,
                "lot": manifest.lot,
                "size": 4242,
                "sha256": "cd" * 32,
                "commitment": manifest.commitment,
            }
        ],
    }


@pytest.fixture
def provisional(manifest: Manifest, platform_key: Ed25519PrivateKey) -> dict[str, Any]:
    body = make_receipt(manifest)
    return receipt.build(body, receipt.fact_data(body, {"submission": body["submission"]}), SALT, platform_key)


@pytest.fixture
def complete(
    provisional: dict[str, Any], manifest: Manifest, platform_key: Ed25519PrivateKey, tsa: LocalTsa
) -> dict[str, Any]:
    leaf = {
        "v": 1,
        "id": "01939c3a-0000-7000-8000-0000000000bb",
        "kind": "submission.sealed",
        "authority": "216800722",
        "subject": provisional["receipt"]["submission"],
        "at": "2026-12-01T10:53:12.123456Z",
        "commitment": commit(SALT, provisional["fact"]["data"]),
    }
    leaves = [merkle.leaf_hash(bytes([i])) for i in range(12)]
    leaves[7] = merkle.leaf_hash(canonical_bytes(leaf))
    tree = merkle.HashTree(leaves)
    note = checkpoint.sign(ORIGIN, 12, tree.root(), platform_key).note
    imprint = receipt.imprint(provisional["receipt"])
    token = tsa.respond(timestamp.build_request(imprint, timestamp.new_nonce()), NOW)
    done = receipt.complete(
        provisional,
        proof=receipt.proof(leaf, 7, 12, tree.inclusion(7), note),
        timestamp=receipt.stamp(token, "Horodatage de démonstration", qualified=False),
    )
    return {**done, "documents": [manifest.to_json()]}


@pytest.fixture
def trust(platform_key: Ed25519PrivateKey, tsa: LocalTsa, company_files: Path) -> receipt.Trust:
    return receipt.Trust(platform_key.public_key().public_bytes_raw(), [tsa.root], {}, company_files)


@pytest.fixture
def company_files(tmp_path: Path) -> Path:
    folder = tmp_path / "pli"
    folder.mkdir()
    for name, content in CONTENTS.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def published_key(platform_key: Ed25519PrivateKey) -> str:
    return b64(platform_key.public_key().public_bytes_raw())
