"""Chromium by its own protocol over a pipe: under Playwright an upload takes many times longer than for a visitor."""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.bench.measure import family

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = (
    "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--mute-audio",
)  # fmt: skip
# Chromium reads commands on descriptor 3 and writes on 4.
_LAUNCH = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); os.execv(sys.argv[3], sys.argv[3:])"
)


class CdpError(RuntimeError):
    """The browser refused a command, or a script of the page threw."""


def until(condition: str) -> str:
    """A JavaScript promise of a condition, looked at 50 times a second."""
    return f"new Promise((done) => {{ const look = () => (({condition}) ? done(1) : setTimeout(look, 20)); look(); }})"


class Browser:
    def __init__(self, profile: Path) -> None:
        assert CHROMIUM is not None
        ours, theirs = os.pipe(), os.pipe()
        # Above 9, so that neither is in the way of 3 and 4.
        child = [fcntl.fcntl(fd, fcntl.F_DUPFD, 10) for fd in (theirs[0], ours[1])]
        os.close(theirs[0])
        os.close(ours[1])
        command = [
            sys.executable,
            "-c",
            _LAUNCH,
            str(child[0]),
            str(child[1]),
            CHROMIUM,
            *ARGUMENTS,
            f"--user-data-dir={profile}",
        ]
        self.process = subprocess.Popen(
            command, pass_fds=child, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for fd in child:
            os.close(fd)
        self._out, self._in = os.fdopen(theirs[1], "wb", buffering=0), os.fdopen(ours[0], "rb")
        self._ids = itertools.count(1)
        self._answers: dict[int, queue.SimpleQueue[dict[str, Any]]] = {}
        self.thrown: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        waiting = b""
        while block := os.read(self._in.fileno(), 1 << 20):
            waiting += block
            *whole, waiting = waiting.split(b"\0")
            for raw in whole:
                message = json.loads(raw)
                if message.get("id") in self._answers:
                    self._answers[message["id"]].put(message)
                elif message.get("method") == "Runtime.exceptionThrown":
                    self.thrown.append(json.dumps(message["params"]["exceptionDetails"])[:500])
        for one in self._answers.values():
            one.put({"error": {"message": "the browser is gone"}})

    def call(self, method: str, session: str = "", within: float = 60, **parameters: Any) -> dict[str, Any]:
        """Raises CdpError, queue.Empty after `within` seconds."""
        number = next(self._ids)
        answer = self._answers[number] = queue.SimpleQueue()
        message = {"id": number, "method": method, "params": parameters, **({"sessionId": session} if session else {})}
        self._out.write(json.dumps(message).encode() + b"\0")
        try:
            got = answer.get(timeout=within)
        finally:
            del self._answers[number]
        if "error" in got:
            raise CdpError(f"{method}: {got['error']['message']}")
        return dict(got["result"])

    def page(self) -> Page:
        """A tab with a store and cookies of its own."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        # Never Network.enable, as Playwright does: the browser then copies every uploaded byte for us, at 4 MiB/s.
        for domain in ("Page", "Runtime", "DOM"):
            page.call(f"{domain}.enable")
        return page

    def renderers(self) -> list[int]:
        """Process ids of those that run pages."""
        found = []
        for process in family(self.process.pid):
            try:
                if "--type=renderer" in process.cmdline():
                    found.append(process.pid)
            except psutil.Error:
                continue
        return found

    def close(self) -> None:
        for process in reversed(family(self.process.pid)):
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        self.process.wait()
        self._out.close()


class Page:
    def __init__(self, browser: Browser, session: str) -> None:
        self._browser, self._session = browser, session

    def call(self, method: str, within: float = 60, **parameters: Any) -> dict[str, Any]:
        return self._browser.call(method, self._session, within, **parameters)

    def cookie(self, url: str, name: str, value: str) -> None:
        self.call("Network.setCookie", url=url, name=name, value=value)

    def go(self, url: str) -> None:
        """Returns once the page is loaded."""
        self.call("Page.navigate", url=url)
        wait = until(f"location.href === {json.dumps(url)} && document.readyState === 'complete'")
        for _ in range(50):
            try:
                self.evaluate(wait)
                return
            except CdpError:  # the old page's world ended while it waited
                continue
        raise CdpError(f"{url} never loaded")

    def evaluate(self, expression: str, within: float = 600) -> Any:
        """The value of a JavaScript expression, awaited if it is a promise. Raises CdpError when it throws."""
        got = self.call(
            "Runtime.evaluate", within, expression=expression, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if "exceptionDetails" in got:
            raise CdpError(json.dumps(got["exceptionDetails"])[:1500])
        return got["result"].get("value")

    def choose(self, selector: str, *files: Path) -> None:
        """As if the person had chosen these files."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(file) for file in files])

    def collect(self) -> None:
        self.call("HeapProfiler.collectGarbage")


@contextmanager
def chromium(profile: Path) -> Iterator[Browser]:
    browser = Browser(profile)
    try:
        yield browser
    finally:
        browser.close()
