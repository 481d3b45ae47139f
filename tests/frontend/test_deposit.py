"""The deposit page seals, uploads, resumes and keeps its receipt; stock age opens what it made."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import random
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest
from playwright.sync_api import Page, expect

from parvis.sealing.manifest import read_envelope
from tests.frontend.backend import Backend

pytestmark = pytest.mark.journey

CONSULTATION = "0198a000-0000-7000-8000-000000000001"
SEAL = "/lutterbach/consultations/c/deposer/sceller/"
#: Small requests, so that a few hundred kilobytes already make several parts of three chunks.
CHUNK = 3 * 65552 + 1024


def odd(size: int, seed: int) -> bytes:
    return random.Random(seed).randbytes(size)


def pdf(body: bytes = b"texte") -> bytes:
    return b"%PDF-1.7\n" + body + b"\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"


@pytest.fixture
def opening_key() -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.generate()


def sealing(data: dict[str, Any]) -> Callable[[Any], tuple[int, Any, dict[str, str]]]:
    """A server that gives each key its receipt, and the same one again."""
    receipts: dict[str, Any] = {}

    def seal(body: Any) -> tuple[int, Any, dict[str, str]]:
        again = body["key"] in receipts
        if not again:
            envelopes = [
                {key: item[key] for key in ("kind", "lot", "size", "sha256", "commitment")}
                for item in body["envelopes"]
            ]
            receipts[body["key"]] = {
                "receipt": {
                    "v": 1,
                    "number": len(receipts) + 1,
                    "submission": CONSULTATION,
                    "received_at": "2026-11-22T10:53:12.123456Z",
                    "deadline": data["consultation"]["deadline"],
                    "on_time": True,
                    "envelopes": envelopes,
                },
                "signature": {"public_key": "", "ed25519": "c2ln"},
                "proof": None,
                "timestamp": None,
            }
        return (200 if again else 201), receipts[body["key"]], {}

    return seal


@pytest.fixture
def deposit(backend: Backend, base: str, opening_key: pyrage.x25519.Identity) -> dict[str, Any]:
    recipient = str(opening_key.to_public())
    slots = [("application", None, "Candidature"), ("bid", "1", "Offre, lot 1"), ("bid", "2", "Offre, lot 2")]
    data = {
        "now": "2026-11-22T10:00:00Z",
        "platform": "parvis.example",
        "authority": {"name": "Commune d’essai"},
        "consultation": {
            "id": CONSULTATION,
            "reference": "2026-F-012",
            "title": "Fournitures",
            "deadline": "2036-12-01T11:00:00Z",
            "documents_version": "ab" * 32,
            "test": False,
        },
        "company": {"siret": "21680072200011", "name": "Entreprise d’essai"},
        "envelopes": [
            {
                "kind": kind,
                "lot": lot,
                "label": label,
                "required": lot is None,
                "recipient": recipient,
                "fingerprint": hashlib.sha256(recipient.encode()).hexdigest(),
            }
            for kind, lot, label in slots
        ],
        "limits": {"file": 3_000_000, "envelope": 5_000_000, "extensions": [".pdf", ".zip", ".bin", ".txt"]},
        "chunk": CHUNK,
        "uploads_url": "/uploads/",
        "seal_url": "/lutterbach/consultations/c/deposer/sceller/",
    }
    backend.json_get["/donnees.json"] = data
    backend.page("/deposer", '<div id="deposit" data-url="/donnees.json"></div>', "deposit")
    backend.json_post[SEAL] = sealing(data)
    return data


def choose(page: Page, label: str, *files: tuple[str, bytes]) -> None:
    section = page.locator("section", has=page.get_by_role("heading", name=label, exact=True))
    section.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "application/octet-stream", "buffer": body} for name, body in files]
    )


def plaintext(
    backend: Backend, age: Callable[..., bytes], identity: str, tmp_path: Path, upload: str
) -> tarfile.TarFile:
    (tmp_path / "cle.txt").write_text(identity)
    sealed = bytes(backend.uploads[f"/uploads/{upload}"].data)
    return tarfile.open(fileobj=io.BytesIO(age("-d", "-i", str(tmp_path / "cle.txt"), data=sealed)))


def sealed_tar_holds(
    files: list[tuple[str, bytes]],
    envelope: dict[str, Any],
    backend: Backend,
    age: Callable[..., bytes],
    opening_key: pyrage.x25519.Identity,
    tmp_path: Path,
) -> None:
    """Stock age opens the envelope; its tar, its manifest and the server's own reader agree with what was chosen."""
    sealed = backend.uploads[f"/uploads/{envelope['upload']}"].data
    tar = plaintext(backend, age, str(opening_key), tmp_path, envelope["upload"])
    assert tar.getnames() == [name for name, _ in files] + ["manifest.json"]
    for name, content in files:
        member = tar.extractfile(name)
        assert member is not None
        assert member.read() == content
    member = tar.extractfile("manifest.json")
    assert member is not None
    manifest = member.read()
    assert hashlib.sha256(manifest).hexdigest() == envelope["commitment"]
    listed = json.loads(manifest)
    assert manifest.decode() == json.dumps(listed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert listed["files"] == [{"name": n, "size": len(c), "sha256": hashlib.sha256(c).hexdigest()} for n, c in files]
    # The server's own reader, which trusts nothing, finds the same.
    tar_bytes = age("-d", "-i", str(tmp_path / "cle.txt"), data=bytes(sealed))
    read = read_envelope(io.BytesIO(tar_bytes), lambda name, size: io.BytesIO())
    assert read.commitment == envelope["commitment"]
    assert listed["key"] == str(opening_key.to_public())
    assert len(listed["salt"]) == 64


def test_stock_age_opens_what_the_page_sealed(
    page: Page,
    backend: Backend,
    base: str,
    deposit: dict[str, Any],
    age: Callable[..., bytes],
    opening_key: pyrage.x25519.Identity,
    tmp_path: Path,
    console: list[str],
) -> None:
    part = 3 * 65536
    # Sizes that end on, before and after the bounds of chunks and parts once the tar's blocks are added.
    application = [("DC1.pdf", pdf()), ("Mémoire justifié – n° 1.bin", odd(part - 512 * 8, 1)), ("b.bin", odd(1, 2))]
    bid = [("prix.bin", odd(2 * part - 512, 3)), ("é" * 90 + ".bin", odd(65537, 4))]
    backend.spoil = 1
    page.goto(base + "/deposer")
    choose(page, "Candidature", *application)
    choose(page, "Offre, lot 1", *bid)
    page.get_by_role("button", name="Chiffrer et téléverser").click()
    page.get_by_role("button", name="Déposer le pli").click()
    expect(page.get_by_role("heading", name="Votre pli n° 1 est déposé")).to_be_focused()
    expect(page.get_by_text("Dans les délais")).to_be_visible()
    expect(page.get_by_role("link", name="Récépissé en PDF")).to_have_attribute(
        "href", f"/lutterbach/plis/{CONSULTATION}/recepisse.pdf"
    )
    [(_, body)] = backend.posted
    assert len(json.dumps(body)) < 4096
    for envelope, files in zip(body["envelopes"], [application, bid], strict=True):
        upload = backend.uploads[f"/uploads/{envelope['upload']}"]
        assert envelope["size"] == upload.length == len(upload.data)
        assert envelope["sha256"] == hashlib.sha256(upload.data).hexdigest()
        assert all(size <= CHUNK for _, size in upload.parts)
        sealed_tar_holds(files, envelope, backend, age, opening_key, tmp_path)
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger le récépissé").click()
    receipt = json.loads(Path(download.value.path()).read_text())
    assert download.value.suggested_filename == "recepisse.json"
    assert [item["files"][0]["name"] for item in receipt["documents"]] == ["DC1.pdf", "prix.bin"]
    page.reload()
    expect(page.get_by_role("heading", name="Votre pli n° 1 est déposé")).to_be_visible()
    assert ["460" in line for line in console] == [True]  # the spoilt part, sent again
    console.clear()


def test_a_broken_sealed_file_is_refused(
    page: Page,
    backend: Backend,
    base: str,
    deposit: dict[str, Any],
    age: Callable[..., bytes],
    opening_key: pyrage.x25519.Identity,
    tmp_path: Path,
) -> None:
    page.goto(base + "/deposer")
    choose(page, "Candidature", ("a.bin", odd(400_000, 5)))
    page.get_by_role("button", name="Chiffrer et téléverser").click()
    expect(page.get_by_role("button", name="Déposer le pli")).to_be_visible()
    [upload] = backend.uploads.values()
    sealed = bytes(upload.data)
    (tmp_path / "cle.txt").write_text(str(opening_key))

    def opened(data: bytes) -> bytes:
        return age("-d", "-i", str(tmp_path / "cle.txt"), data=data)

    assert opened(sealed)
    flipped = bytearray(sealed)
    flipped[200_000] ^= 1
    start, chunk = 184, 65552
    swapped = (
        sealed[:start]
        + sealed[start + chunk : start + 2 * chunk]
        + sealed[start : start + chunk]
        + sealed[start + 2 * chunk :]
    )
    for broken in (bytes(flipped), sealed[:-1], sealed[: start + 3 * chunk], swapped, sealed + b"\0"):
        with pytest.raises(RuntimeError):
            opened(broken)


def test_resumes_after_a_closed_tab(
    page: Page,
    backend: Backend,
    base: str,
    deposit: dict[str, Any],
    age: Callable[..., bytes],
    console: list[str],
    opening_key: pyrage.x25519.Identity,
    tmp_path: Path,
) -> None:
    files = [("grand.bin", odd(900_001, 6)), ("petit.bin", odd(10, 7))]
    backend.cut_after = 2
    page.goto(base + "/deposer")
    choose(page, "Candidature", *files)
    page.get_by_role("button", name="Chiffrer et téléverser").click()
    expect(page.get_by_text("Connexion perdue")).to_be_visible()
    page.reload()
    backend.cut_after = None
    expect(page.get_by_text("Un téléversement commencé vous attend")).to_contain_text("grand.bin, petit.bin")
    choose(page, "Candidature", *reversed(files))
    page.get_by_role("button", name="Chiffrer et téléverser").click()
    page.get_by_role("button", name="Déposer le pli").click()
    expect(page.get_by_role("heading", name="Votre pli n° 1 est déposé")).to_be_visible()
    [upload] = backend.uploads.values()
    # No byte was sent twice, and the file is whole.
    assert [start for start, _ in upload.parts] == [
        sum(size for _, size in upload.parts[:i]) for i in range(len(upload.parts))
    ]
    assert len(upload.parts) == 5
    tar = plaintext(backend, age, str(opening_key), tmp_path, next(iter(backend.uploads)).removeprefix("/uploads/"))
    member = tar.extractfile("grand.bin")
    assert member is not None
    assert member.read() == files[0][1]
    console.clear()  # the 503 answers


def test_another_content_never_meets_the_same_key(
    page: Page, backend: Backend, base: str, deposit: dict[str, Any], console: list[str]
) -> None:
    backend.cut_after = 1
    page.goto(base + "/deposer")
    choose(page, "Candidature", ("a.bin", odd(500_000, 8)))
    page.get_by_role("button", name="Chiffrer et téléverser").click()
    expect(page.get_by_text("Connexion perdue")).to_be_visible()
    [(first, kept)] = backend.uploads.items()
    header = bytes(kept.data[:184])
    page.reload()
    backend.cut_after = None
    choose(page, "Candidature", ("a.bin", odd(500_000, 9)))
    page.get_by_role("button", name="Chiffrer et téléverser").click()
    expect(page.get_by_role("button", name="Déposer le pli")).to_be_visible()
    [(second, upload)] = backend.uploads.items()
    assert first != second
    assert len(upload.data) == upload.length
    assert bytes(upload.data[:184]) != header
    console.clear()


def test_a_sign_in_page_is_no_acknowledgement(page: Page, backend: Backend, base: str, deposit: dict[str, Any]) -> None:
    backend.signed_out = True
    page.goto(base + "/deposer")
    choose(page, "Candidature", ("a.pdf", pdf()))
    page.get_by_role("button", name="Chiffrer et téléverser").click()
    expect(page.get_by_role("alert")).to_contain_text("Votre session est finie")
    expect(page.get_by_role("button", name="Déposer le pli")).to_be_hidden()
    backend.signed_out = False
    page.get_by_role("button", name="Chiffrer et téléverser").click()
    expect(page.get_by_role("button", name="Déposer le pli")).to_be_visible()


def test_a_lost_answer_gives_the_same_receipt(
    page: Page, backend: Backend, base: str, deposit: dict[str, Any], console: list[str]
) -> None:
    good = backend.json_post[SEAL]

    def lost(body: Any) -> tuple[int, Any, dict[str, str]]:
        good(body)
        return 503, {}, {}

    backend.json_post[SEAL] = lost
    page.goto(base + "/deposer")
    choose(page, "Candidature", ("a.pdf", pdf()))
    page.get_by_role("button", name="Chiffrer et téléverser").click()
    page.get_by_role("button", name="Déposer le pli").click()
    expect(page.get_by_role("button", name="Vérifier et retrouver le récépissé")).to_be_visible()
    backend.json_post[SEAL] = good
    page.reload()
    page.get_by_role("button", name="Vérifier et retrouver le récépissé").click()
    expect(page.get_by_role("heading", name="Votre pli n° 1 est déposé")).to_be_visible()
    assert len({body["key"] for _, body in backend.posted}) == 1
    assert len(backend.posted) == 2
    console.clear()


def test_checks_show_at_once_and_stop_the_deposit(
    page: Page, backend: Backend, base: str, deposit: dict[str, Any]
) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("a.txt", "bonjour" * 100)
    page.goto(base + "/deposer")
    page.get_by_role("button", name="Chiffrer et téléverser").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary")).to_contain_text("cette enveloppe est demandée")
    choose(
        page,
        "Offre, lot 1",
        ("vide.pdf", b""),
        ("photo.exe", b"MZ"),
        ("coupé.zip", archive.getvalue()[:-30]),
        ("Lot 2 - prix.pdf", pdf()),
        ("protégé.pdf", pdf(b"/Encrypt 12 0 R")),
        ("bon.zip", archive.getvalue()),
    )
    section = page.locator("section", has=page.get_by_role("heading", name="Offre, lot 1"))
    for name, text in [
        ("vide.pdf", "vide"), ("photo.exe", "n’est pas accepté"), ("coupé.zip", "abîmé"),
        ("Lot 2 - prix.pdf", "parle du lot 2"),
        ("protégé.pdf", "protégé"), ("bon.zip", "Vérifié"),
    ]:  # fmt: skip
        expect(section.get_by_role("listitem").filter(has_text=name)).to_contain_text(text)
    page.get_by_role("button", name="Chiffrer et téléverser").click()
    expect(page.locator(".error-summary")).to_contain_text("2 points à corriger")
    assert backend.uploads == {}


def test_a_key_that_does_not_match_stops_everything(
    page: Page, backend: Backend, base: str, deposit: dict[str, Any]
) -> None:
    deposit["envelopes"][0]["fingerprint"] = "00" * 32
    page.goto(base + "/deposer")
    expect(page.get_by_role("alert")).to_contain_text("ne correspond pas à l’empreinte publiée")
    choose(page, "Candidature", ("a.pdf", pdf()))
    page.get_by_role("button", name="Chiffrer et téléverser").click()
    expect(page.locator(".error-summary")).to_contain_text("ne correspond pas")
    assert backend.uploads == {}


def test_metadata_names_the_envelope_only(page: Page, backend: Backend, base: str, deposit: dict[str, Any]) -> None:
    page.goto(base + "/deposer")
    choose(page, "Candidature", ("secret.pdf", pdf()))
    choose(page, "Offre, lot 2", ("secret-aussi.pdf", pdf()))
    page.get_by_role("button", name="Chiffrer et téléverser").click()
    expect(page.get_by_role("button", name="Déposer le pli")).to_be_visible()
    told = [
        dict((part + " ").split(" ")[:2] for part in upload.metadata.split(",")) for upload in backend.uploads.values()
    ]
    assert [base64.b64decode(item["kind"]).decode() for item in told] == ["application", "bid"]
    assert [base64.b64decode(item["lot"]).decode() for item in told] == ["", "2"]
