"""An autosave on its way never overtakes the form itself."""

import time
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.frontend.backend import Backend

pytestmark = pytest.mark.journey


def test_the_form_waits_for_the_autosave_under_way(backend: Backend, base: str, page: Page) -> None:
    order: list[str] = []

    def slow_autosave(_body: Any) -> tuple[int, Any, dict[str, str]]:
        time.sleep(0.7)
        order.append("autosave")
        return 200, {}, {}

    backend.json_post["/enregistrer"] = slow_autosave
    backend.page(
        "/fiche",
        '<form method="get" action="/suite" data-autosave="/enregistrer">'
        '<input name="titre"><button>Continuer</button></form>',
        "site",
    )
    backend.page("/suite", "<p>Suite</p>", "site")
    page.goto(f"{base}/fiche")
    with page.expect_request("**/enregistrer"):
        page.fill("[name=titre]", "Toiture")
    page.on("request", lambda request: order.append("form") if "/suite" in request.url else None)
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url("**/suite**")
    assert order == ["autosave", "form"]
