"""Who takes part in the journeys, and the gestures that several of them share."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from parvis.accounts.facade import current_codes, give_totp
from parvis.accounts.models import Company, Person
from parvis.authorities.models import Authority
from tests.journeys.conftest import Visitor
from tests.world import PASSWORD, a_company, a_person, an_agent, an_authority

PDF = b"%%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%s\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%%%EOF\n"
SIRETS = ("73282932000074", "55208131766522")


def pdf(text: str) -> bytes:
    return PDF % text.encode()


@dataclass(frozen=True)
class Cast:
    commune: Authority
    buyer: Person
    chair: Person
    delegate: Person
    member: Person
    roofers: Company
    roofer: Person
    masons: Company
    mason: Person


def cast() -> Cast:
    """A commune of an agglomeration, its buyer and its board, two companies; agents have an authenticator."""
    if not Authority.objects.filter(kind="agglomeration").exists():
        an_authority(
            "agglomeration-des-trois-vals", kind="agglomeration", name="Agglomération des Trois Vals", siren="200000017"
        )
    commune = an_authority("valbruche", name="Valbruche", accent="#7a3b12", good_friday=True)
    agents = [
        an_agent(commune, role, name)
        for role, name in (
            ("buyer", "Clémence Achète"), ("board_chair", "Désiré Préside"),
            ("board_delegate", "Eulalie Supplée"), ("board_member", "Firmin Siège"),
        )
    ]  # fmt: skip
    for agent in agents:
        give_totp(agent.id)
    roofer, mason = a_person("Rosalie Toiture", "rosalie@toitures.test"), a_person("Marcelin Mur", "marcelin@murs.test")
    return Cast(
        commune, *agents, a_company("Toitures Invention", SIRETS[0], (roofer,)), roofer,
        a_company("Murs et Compagnie", SIRETS[1], (mason,)), mason,
    )  # fmt: skip


def sign_in(who: Visitor, person: Person) -> None:
    """By the pages: address, password, and the code for an agent."""
    page = who.page
    who.go("/compte/connexion/")
    page.fill("[name=login]", person.email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form").get_by_role("button").first.click()
    page.wait_for_load_state()
    if page.locator("[name=code]").count():
        who.look()
        page.fill("[name=code]", current_codes()[person.id])
        page.locator("main form").get_by_role("button").first.click()
        page.wait_for_load_state()
    assert "connexion" not in page.url, page.locator("main").inner_text()


def make_key(who: Visitor, desk: str, folder: Path, shot: str = "") -> str:
    """A custodian makes their key in their browser; the passphrase of six words comes back."""
    page = who.page
    who.go(f"{desk}ma-cle/")
    page.get_by_role("button", name="Créer ma clé").click()
    words = page.locator("ol.phrase li").all_inner_texts()
    if shot:
        who.look(shot)
    page.get_by_role("button", name="J’ai noté ma phrase").or_(
        page.get_by_role("button", name="J'ai noté ma phrase")
    ).click()
    page.get_by_role("textbox").fill(" ".join(words))
    page.get_by_role("button", name="Vérifier").click()
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name=re.compile("Télécharger ma-cle")).click(timeout=60_000)
    download.value.save_as(folder / f"{who.name}.age.txt")
    assert (folder / f"{who.name}.age.txt").read_text().startswith("-----BEGIN AGE ENCRYPTED FILE-----")
    page.get_by_role("button", name="Enregistrer ma clé").click()
    expect(page.get_by_text("Votre clé est enregistrée")).to_be_visible()
    who.look()
    return " ".join(words)


def unlock(page: Page, phrase: str) -> None:
    page.get_by_label(re.compile("Votre phrase de 6 mots")).fill(phrase)
    page.get_by_role("button", name="Déverrouiller avec la phrase").click()


def choose(page: Page, label: Any, *files: tuple[str, bytes]) -> None:
    """Put files into the envelope of this name on the deposit page."""
    section = page.locator("section", has=page.get_by_role("heading", name=label))
    section.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "application/pdf", "buffer": body} for name, body in files]
    )
