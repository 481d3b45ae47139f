"""The first three pages of somebody with a slow telephone: the search, its results, and who comes, after one touch.

The link is throttled by the browser (400 kbit/s, 400 ms), its processor four times slower. The limit is the same
number of bytes as one bare file, over the same link in the same browser.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from parvis.appointments.models import Place
from parvis.kit import scope
from tests.bench.agenda_ground import town_halls
from tests.bench.cdp import CHROMIUM
from tests.bench.ground import Ground
from tests.bench.measure import Line, Report

DOWN, ROUND_TRIP, SLOWER = 400_000 / 8, 400, 4
HALLS = 10
_TIMES = """() => {
    const [page] = performance.getEntriesByType("navigation");
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    const parts = performance.getEntriesByType("resource");
    const bytes = [page, ...parts].reduce((sum, one) => sum + one.transferSize, 0);
    return { painted: paint ? paint.startTime : 0, loaded: page.loadEventEnd, bytes };
}"""


@contextmanager
def bare_file() -> Iterator[tuple[str, dict[str, bytes]]]:
    """An address that gives whatever is put under "body", as a page."""
    kept: dict[str, bytes] = {"body": b""}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(kept["body"])))
            self.end_headers()
            self.wfile.write(kept["body"])

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", kept
    finally:
        server.shutdown()


def slow_phone(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    link = {"offline": False, "latency": ROUND_TRIP, "downloadThroughput": DOWN, "uploadThroughput": DOWN / 2}
    session.send("Network.emulateNetworkConditions", link)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def seen(page: Page) -> dict[str, float]:
    page.wait_for_function("() => performance.getEntriesByType('navigation')[0].loadEventEnd > 0")
    times: dict[str, float] = page.evaluate(_TIMES)
    return times


def bare_seconds(page: Page, size: float, file: tuple[str, dict[str, bytes]]) -> float:
    address, kept = file
    kept["body"] = b"<!doctype html><title>x</title><p>" + b"x" * max(0, int(size) - 300)
    page.goto(address)
    return seen(page)["loaded"] / 1000


def test_first_three_pages(ground: Ground, report: Report) -> None:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    reasons = town_halls("telephone", HALLS)
    for number, reason in enumerate(reasons):
        with scope.authority(reason.authority_id):
            Place.objects.filter(id=reason.agenda.place_id).update(latitude=47.7 + number / 50)
    with sync_playwright() as playwright, bare_file() as file:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        try:
            page = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR").new_page()
            bare = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
            slow_phone(page)
            slow_phone(bare)
            steps = []
            page.goto(f"{ground.url}/rendez-vous/")
            steps.append(("search, nothing kept", seen(page)))
            page.goto(f"{ground.url}/rendez-vous/?motif=id-card&personnes=1")
            steps.append((f"results, {HALLS} town halls", seen(page)))
            with page.expect_navigation():
                page.locator("button[name=debut]").first.click()
            steps.append(("who comes, slot held", seen(page)))
            assert "/suivi/" in page.url
            whole, least = 0.0, 0.0
            for name, times in steps:
                limit = bare_seconds(bare, times["bytes"], file)
                loaded = times["loaded"] / 1000
                whole, least = whole + loaded, least + limit
                measured = f"{loaded:.1f} s, painted {times['painted'] / 1000:.1f} s, {times['bytes'] / 1000:.0f} kB"
                report(Line(f"slow phone: {name}", measured, f"{limit:.1f} s (the bytes alone)", loaded / limit, ""))
            report(Line("slow phone: three pages", f"{whole:.1f} s", f"{least:.1f} s", whole / least, "≤ 2"))
        finally:
            browser.close()
