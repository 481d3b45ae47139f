"""A passkey, and an identity provider over real HTTP, in a browser, under the pages' own security policy."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, sync_playwright

from tests.world import PASSWORD, a_person, an_agent, an_authority

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    # Playwright keeps a loop in this thread; the database is used beside it, never inside.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        except Exception as error:
            pytest.skip(f"no Chromium: {error}")
        opened = browser.new_page()
        devtools = opened.context.new_cdp_session(opened)
        devtools.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        yield opened
        browser.close()


def test_an_agent_makes_a_passkey_and_signs_in_with_it(page: Page, live_server: Any) -> None:
    base = live_server.url.replace("127.0.0.1", "localhost")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    agent = an_agent(an_authority(), "buyer")

    def sign_in() -> None:
        page.goto(f"{base}/compte/connexion/")
        page.get_by_label("Adresse électronique").fill(agent.email)
        page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Se connecter", exact=True).click()

    sign_in()
    page.get_by_role("link", name="Prendre plutôt une clé d’accès").click()
    page.get_by_role("button", name="Créer la clé d’accès").click()
    page.get_by_role("heading", name="Vos codes de secours").wait_for()
    assert Authenticator.objects.filter(user=agent, type="webauthn").count() == 1
    page.get_by_role("link", name="Continuer").click()
    page.wait_for_url("**/valbruche/bureau/")
    page.goto(f"{base}/compte/deconnexion/")
    page.locator("main").get_by_role("button", name="Se déconnecter").click()
    sign_in()
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.wait_for_url("**/valbruche/bureau/")
    assert said == []


def test_a_citizen_comes_in_by_the_local_provider(page: Page, live_server: Any, settings: Any) -> None:
    base = settings.PUBLIC_URL = live_server.url
    discovery = f"{base}/demo/identite/usagers/.well-known/openid-configuration"
    app = {"provider_id": "usagers", "client_id": "parvis", "secret": "local", "settings": {"server_url": discovery}}
    settings.SOCIALACCOUNT_PROVIDERS = {"identity": {"APPS": [app]}}
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    a_person("Camille Essai")
    page.goto(f"{base}/compte/connexion/")
    page.get_by_role("button", name="Se connecter avec FranceConnect").click()
    page.get_by_role("button", name="Camille Essai").click()
    page.wait_for_url("**/compte/entreprise/")
    assert "Camille Essai" in page.locator("header").first.inner_text()
    assert said == []
