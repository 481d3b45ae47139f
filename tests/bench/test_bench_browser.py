"""In Chromium, timed by the page itself: sealing against reading, a sealed deposit against a plain upload, memory."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from parvis.documents.models import Upload
from parvis.documents.storage import storage
from parvis.kit import scope
from parvis.procurement.models import Submission
from parvis.sealing.age import decrypt
from tests.bench.cdp import CHROMIUM, Browser, Page, chromium, until
from tests.bench.ground import Ground
from tests.bench.measure import MIB, SIZE, Line, Report, anonymous_mib, watching
from tests.bench.world import Sealable, a_house, a_visitor, published
from tests.frontend.backend import STATIC, Backend, serve

HERE = Path(__file__).parent
CHUNK, TAG, PREFIX = 65536, 16, 184


@pytest.fixture
def browser(folder: Path) -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    if not (STATIC / "js/deposit.js").exists():
        pytest.skip("the browser scripts are not built: ./parvis build")
    with chromium(folder / "profile") as opened:
        yield opened


@pytest.fixture
def file(folder: Path) -> Path:
    """Random bytes that pass for a PDF, in the memory of the machine rather than on its disk."""
    path = folder / "memoire.pdf"
    with path.open("wb") as out:
        out.write(b"%PDF-1.7\n")
        for _ in range(SIZE.sealed_file // 8):
            out.write(os.urandom(8 * MIB))
        out.write(b"\nstartxref\n9\n%%EOF\n")
    return path


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def run(page: Page, script: str, **settings: Any) -> Any:
    return page.evaluate(f"({(HERE / script).read_text()})({json.dumps(settings)})", within=SIZE.patience)


def test_sealing_throughput(browser: Browser, report: Report, file: Path) -> None:
    backend, key, prefix = Backend(), os.urandom(32), os.urandom(PREFIX)
    server, base = serve(backend)
    backend.page("/banc", '<input type="file" id="f">', "site")
    try:
        page = browser.page()
        page.go(f"{base}/banc")
        page.choose("#f", file)
        got = run(page, "engine.js", key=b64(key), prefix=b64(prefix))
    finally:
        server.shutdown()
        server.server_close()
    check_sealed(got, key, prefix, file)
    size, mib = file.stat().st_size, SIZE.sealed_file
    read = min(got["reads"])
    assert got["sealed"] == got["expected"] > size
    name, limit = f"sealing {mib} MiB, two workers", f"{mib / read:.0f} MiB/s (reading the file only)"
    report(Line(name, f"{mib / got['second']:.0f} MiB/s", limit, read / got["second"], "≥ 0.35"))
    both = got["first"] + got["second"]
    report(Line("  with the first pass (hashes)", f"{mib / both:.0f} MiB/s", limit, read / both, "printed"))


def check_sealed(got: dict[str, Any], key: bytes, prefix: bytes, file: Path) -> None:
    """The first chunks and the last part open, with the counters of age, to the bytes of the file."""
    aead, head, tail = ChaCha20Poly1305(key), base64.b64decode(got["head"]), base64.b64decode(got["tail"])
    assert head.startswith(prefix)
    with file.open("rb") as source:
        assert hashlib.file_digest(source, "sha256").hexdigest() == got["hash"]
        for number in range(2):
            start = PREFIX + number * (CHUNK + TAG)
            plain = aead.decrypt(number.to_bytes(11, "big") + b"\0", head[start : start + CHUNK + TAG], None)
            source.seek(max(0, number * CHUNK - 512))
            expected = source.read(CHUNK - (512 if number == 0 else 0))
            assert plain[512 if number == 0 else 0 :] == expected
    first = (got["parts"] - 1) * got["chunks"]
    chunks = [tail[at : at + CHUNK + TAG] for at in range(PREFIX if got["parts"] == 1 else 0, len(tail), CHUNK + TAG)]
    for number, chunk in enumerate(chunks):
        last = number == len(chunks) - 1
        aead.decrypt((first + number).to_bytes(11, "big") + (b"\1" if last else b"\0"), chunk, None)


@dataclass(frozen=True, slots=True)
class Deposit:
    """Seconds from the click to the end, by the page's clock; MiB of the page before and at its highest."""

    seconds: float
    idle: float
    highest: float


WAIT = """new Promise((done, no) => {
  const button = (text) => [...document.querySelectorAll("button")].find((one) => one.textContent === text);
  const seal = button("Chiffrer et téléverser"), start = performance.now();
  seal.click();
  const look = () => {
    const submit = button("Déposer le pli");
    const wrong = document.querySelector(".notice--danger, .error-summary:not([hidden])");
    if (submit && submit.offsetParent) done((performance.now() - start) / 1000);
    else if (wrong && wrong.offsetParent) no(new Error(wrong.textContent));
    else if (performance.now() - start > PATIENCE) no(new Error(document.querySelector("main").innerText));
    else setTimeout(look, 10);
  };
  look();
})"""


DEPOSIT = "[...document.querySelectorAll('button')].find((one) => one.textContent === 'Déposer le pli').click()"


def deposit_page(browser: Browser, ground: Ground, where: Sealable) -> Page:
    """A new visitor on the deposit page."""
    page, visitor = browser.page(), a_visitor()
    page.cookie(ground.url, "sessionid", visitor.session)
    page.go(f"{ground.url}{where.deposit}")
    page.evaluate(until("document.querySelector('input[type=file]')"))
    return page


def sealed_deposit(browser: Browser, ground: Ground, where: Sealable, file: Path) -> Deposit:
    page = deposit_page(browser, ground, where)
    page.collect()
    page.evaluate("document.querySelectorAll('input[type=file]').forEach((one, n) => one.dataset.place = n)")
    small = file.with_name("candidature.pdf")
    small.write_bytes(b"%PDF-1.7\nDC1\nstartxref\n9\n%%EOF\n")
    page.choose("[data-place='0']", small)
    page.choose("[data-place='1']", file)
    page.evaluate(until("document.body.textContent.split('Vérifié').length > 2"))
    renderers = browser.renderers()
    with watching(lambda: max(map(anonymous_mib, renderers))) as memory:
        took = float(page.evaluate(WAIT.replace("PATIENCE", str(SIZE.patience * 500)), within=SIZE.patience))
    page.evaluate(DEPOSIT)
    page.evaluate(until("document.querySelector('h2')?.textContent.startsWith('Votre pli n° 1 est déposé')"))
    assert not browser.thrown, browser.thrown
    return Deposit(took, memory.before, memory.highest)


def check_deposit(where: Sealable, file: Path) -> None:
    """The deposit has its receipt; the sealed file is whole, opens with the opening key, and holds the very file."""
    with scope.authority(where.authority.id):
        submission = Submission.objects.get(consultation_id=where.id)
        row = Upload.objects.filter(subject_id=where.id, state="sealed").latest("size")
        path = storage().path(where.authority.id, row.id)
    assert row.sha256 in {envelope["sha256"] for envelope in submission.receipt["receipt"]["envelopes"]}
    opened = path.with_suffix(".opened")
    with path.open("rb") as source, opened.open("wb") as sink:
        assert hashlib.file_digest(source, "sha256").hexdigest() == row.sha256
        source.seek(0)
        decrypt(source, sink, where.identity)
    with tarfile.open(opened) as tar, file.open("rb") as original:
        member = tar.extractfile(file.name)
        assert member is not None
        assert (
            hashlib.file_digest(io.BufferedReader(member), "sha256").digest()
            == hashlib.file_digest(original, "sha256").digest()
        )  # type: ignore[arg-type]
    opened.unlink()
    path.unlink()


def plain_upload(browser: Browser, ground: Ground, where: Sealable, file: Path) -> float:
    page = deposit_page(browser, ground, where)
    page.evaluate(
        "void document.body.append(Object.assign(document.createElement('input'), {type: 'file', id: 'plain'}))"
    )
    page.choose("#plain", file)
    got = run(page, "plain_upload.js", uploads=f"{where.deposit}televersements/")
    with scope.authority(where.authority.id):
        upload_id = UUID(got["upload"].rstrip("/").rsplit("/", 1)[1])
        row = Upload.objects.get(id=upload_id)
        path = storage().path(where.authority.id, upload_id)
    with file.open("rb") as source:
        assert (row.state, row.sha256) == ("complete", hashlib.file_digest(source, "sha256").hexdigest())
    path.unlink()
    return float(got["seconds"])


def test_sealed_deposit(browser: Browser, ground: Ground, report: Report, file: Path) -> None:
    where, mib = published(a_house()), SIZE.sealed_file
    plain = [plain_upload(browser, ground, where, file)]
    sealed = sealed_deposit(browser, ground, where, file)
    check_deposit(where, file)
    plain.append(plain_upload(browser, ground, where, file))
    least = min(plain)
    limit = f"{mib / least:.0f} MiB/s (plain upload, same browser and server)"
    report(
        Line(
            f"seal + hash + upload of {mib} MiB",
            f"{mib / sealed.seconds:.0f} MiB/s",
            limit,
            least / sealed.seconds,
            "≥ 0.9",
        )
    )
    growth = sealed.highest - sealed.idle
    report(
        Line(
            f"memory of the page, {mib} MiB",
            f"+{growth:.0f} MiB",
            f"{sealed.idle:.0f} MiB (the same page, idle)",
            growth / sealed.idle,
            "≤ 400 MiB more",
        )
    )
