"""A custodian's life in the browser: key, ceremony 2 of 3, rehearsal, opening; other tools check each product."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from pathlib import Path
from typing import Any

import pyrage
import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from playwright.sync_api import BrowserContext, Page, expect
from pyshamir import combine, split

from tests.frontend.backend import Backend

pytestmark = pytest.mark.journey

CONSULTATION = "0198a000-0000-7000-8000-000000000001"
INVENTED = json.loads((Path(__file__).parent / "custodians.json").read_text())
Identity = pyrage.x25519.Identity


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def bech32_secret(text: str) -> bytes:
    values = ["qpzry9x8gf2tvdw0s3jn54khce6mua7l".index(char) for char in text.lower().rsplit("1", 1)[1]][:-6]
    bits = "".join(f"{value:05b}" for value in values)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits) - 7, 8))


def identity_of(secret: bytes) -> Identity:
    """pyrage reads identities as text only, so the bech32 of BIP 173 is written here once more."""
    alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    bits = "".join(f"{byte:08b}" for byte in secret)
    data = [int(bits[i : i + 5].ljust(5, "0"), 2) for i in range(0, len(bits), 5)]
    prefix = "age-secret-key-"

    def polymod(values: list[int]) -> int:
        check = 1
        for value in values:
            top = check >> 25
            check = (check & 0x1FFFFFF) << 5 ^ value
            for i, generator in enumerate([0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3]):
                check ^= generator if (top >> i) & 1 else 0
        return check

    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    mod = polymod(expanded + data + [0] * 6) ^ 1
    tail = [(mod >> 5 * (5 - i)) & 31 for i in range(6)]
    return Identity.from_str((prefix + "1" + "".join(alphabet[v] for v in data + tail)).upper())


def armored(identity: Identity) -> str:
    return next(person["armored"] for person in INVENTED["custodians"] if person["identity"] == str(identity))


def unlock(page: Page) -> None:
    page.get_by_label("Votre phrase de 6 mots").fill("Abeille  BALCON castor-dauphin fenouil Girafe")
    page.get_by_role("button", name="Déverrouiller avec la phrase").click()


@pytest.fixture
def custodians() -> list[Identity]:
    return [Identity.from_str(person["identity"]) for person in INVENTED["custodians"]]


def split_key(place: dict[str, Any], custodians: list[Identity]) -> tuple[Identity, list[bytes]]:
    """A 2-of-3 key as the ceremony makes it: its identity, and the sealed share of each custodian."""
    identity = Identity.generate()
    shares = split(bech32_secret(str(identity)), 3, 2)
    sealed = []
    for custodian, share in zip(custodians, shares, strict=True):
        content = {
            "v": 1,
            "consultation": CONSULTATION,
            **place,
            "key": str(identity.to_public()),
            "k": 2,
            "n": 3,
            "share": b64(bytes(share)),
        }
        text = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
        sealed.append(pyrage.encrypt(text, [custodian.to_public()]))
    return identity, sealed


def test_my_key_is_sealed_by_a_phrase_typed_back(page: Page, backend: Backend, base: str) -> None:
    backend.json_get["/ma-cle/donnees.json"] = {"person": CONSULTATION, "name": "Camille Exemple", "key": None}
    backend.json_post["/ma-cle/"] = lambda body: (201, {"id": "1"}, {})
    backend.page("/ma-cle/", '<div id="custody" data-page="key" data-url="/ma-cle/donnees.json"></div>', "custody")
    page.goto(base + "/ma-cle/")
    page.get_by_role("button", name="Créer ma clé").click()
    words = page.locator("ol.phrase li").all_inner_texts()
    assert len(words) == 6
    page.get_by_role("button", name="J’ai noté ma phrase").click()
    page.get_by_label("Vos 6 mots").fill("pas la bonne phrase du tout ici")
    page.get_by_role("button", name="Vérifier").click()
    expect(page.get_by_text("Ce n’est pas la phrase affichée")).to_be_visible()
    page.get_by_label("Vos 6 mots").fill("  ".join(words).upper())
    page.get_by_role("button", name="Vérifier").click()
    page.get_by_role("button", name="Enregistrer ma clé").click()
    expect(page.get_by_text("Téléchargez d’abord")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger ma-cle-parvis.age.txt").click()
    assert download.value.suggested_filename == "ma-cle-parvis.age.txt"
    page.get_by_role("button", name="Enregistrer ma clé").click()
    expect(page.get_by_text("Votre clé est enregistrée")).to_be_visible()
    [(_, body)] = backend.posted
    sealed = Path(download.value.path()).read_text()
    assert body["sealed_by_passphrase"] == sealed
    assert body["sealed_by_passkey"] is None
    text = pyrage.passphrase.decrypt(sealed.encode(), " ".join(words)).decode()
    identity = Identity.from_str(re.search(r"^AGE-SECRET-KEY-1\w+$", text, re.M)[0])  # type: ignore[index]
    assert str(identity.to_public()) == body["recipient"]
    assert str(identity) not in json.dumps(backend.posted)


def test_ceremony_two_of_three(page: Page, backend: Backend, base: str, custodians: list[Identity]) -> None:
    needed = [
        {"kind": "application", "lot": None, "label": "Candidatures"},
        {"kind": "bid", "lot": "1", "label": "Offres, lot 1"},
    ]
    people = [
        {"id": str(i), "name": f"Personne {i}", "recipient": str(key.to_public())} for i, key in enumerate(custodians)
    ]
    backend.json_get["/cles/donnees.json"] = {
        "consultation": CONSULTATION,
        "needed": needed,
        "custodians": people,
        "threshold": 2,
        "post_url": "/cles/",
        "next_url": "/repetition/",
    }
    backend.json_post["/cles/"] = lambda body: (201, {}, {})
    backend.page("/cles", '<div id="custody" data-page="ceremony" data-url="/cles/donnees.json"></div>', "custody")
    page.goto(base + "/cles")
    page.get_by_label("Nombre de détenteurs").select_option("3")
    expect(page.get_by_text("Il faudra toutes les clés")).to_be_visible()
    page.get_by_label("Nombre de détenteurs").select_option("2")
    page.get_by_role("button", name="Fabriquer les clés").click()
    expect(page.get_by_text("Les clés sont fabriquées")).to_be_visible()
    expect(page.get_by_role("link", name="Aller à la répétition")).to_have_attribute("href", "/repetition/")
    [(_, body)] = backend.posted
    assert body["threshold"] == 2
    assert [key["kind"] for key in body["keys"]] == ["application", "bid"]
    recipients = set()
    for kind, made in [*((key["kind"], key) for key in body["keys"]), ("rehearsal", body["rehearsal"])]:
        raw = []
        for custodian, share in zip(custodians, made["shares"], strict=True):
            content = json.loads(pyrage.decrypt(base64.b64decode(share["sealed"]), [custodian]))
            assert (content["key"], content["kind"], content["k"], content["n"]) == (made["recipient"], kind, 2, 3)
            raw.append(base64.b64decode(content["share"]))
            assert hashlib.sha256(raw[-1]).hexdigest() == share["commitment"]
            assert len(raw[-1]) == 33
        for pair in ([0, 1], [0, 2], [1, 2]):
            identity = identity_of(bytes(combine([raw[i] for i in pair])))
            assert str(identity.to_public()) == made["recipient"]
        recipients.add(made["recipient"])
        if kind == "rehearsal":
            canary = pyrage.decrypt(base64.b64decode(made["canary"]), [identity])
            assert len(canary) == 32
            assert hashlib.sha256(canary).hexdigest() == made["canary_commitment"]
    assert len(recipients) == 3


def rehearsal_data(
    custodian: Identity, bid: Any, trial: Any, sealed: tuple[bytes, bytes], canary: bytes, released: list[str]
) -> dict[str, Any]:
    """What the server tells a custodian of a rehearsal; `sealed`: their shares of the bid and of the trial key."""
    return {
        "sealed_by_passphrase": armored(custodian),
        "sealed_by_passkey": None,
        "recipient": str(custodian.to_public()),
        "shares": [
            {"key_id": "k1", "kind": "bid", "lot": "1", "key": str(bid.to_public()), "sealed": b64(sealed[0])},
            {
                "key_id": "k2",
                "kind": "rehearsal",
                "lot": None,
                "key": str(trial.to_public()),
                "sealed": b64(sealed[1]),
            },
        ],
        "rehearsal": {
            "key_id": "k2",
            "key": str(trial.to_public()),
            "threshold": 2,
            "released": released,
            "canary": b64(pyrage.encrypt(canary, [trial.to_public()])),
        },
        "done": False,
        "canary_opened": False,
        "post_url": "/repetition/",
        "canary_url": "/repetition/temoin/",
    }


def test_rehearsal_opens_the_canary_at_quorum(
    page: Page, backend: Backend, base: str, custodians: list[Identity]
) -> None:
    bid, bid_shares = split_key({"kind": "bid", "lot": "1"}, custodians)
    trial, trial_shares = split_key({"kind": "rehearsal", "lot": None}, custodians)
    canary = b"c" * 32
    released: list[str] = []
    mine = (bid_shares[1], trial_shares[1])
    data = rehearsal_data(custodians[1], bid, trial, mine, canary, released)
    backend.json_get["/repetition/donnees.json"] = data
    first = json.loads(pyrage.decrypt(trial_shares[0], [custodians[0]]))["share"]
    backend.json_post["/repetition/"] = lambda body: (
        200,
        {"released": [first, body["rehearsal_share"]], "threshold": 2},
        {},
    )
    backend.json_post["/repetition/temoin/"] = lambda body: (200, {}, {})
    backend.page(
        "/repetition", '<div id="custody" data-page="rehearsal" data-url="/repetition/donnees.json"></div>', "custody"
    )
    page.goto(base + "/repetition")
    page.get_by_label("Votre phrase de 6 mots").fill("abeille balcon castor dauphin fenouil parvys")
    page.get_by_role("button", name="Déverrouiller avec la phrase").click()
    expect(page.get_by_text("Ce mot n’est pas dans la liste")).to_contain_text("parvys")
    page.get_by_label("Votre phrase de 6 mots").fill("abeille balcon castor dauphin fenouil jardin")
    page.get_by_role("button", name="Déverrouiller avec la phrase").click()
    expect(page.get_by_text("Cette phrase n’ouvre pas cette clé")).to_be_visible()
    unlock(page)
    expect(page.get_by_text("Le témoin s’est ouvert")).to_be_visible()
    (_, proof), (_, opened) = backend.posted
    shares = [
        base64.b64decode(json.loads(pyrage.decrypt(sealed, [custodians[1]]))["share"])
        for sealed in (bid_shares[1], trial_shares[1])
    ]
    assert proof["method"] == "passphrase"
    assert proof["proofs"] == [
        {"key_id": f"k{i + 1}", "commitment": hashlib.sha256(share).hexdigest()} for i, share in enumerate(shares)
    ]
    assert base64.b64decode(opened["canary"]) == canary
    assert str(custodians[1]) not in json.dumps(backend.posted)
    assert b64(shares[0]) not in json.dumps(backend.posted)


class Session:
    """The server's side of one opening session: releases, and what each person's page may see."""

    def __init__(self, custodians: list[Identity], backend: Backend) -> None:
        self.custodians = custodians
        self.key, self.shares = split_key({"kind": "bid", "lot": "1"}, custodians)
        self.recipient: str | None = None
        self.released: dict[int, str] = {}
        self.opened: list[dict[str, str]] = []
        self.files = [pyrage.encrypt(f"offre {i}".encode() * 9000, [self.key.to_public()]) for i in range(2)]
        for person in (0, 1):
            backend.json_get[f"/seance/{person}/donnees.json"] = lambda person=person: self.data(person)
            backend.json_post[f"/seance/{person}/cle"] = self.take
            backend.json_post[f"/seance/{person}/part"] = lambda body, person=person: self.release(person, body)
            backend.json_post[f"/seance/{person}/ouvrir"] = self.open
            root = f'<div id="custody" data-page="opening" data-url="/seance/{person}/donnees.json"></div>'
            backend.page(f"/seance/{person}/", root, "custody")

    def header(self, i: int) -> bytes:
        return self.files[i][: self.files[i].index(b"\n", self.files[i].index(b"\n--- ") + 1) + 1]

    def take(self, body: Any) -> tuple[int, Any, dict[str, str]]:
        self.recipient, self.released = body["recipient"], {}
        return 200, {}, {}

    def release(self, person: int, body: Any) -> tuple[int, Any, dict[str, str]]:
        self.released[person] = body["sealed"]
        return 200, {}, {}

    def open(self, body: Any) -> tuple[int, Any, dict[str, str]]:
        self.opened = body["file_keys"]
        return (
            200,
            {"opened": [{"envelope": key["envelope"], "state": "opened", "reason": None} for key in self.opened]},
            {},
        )

    def data(self, person: int) -> dict[str, Any]:
        released = [
            {"custodian": str(i), "name": f"Personne {i}", "sealed": sealed} for i, sealed in self.released.items()
        ]
        return {
            "now": "2026-12-01T11:01:00Z",
            "state": "opening",
            "stage": "bid",
            "i_am_chair": person == 0,
            "session_recipient": self.recipient,
            "sealed_by_passphrase": armored(self.custodians[person]),
            "sealed_by_passkey": None,
            "recipient": str(self.custodians[person].to_public()),
            "keys": [
                {
                    "key_id": "k1",
                    "kind": "bid",
                    "lot": "1",
                    "key": str(self.key.to_public()),
                    "threshold": 2,
                    "my_share": b64(self.shares[person]),
                    "released": released,
                    "i_released": person in self.released,
                    "opened": bool(self.opened),
                    "envelopes": [
                        {"id": f"e{i}", "company": f"Entreprise {i}", "header": b64(self.header(i))} for i in range(2)
                    ],
                }
            ],
            "urls": {
                name: f"/seance/{person}/{path}"
                for name, path in [("session_key", "cle"), ("share", "part"), ("open", "ouvrir")]
            },
        }


def test_opening_gives_the_right_file_keys(
    page: Page, context: BrowserContext, backend: Backend, base: str, custodians: list[Identity]
) -> None:
    session = Session(custodians, backend)
    page.goto(base + "/seance/0/")
    page.get_by_role("button", name="Tenir la séance sur ce poste").click()
    expect(page.get_by_text("La séance est tenue sur ce poste")).to_be_visible()
    code = page.locator(".session-code strong").inner_text()
    unlock(page)
    page.get_by_role("button", name="Donner ma part").click()
    expect(page.get_by_text("Votre part est donnée")).to_be_visible()
    # A reload loses the session's key: the page says so, and taking over voids what was released.
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_text("Ce poste n’a plus la clé de la séance")).to_be_visible()
    page.locator("summary", has_text="Reprendre").click()
    page.get_by_role("button", name="Reprendre la séance sur ce poste").click()
    expect(page.locator(".session-code strong")).not_to_have_text(code)
    code = page.locator(".session-code strong").inner_text()
    unlock(page)
    page.get_by_role("button", name="Donner ma part").click()
    expect(page.get_by_text("Votre part est donnée")).to_be_visible()
    other = context.new_page()
    other.goto(base + "/seance/1/")
    unlock(other)
    other.get_by_role("button", name="Donner ma part").click()
    expect(other.get_by_text("Comparez d’abord le code")).to_be_visible()
    other.get_by_label(code).check()
    other.get_by_role("button", name="Donner ma part").click()
    expect(other.get_by_text("Votre part est donnée")).to_be_visible()
    page.get_by_role("button", name="Ouvrir les plis").click()
    expect(page.get_by_role("heading", name="Résultat de l’ouverture")).to_be_focused()
    assert [key["envelope"] for key in session.opened] == ["e0", "e1"]
    for i, key in enumerate(session.opened):
        secret = base64.b64decode(key["file_key"])
        assert len(secret) == 16
        body, _, mac = session.header(i).decode().rpartition(" ")
        made = hmac.new(HKDF(SHA256(), 32, None, b"header").derive(secret), body.encode(), "sha256").digest()
        assert base64.b64decode(mac.strip() + "=") == made
    text = json.dumps(backend.posted)
    assert str(session.key) not in text
    assert all(str(key) not in text for key in custodians)
