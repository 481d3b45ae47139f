"""Every page that someone may read carries the security policy, and says what it is."""

import pytest
from lxml import html

from tests.site.url_rows import COLUMNS
from tests.site.url_table import TABLE
from tests.site.url_world import World, address, answer

READABLE = {n: r for n, r in TABLE.items() if r.method == "get" and 200 in r.statuses}
# They seal, open or check with libsodium, which is WebAssembly.
WITH_WASM = {"deposit", "my_key", "ceremony", "rehearsal", "opening", "verify_receipt"}


@pytest.fixture(autouse=True)
def _own_folder() -> None:
    """One folder for the module: the world's files outlive a test."""


@pytest.mark.parametrize("name", READABLE)
def test_the_page_is_safe_and_says_what_it_is(name: str, world: World) -> None:
    row = READABLE[name]
    who = COLUMNS[max(i for i, code in enumerate(row.statuses) if code == 200 and COLUMNS[i] != "one_factor")]
    got = answer(world.clients[who], "get", address(name, row.where, world))
    policy = got.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert ("'wasm-unsafe-eval'" in policy) == (name in WITH_WASM)
    strict = ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")
    drawing = ("default-src 'none'", "sandbox")
    assert all(part in policy for part in (drawing if name == "coat" else strict)), policy
    assert got.headers["X-Frame-Options"] == "DENY"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Referrer-Policy"] == "same-origin"
    if got.headers["Content-Type"].startswith("text/html"):
        _check_page(got.whole)


def _check_page(source: bytes) -> None:
    page = html.document_fromstring(source.decode())
    assert page.get("lang") == "fr"
    [title] = page.xpath("//head/title")
    assert len(title.text_content().strip()) > 5
    assert len(page.xpath("//h1")) == 1
    assert len(page.xpath("//main")) == 1
    assert [
        e.tag for e in page.xpath("//*[@style] | //style | //script[not(@src)][not(@type='application/json')]")
    ] == []
    assert [a for e in page.iter() if isinstance(e.tag, str) for a in e.keys() if a.startswith("on")] == []  # noqa: SIM118
    outside = [
        u for e in page.xpath("//script | //link | //img") for u in (e.get("src"), e.get("href")) if u and "//" in u
    ]
    assert [u for u in outside if not u.startswith(("http://testserver/", "http://127.0.0.1:8000/"))] == []
    ids = [e.get("id") for e in page.xpath("//*[@id]")]
    assert sorted({i for i in ids if ids.count(i) > 1}) == [], "two elements have one id"
