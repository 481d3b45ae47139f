"""One Chromium for the folder, one server and one browser context a test; a console error fails the test."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.frontend.backend import STATIC, Backend, serve

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"


@pytest.fixture(scope="session")
def built() -> Path:
    if not (STATIC / "js/deposit.js").exists():
        pytest.skip("the browser scripts are not built: npm run build in frontend/")
    return STATIC


# By module, as in the journeys: Playwright holds its thread with a loop as long as it lives, and one is the most.
@pytest.fixture(scope="module")
def chromium(built: Path) -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def backend() -> Backend:
    return Backend()


@pytest.fixture
def base(backend: Backend) -> Iterator[str]:
    server, url = serve(backend)
    yield url
    server.shutdown()
    server.server_close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(locale="fr-FR", timezone_id="Europe/Paris", accept_downloads=True)
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def console() -> list[str]:
    """Errors of the page's console; a test that provokes one clears the list."""
    return []


@pytest.fixture
def page(context: BrowserContext, console: list[str]) -> Iterator[Page]:
    page = context.new_page()
    page.on("pageerror", lambda error: console.append(str(error)))
    page.on("console", lambda message: console.append(message.text) if message.type == "error" else None)
    yield page
    assert console == []


@pytest.fixture(scope="session")
def age() -> Callable[..., bytes]:
    """The stock command line: age("-d", "-i", path, data=sealed)."""
    command = shutil.which("age")
    if command is None:
        pytest.skip("no age command on this machine")

    def run(*arguments: str, data: bytes = b"") -> bytes:
        done = subprocess.run([command, *arguments], input=data, capture_output=True, check=False, timeout=30)
        if done.returncode:
            raise RuntimeError(done.stderr.decode())
        return done.stdout

    return run
