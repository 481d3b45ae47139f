"""The small helps of every page, and the passkey on a virtual authenticator."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.frontend.backend import STATIC, Backend

pytestmark = pytest.mark.journey

ROOT = """
<p><time datetime="2036-12-01T11:00:00Z" data-deadline>1er décembre</time> <span data-time-left>bientôt</span></p>
<form data-autosave="/brouillon" action="/ailleurs" method="post"><label>Objet <input name="title"></label>
<p data-autosave-status role="status"></p>
<div data-repeat><input type="hidden" name="lots-TOTAL_FORMS" value="1">
<div data-repeat-row><label>Lot <input name="lots-0-title"></label>
<button type="button" data-repeat-remove>Retirer</button></div>
<template><div data-repeat-row><label>Lot <input name="lots-__n__-title"></label>
<button type="button" data-repeat-remove>Retirer</button></div></template>
<button type="button" data-repeat-add>Ajouter</button></div></form>
<button type="button" data-dialog="aide">Aide</button>
<dialog id="aide"><p>Bonjour</p><button type="button" data-dialog-close>Fermer</button></dialog>
<input type="search" aria-label="Chercher">
<table data-keys><tbody><tr><td><a href="#un">Un</a></td></tr>
<tr><td><a href="#deux">Deux</a></td></tr></tbody></table>
"""


@pytest.fixture
def site(page: Page, backend: Backend, base: str) -> Page:
    backend.page("/", ROOT, "site")
    backend.json_post["/brouillon"] = {}
    page.goto(base + "/")
    return page


def test_autosave_posts_after_a_pause(site: Page, backend: Backend) -> None:
    site.get_by_label("Objet").press_sequentially("Fournitures")
    expect(site.locator("[data-autosave-status]")).to_contain_text(re.compile(r"^Enregistré à \d+\sh \d\d"))
    [(path, body)] = backend.posted
    assert path == "/brouillon"
    assert 'name="title"\r\n\r\nFournitures' in body


def test_a_lost_autosave_is_said(site: Page, backend: Backend, console: list[str]) -> None:
    backend.json_post["/brouillon"] = lambda body: (503, {}, {})
    site.get_by_label("Objet").fill("x")
    expect(site.locator("[data-autosave-status]")).to_contain_text("Pas encore enregistré")
    console.clear()


def test_time_left_rows_dialog_and_keys(site: Page) -> None:
    expect(site.locator("[data-time-left]")).to_contain_text(re.compile(r"^il reste \d+\sjours"))
    site.get_by_role("button", name="Ajouter").click()
    expect(site.locator("input[name=lots-1-title]")).to_be_focused()
    expect(site.locator("input[name=lots-TOTAL_FORMS]")).to_have_value("2")
    site.get_by_role("button", name="Retirer").first.click()
    expect(site.locator("[data-repeat-row]")).to_have_count(1)
    expect(site.get_by_role("button", name="Ajouter")).to_be_focused()
    site.get_by_role("button", name="Aide").click()
    expect(site.get_by_role("dialog")).to_be_visible()
    site.get_by_role("button", name="Fermer").click()
    expect(site.get_by_role("dialog")).to_be_hidden()
    for key, focused in [("j", "Un"), ("j", "Deux"), ("j", "Deux"), ("k", "Un")]:
        site.keyboard.press(key)
        expect(site.get_by_role("link", name=focused)).to_be_focused()
    site.keyboard.press("/")
    expect(site.get_by_role("searchbox")).to_be_focused()


def test_the_script_of_every_page_is_small(built: Any) -> None:
    # Brotli of the same text is smaller still than this bound on the raw bytes allows: 5 kB raw gives about 2 kB.
    assert (STATIC / "js/site.js").stat().st_size < 6000


def test_a_passkey_seals_and_opens_the_key(context: BrowserContext, page: Page, backend: Backend, base: str) -> None:
    """The same virtual authenticator creates the passkey on « Ma clé » and unlocks the key at the rehearsal."""
    host = base.replace("127.0.0.1", "localhost")
    client = context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "ctap2Version": "ctap2_1",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "hasPrf": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    client.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    backend.json_get["/ma-cle/donnees.json"] = {"person": "p", "name": "Camille Exemple", "key": None}
    backend.json_post["/ma-cle/"] = lambda body: (201, {"id": "1"}, {})
    backend.page("/ma-cle/", '<div id="custody" data-page="key" data-url="/ma-cle/donnees.json"></div>', "custody")
    page.goto(host + "/ma-cle/")
    page.get_by_role("button", name="Créer ma clé").click()
    words = " ".join(page.locator("ol.phrase li").all_inner_texts())
    page.get_by_role("button", name="J’ai noté ma phrase").click()
    page.get_by_label("Vos 6 mots").fill(words)
    page.get_by_role("button", name="Vérifier").click()
    page.get_by_role("button", name="Ajouter une clé d’accès").click()
    expect(page.get_by_text("Clé d’accès ajoutée")).to_be_visible()
    with page.expect_download():
        page.get_by_role("button", name="Télécharger ma-cle-parvis.age.txt").click()
    page.get_by_role("button", name="Enregistrer ma clé").click()
    expect(page.get_by_text("Votre clé est enregistrée")).to_be_visible()
    [(_, body)] = backend.posted
    backend.json_get["/seance/donnees.json"] = {
        "now": "2026-12-01T11:01:00Z",
        "state": "opening",
        "stage": "bid",
        "i_am_chair": False,
        "session_recipient": None,
        "keys": [
            {
                "key_id": "k",
                "kind": "bid",
                "lot": None,
                "key": "age1",
                "threshold": 1,
                "my_share": "AA==",
                "released": [],
                "i_released": False,
                "opened": False,
                "envelopes": [],
            }
        ],
        "urls": {"session_key": "/a", "share": "/b", "open": "/c"},
        **body,
    }
    backend.page("/seance/", '<div id="custody" data-page="opening" data-url="/seance/donnees.json"></div>', "custody")
    page.goto(host + "/seance/")
    page.get_by_role("button", name="Déverrouiller avec la clé d’accès").click()
    expect(page.get_by_text("Clé déverrouillée")).to_be_visible()
