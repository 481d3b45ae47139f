"""The receipt page, in the site and as a file on disk, against receipts of the server's own; the offline opener."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Page, expect

from parvis.sealing import checkpoint, merkle, receipt, timestamp
from parvis.sealing.canonical import canonical_bytes, commit
from parvis.sealing.local_tsa import LocalTsa
from parvis.sealing.manifest import Manifest, ManifestFile
from tests.frontend.backend import STATIC, Backend
from tests.frontend.test_custody import INVENTED, b64, split_key

pytestmark = pytest.mark.journey

ORIGIN = "parvis.example"
CONTENT = "Mémoire technique".encode()
AT = datetime(2026, 12, 1, 10, 53, 12, 123456, UTC)


@pytest.fixture(scope="module")
def complete() -> dict[str, Any]:
    """A completed receipt: line 7 of 12 in the register, stamped by a local authority, with its documents."""
    key = Ed25519PrivateKey.generate()
    manifest = Manifest(
        platform=ORIGIN,
        consultation="c",
        reference="2026-F-012",
        lot="1",
        kind="bid",
        siret="21680072200011",
        company="Essai",
        files=(ManifestFile("mémoire.txt", len(CONTENT), hashlib.sha256(CONTENT).hexdigest()),),
        deadline="2026-12-01T11:00:00Z",
        documents_version="ab" * 32,
        key="age1",
        salt="cd" * 32,
    )
    content = {
        "v": 1,
        "platform": ORIGIN,
        "number": 3,
        "submission": "s",
        "depositor": {"name": "Essai", "siret": "21680072200011"},
        "buyer": {"name": "Commune d’essai", "siret": "21680072200011"},
        "consultation": {"id": "c", "reference": "2026-F-012", "title": "Fournitures d’été"},
        "received_at": "2026-12-01T10:53:12.123456Z",
        "deadline": "2026-12-01T11:00:00Z",
        "on_time": True,
        "envelopes": [{"kind": "bid", "lot": "1", "size": 1, "sha256": "00" * 32, "commitment": manifest.commitment}],
    }
    fact, salt = receipt.fact_data(content, {"number": 3}), b"s" * 32
    leaf = {
        "v": 1,
        "id": "f",
        "kind": receipt.FACT_KIND,
        "authority": "216800722",
        "subject": "s",
        "at": "2026-12-01T10:53:13Z",
        "commitment": commit(salt, fact),
    }
    lines = [canonical_bytes(leaf) if i == 7 else b"line %d" % i for i in range(12)]
    tree = merkle.HashTree(merkle.leaf_hash(line) for line in lines)
    note = checkpoint.sign(ORIGIN, 12, tree.root(), key).note
    token = LocalTsa.create("Essai", AT).respond(timestamp.build_request(receipt.imprint(content), 1), AT)
    made = receipt.complete(
        receipt.build(content, fact, salt, key),
        proof=receipt.proof(leaf, 7, 12, tree.inclusion(7), note),
        timestamp=receipt.stamp(token, "Essai", qualified=False),
    )
    return {**made, "documents": [manifest.to_json()]}


def give(page: Page, file: Any, *documents: tuple[str, bytes]) -> None:
    page.get_by_label("Vos fichiers déposés").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": body} for name, body in documents]
    )
    body = json.dumps(file).encode()
    page.get_by_label("Récépissé (recepisse.json)").set_input_files(
        {"name": "recepisse.json", "mimeType": "application/json", "buffer": body}
    )


def outcome(page: Page, check: str) -> Any:
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=check, exact=True))


def test_a_true_receipt_is_recognised(page: Page, backend: Backend, base: str, complete: dict[str, Any]) -> None:
    public = complete["signature"]["public_key"]
    backend.page("/verifier/", f'<div id="verify" data-public-key="{public}"></div>', "verify")
    page.goto(base + "/verifier/")
    give(page, complete, ("renommé.txt", CONTENT), ("autre.txt", b"rien"))
    expect(page.get_by_role("heading", name="Ce récépissé est authentique", exact=True)).to_be_focused()
    expect(page.get_by_text("Incorrect")).to_have_count(0)
    expect(outcome(page, "Inscription au registre")).to_contain_text("ligne 8")
    expect(outcome(page, "Fichier")).to_contain_text("renommé.txt")
    expect(outcome(page, "Fichier absent du récépissé")).to_contain_text("autre.txt")


def spoil(complete: dict[str, Any], *path: Any, value: Any) -> dict[str, Any]:
    made = copy.deepcopy(complete)
    place = made
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return made


def test_each_alteration_is_named(page: Page, backend: Backend, base: str, complete: dict[str, Any]) -> None:
    backend.page("/verifier/", '<div id="verify"></div>', "verify")
    page.goto(base + "/verifier/")
    proof = complete["proof"]
    token = bytearray(base64.b64decode(complete["timestamp"]["token"]))
    at = bytes(token).index(receipt.imprint(complete["receipt"]))
    token[at] ^= 1
    cases: list[tuple[str, tuple[Any, ...], Any]] = [
        ("Signature de la plateforme", ("receipt", "received_at"), "2026-12-01T10:53:12.123457Z"),
        ("Heure de réception et date limite", ("receipt", "on_time"), False),
        ("Liste des fichiers de l’enveloppe", ("documents", 0, "files", 0, "size"), 5),
        ("Lien entre le récépissé et le registre", ("fact", "data", "number"), 4),
        ("Inscription au registre", ("proof", "index"), 6),
        ("Inscription au registre", ("proof", "hashes"), proof["hashes"][:-1]),
        ("Signature du registre", ("proof", "checkpoint"), proof["checkpoint"].replace("\n12\n", "\n13\n")),
        ("Horodatage", ("timestamp", "token"), base64.b64encode(token).decode()),
    ]
    for check, path, value in cases:
        give(page, spoil(complete, *path, value=value))
        expect(outcome(page, check)).to_contain_text("Incorrect")
        expect(page.get_by_role("heading", name="Ce récépissé ne correspond pas")).to_be_visible()
    give(page, complete, ("mémoire.txt", CONTENT + b"."))
    expect(outcome(page, "Fichier")).to_contain_text("Incorrect")
    expect(page.get_by_role("heading", name="Le récépissé est intact, mais un fichier")).to_be_visible()
    give(page, {**complete, "proof": None, "timestamp": None})
    expect(page.get_by_role("heading", name="Ce récépissé est intact, mais provisoire")).to_be_visible()


def test_the_saved_page_works_from_disk(page: Page, built: Path, complete: dict[str, Any]) -> None:
    page.goto((STATIC / "standalone/verifier.html").as_uri())
    give(page, complete, ("mémoire.txt", CONTENT))
    expect(page.get_by_role("heading", name="Ce récépissé est intact\u202f; comparez encore la clé")).to_be_visible()
    expect(page.get_by_text("Incorrect")).to_have_count(0)


def test_the_saved_opener_rejoins_the_key(page: Page, built: Path, age: Callable[..., bytes], tmp_path: Path) -> None:
    custodians = [pyrage.x25519.Identity.from_str(person["identity"]) for person in INVENTED["custodians"]]
    key, shares = split_key({"kind": "bid", "lot": "1"}, custodians)
    listed = {
        "kind": "bid",
        "lot": "1",
        "key": str(key.to_public()),
        "threshold": 2,
        "shares": [{"sealed": b64(share)} for share in shares],
    }
    page.goto((STATIC / "standalone/ouvrir.html").as_uri())
    page.get_by_label("ou collez son contenu").fill(json.dumps({"v": 1, "consultation": "c", "keys": [listed]}))
    expect(page.get_by_text("0 part sur 2")).to_be_visible()
    for person in INVENTED["custodians"][::2]:
        file = {"name": "ma-cle-parvis.age.txt", "mimeType": "text/plain", "buffer": person["armored"].encode()}
        page.get_by_label("Fichier de clé du détenteur").set_input_files(file)
        page.get_by_label("Sa phrase de 6 mots").fill(INVENTED["phrase"].upper())
        page.get_by_role("button", name="Ajouter cette clé").click()
        expect(page.get_by_label("Sa phrase de 6 mots")).to_have_value("")
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger cle-offres-lot-1.txt").click()
    sealed = pyrage.encrypt(b"l'offre", [key.to_public()])
    assert age("-d", "-i", str(download.value.path()), data=sealed) == b"l'offre"
