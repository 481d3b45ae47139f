"""Journeys drive the real thing: Granian, the worker, PostgreSQL and Chromium, on a clock that the story moves."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from parvis.kit import clock
from parvis.site.launch.postgres import Urls
from tests.conftest import empty_every_table

# Playwright keeps an event loop in this thread; the story reads the database between two gestures.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "test-results" / "journeys"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/journeys/" in item.nodeid or item.path.parent.name == "journeys":
            item.add_marker(pytest.mark.journey)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@dataclass
class Platform:
    """A running Parvis; `travel_to` moves the clock of the tests, the server and the worker together."""

    url: str
    data: Path
    clock_file: Path

    def travel_to(self, instant: datetime) -> None:
        self.clock_file.write_text(str((instant - datetime.now(instant.tzinfo)).total_seconds()))

    def travel(self, delta: timedelta) -> None:
        self.travel_to(clock.now() + delta)


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Rows that the server's own processes see: written outside any test transaction, and gone with the module."""
    with django_db_blocker.unblock():
        yield
        empty_every_table()


@pytest.fixture(scope="module")
def platform(postgres: Urls, committed: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    data, port = tmp_path_factory.mktemp("platform"), _free_port()
    clock_file = data / "clock"
    clock_file.write_text("0")
    url = f"http://localhost:{port}"
    environment = {
        **os.environ,
        "PARVIS_ENV": "test",
        "PARVIS_DATABASE_URL": postgres.app,
        "PARVIS_DATABASE_OWNER_URL": postgres.owner,
        "PARVIS_DATA": str(data),
        "PARVIS_PUBLIC_URL": url,
        "PARVIS_CLOCK_FILE": str(clock_file),
        "PYTHONPATH": str(ROOT / "src"),
    }
    clock.use_offset_file(clock_file)
    server = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "1",
        "parvis.site.wsgi:application",
    ]
    worker = [sys.executable, "-m", "parvis.site.manage", "work"]
    logs = [(data / f"{name}.log").open("wb") for name in ("server", "worker")]
    processes = [
        subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT)
        for command, log in zip((server, worker), logs, strict=True)
    ]
    try:
        deadline = time.monotonic() + 60
        while not _answers(f"{url}/scellement/"):
            if time.monotonic() > deadline or processes[0].poll() is not None:
                pytest.fail((data / "server.log").read_text()[-4000:])
            time.sleep(0.2)
        yield Platform(url, data, clock_file)
    finally:
        clock.use_offset_file(None)
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        for log in logs:
            log.close()
        for name in ("server", "worker"):
            print(f"--- {name}\n", (data / f"{name}.log").read_text()[-3000:])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@dataclass
class Visitor:
    """One person in a browser of their own; each page they see is checked: console, styles, axe."""

    name: str
    page: Page
    context: BrowserContext
    platform: Platform
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        response = self.page.goto(path if path.startswith("http") else self.platform.url + path)
        assert response is not None
        assert response.ok, f"{path}: {response.status} {self.page.locator('h1').first.inner_text()}"
        self.look()

    def look(self, shot: str = "") -> None:
        """The page is styled, silent and accessible; with a name, photographed at desktop and phone widths."""
        self.page.wait_for_load_state("load")
        assert self.page.evaluate("getComputedStyle(document.querySelector('.site-header')).display") is not None
        font = self.page.evaluate("getComputedStyle(document.body).fontFamily")
        assert "Atkinson" in font, f"the page's styles are not loaded: {font}"
        check_axe(self.page)
        assert not self.complaints, self.complaints
        if shot:
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(SCREENSHOTS / f"{shot}.png"), full_page=True)
            size = self.page.viewport_size
            self.page.set_viewport_size({"width": 320, "height": 800})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            self.page.screenshot(path=str(SCREENSHOTS / f"{shot}-320.png"), full_page=True)
            assert wide <= 320, f"{shot}: the page is {wide} px wide on a phone of 320"
            if size:
                self.page.set_viewport_size(size)


def check_axe(page: Page) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]})
    violations = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found.response["violations"]]
    assert not violations, f"{page.url}: {violations}"


@pytest.fixture
def visitor(browser: Browser, platform: Platform) -> Iterator[Callable[[str], Visitor]]:
    opened: list[Visitor] = []

    def enter(name: str) -> Visitor:
        context = browser.new_context(
            locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 1280, "height": 900}, accept_downloads=True
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        who = Visitor(name, page, context, platform)
        page.on(
            "console",
            lambda m: who.complaints.append(f"{page.url}: {m.text}") if m.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda e: who.complaints.append(f"{page.url}: {e}"))
        opened.append(who)
        return who

    yield enter
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for who in opened:
        who.page.screenshot(path=str(SCREENSHOTS / f"last-{who.name}.png"), full_page=True)
        who.context.close()
