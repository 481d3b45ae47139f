"""The last minute: seals of what was sent ahead, beside clients who crawl and large files still on their way."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
import os
import random
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from parvis.audit import facade as audit
from parvis.documents.models import Upload
from parvis.kit import scope
from parvis.procurement.models import Envelope, Submission
from parvis.sealing import receipt as receipts
from parvis.sealing.canonical import canonical_bytes, unb64
from tests.bench.ground import Ground
from tests.bench.measure import MIB, SIZE, Line, Report, cpu_of, quantile
from tests.bench.wire import Answer, head, post
from tests.bench.world import CSRF, Ready, Sealable, Visitor, a_house, a_visitor, published, uploads_ahead

COMPANIES = 50
CLOSED_LOOP = 16
#: Bytes a second of a client that crawls.
CRAWL = 2_000
#: What a bid weighs in this rush.
BID = 1_000_000
APPLICATION = 1_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """One seal, ready to leave."""

    visitor: Visitor
    body: bytes
    ready: tuple[Ready, Ready]

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": self.visitor.cookie, "X-CSRFToken": CSRF, "Content-Type": "application/json"}


@dataclass
class Told:
    """What a client saw: when it had sent all, and the answer."""

    prepared: Prepared
    began: float
    answer: Answer

    @property
    def latency(self) -> float:
        return self.answer.got - self.began


@dataclass
class Beside:
    """What the others did meanwhile."""

    crawling: int = 0
    refused: list[str] = field(default_factory=list)
    big: list[tuple[str, str]] = field(default_factory=list)


def prepare(where: Sealable, visitors: list[Visitor], count: int) -> list[Prepared]:
    made = []
    for number in range(count):
        visitor = visitors[number % len(visitors)]
        application, bid = uploads_ahead(where, visitor.company.id, (APPLICATION, BID))
        envelopes = [
            {
                "kind": kind,
                "lot": None,
                "upload": str(one.id),
                "size": one.size,
                "sha256": one.sha256,
                "commitment": os.urandom(32).hex(),
            }
            for kind, one in (("application", application), ("bid", bid))
        ]
        body = json.dumps({"key": str(uuid4()), "envelopes": envelopes}).encode()
        made.append(Prepared(visitor, body, (application, bid)))
    return made


async def seal(port: int, where: Sealable, one: Prepared) -> Told:
    began = time.time()
    return Told(one, began, await post(port, f"{where.deposit}sceller/", one.headers, one.body))


async def crawl(port: int, where: Sealable, visitor: Visitor, until: float, beside: Beside, number: int) -> None:
    """Half send a part of an upload drop by drop, half a seal."""
    common = {"Cookie": visitor.cookie, "X-CSRFToken": CSRF}
    method, path, length = "POST", f"{where.deposit}sceller/", 15_000
    headers = {**common, "Content-Type": "application/json"}
    if number % 2:
        length = 8 * MIB
        tus = {**common, "Tus-Resumable": "1.0.0"}
        made = await post(port, f"{where.deposit}televersements/", {**tus, "Upload-Length": str(length)}, b"")
        method, path = "PATCH", made.headers["location"]
        headers = {**tus, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    beside.crawling += 1
    while time.time() < until:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            with contextlib.closing(writer):
                writer.write(head(method, path, length, headers))
                for _ in range(4 * length // CRAWL):
                    writer.write(b"{" * (CRAWL // 4))
                    await writer.drain()
                    await asyncio.sleep(0.25)
        await asyncio.sleep(0.5)


async def big_upload(port: int, where: Sealable, visitor: Visitor, mib: int, beside: Beside) -> None:
    """A file by parts of 8 MiB, as a line of about 8 MiB/s would send it. Keeps its location and its SHA-256."""
    common = {"Cookie": visitor.cookie, "X-CSRFToken": CSRF, "Tus-Resumable": "1.0.0"}
    made = await post(port, f"{where.deposit}televersements/", {**common, "Upload-Length": str(mib * MIB)}, b"")
    if made.status != 201:
        beside.refused.append(f"upload: {made.status} {made.body[:200]!r}")
        return
    whole, offset, block = hashlib.sha256(), 0, os.urandom(8 * MIB)
    digest = base64.b64encode(hashlib.sha256(block).digest()).decode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with contextlib.closing(writer):
        while offset < mib * MIB:
            headers = {
                **common,
                "Upload-Offset": str(offset),
                "Content-Type": "application/offset+octet-stream",
                "Upload-Checksum": f"sha256 {digest}",
            }
            writer.write(head("PATCH", made.headers["location"], len(block), headers))
            for at in range(0, len(block), 256 * 1024):
                writer.write(block[at : at + 256 * 1024])
                await writer.drain()
                await asyncio.sleep(0.03)
            top = await reader.readuntil(b"\r\n\r\n")
            if b" 204 " not in top.split(b"\r\n")[0]:
                beside.refused.append(top[:200].decode("latin-1"))
                return
            whole.update(block)
            offset += len(block)
    beside.big.append((made.headers["location"].rstrip("/").rsplit("/", 1)[1], whole.hexdigest()))


@contextlib.asynccontextmanager
async def others(
    port: int, where: Sealable, visitors: list[Visitor], beside: Beside, until: float
) -> AsyncIterator[None]:
    """The slow and the large ones, for the length of the block."""
    slow = [
        asyncio.create_task(crawl(port, where, visitors[n % len(visitors)], until, beside, n))
        for n in range(SIZE.slow_clients)
    ]
    large = [
        asyncio.create_task(big_upload(port, where, visitors[n % len(visitors)], SIZE.big_upload, beside))
        for n in range(SIZE.big_uploads)
    ]
    try:
        yield
        await asyncio.wait_for(asyncio.gather(*large), SIZE.patience / 2)
    finally:
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, *large, return_exceptions=True)


async def last_minute(
    ground: Ground, where: Sealable, rush: list[Prepared], visitors: list[Visitor], beside: Beside
) -> list[Told]:
    """Arrivals thicken towards the end: the second half comes in the last quarter of the window."""
    begin, half = time.time() + 0.5, len(rush) // 2
    due = [
        begin + SIZE.window * (0.75 * n / half if n < half else 0.75 + 0.25 * (n - half) / (len(rush) - half))
        for n in range(len(rush))
    ]

    async def at(when: float, one: Prepared) -> Told:
        await asyncio.sleep(max(0.0, when - time.time()))
        return await seal(ground.port, where, one)

    async with others(ground.port, where, visitors, beside, begin + SIZE.window + 30):
        return await asyncio.gather(*(at(when, one) for when, one in zip(due, rush, strict=True)))


async def closed_loop(ground: Ground, where: Sealable, rush: list[Prepared]) -> tuple[list[Told], float]:
    """As fast as the server answers, `CLOSED_LOOP` at a time; and how long it took."""
    waiting, told = list(rush), []

    async def client() -> None:
        while waiting:
            told.append(await seal(ground.port, where, waiting.pop()))

    start = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CLOSED_LOOP)))
    return told, time.perf_counter() - start


def check(where: Sealable, told: list[Told], total: int, clock_slack: float = 0.002) -> None:
    """0 lost, 0 wrong: each receipt is signed, the database has it, and its stamp lies where the client was waiting."""
    assert [one.answer.status for one in told] == [201] * len(told), {
        one.answer.body[:300] for one in told if one.answer.status != 201
    }
    with scope.authority(where.authority.id):
        rows = {str(row.id): row for row in Submission.objects.filter(consultation_id=where.id)}
        sealed = set(Envelope.objects.filter(submission__consultation_id=where.id).values_list("upload_id", flat=True))
        uploads = set(Upload.objects.filter(subject_id=where.id, state="sealed").values_list("id", flat=True))
        key = Ed25519PublicKey.from_public_bytes(audit.sign(b"")[0])
    assert sorted(row.number for row in rows.values()) == list(range(1, total + 1))
    for one in told:
        whole = one.answer.json()
        content: dict[str, Any] = whole["receipt"]
        key.verify(unb64(whole["signature"]["ed25519"]), receipts.DOMAIN + canonical_bytes(content))
        row = rows[content["submission"]]
        stamp = datetime.fromisoformat(content["received_at"])
        assert row.receipt["receipt"] == content
        assert (row.company_id, content["number"]) == (one.prepared.visitor.company.id, row.number)
        assert one.began - clock_slack <= stamp.timestamp() <= one.answer.got + clock_slack
        assert content["on_time"] is row.on_time is (stamp <= where.deadline)
        assert [e["sha256"] for e in content["envelopes"]] == [ready.sha256 for ready in one.prepared.ready]
        assert {ready.id for ready in one.prepared.ready} <= sealed & uploads


def durable_rows(ground: Ground, seconds_long: float = 3) -> float:
    """Rows a second that this PostgreSQL makes durable, one a transaction, from as many clients as the closed loop."""
    with psycopg.connect(ground.urls.owner, autocommit=True) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS bench_row (id bigserial PRIMARY KEY, text text)")
    until = time.perf_counter() + seconds_long

    def client(_: int) -> int:
        count = 0
        with psycopg.connect(ground.urls.owner, autocommit=True) as connection:
            while time.perf_counter() < until:
                connection.execute("INSERT INTO bench_row (text) VALUES ('one deposit')")
                count += 1
        return count

    with ThreadPoolExecutor(CLOSED_LOOP) as clients:
        return sum(clients.map(client, range(CLOSED_LOOP))) / seconds_long


def test_last_minute(ground: Ground, report: Report) -> None:
    random.seed(1)
    house, visitors = a_house(), [a_visitor() for _ in range(COMPANIES)]
    where = published(house, datetime.now(UTC) + timedelta(hours=1))
    crowd = prepare(where, visitors, SIZE.deposits)
    beside, cpu = Beside(), cpu_of(ground.server)
    told = asyncio.run(last_minute(ground, where, crowd, visitors, beside))
    cpu = cpu_of(ground.server) - cpu
    check(where, told, SIZE.deposits)
    assert not beside.refused, beside.refused[:3]
    assert (beside.crawling, len(beside.big)) == (SIZE.slow_clients, SIZE.big_uploads)
    with scope.authority(house.id):
        kept = dict(Upload.objects.filter(id__in=[one for one, _ in beside.big]).values_list("id", "sha256"))
    assert {(str(one), digest) for one, digest in kept.items()} == set(beside.big)
    slowest, middle = quantile([one.latency for one in told], 0.99), quantile([one.latency for one in told], 0.5)
    name = f"{SIZE.deposits} seals, {SIZE.slow_clients} slow, {SIZE.big_uploads}×{SIZE.big_upload} MiB"
    report(
        Line(
            name,
            f"p99 {slowest:.2f} s, p50 {middle * 1000:.0f} ms",
            f"5 s; 0 lost, 0 wrong; {SIZE.window:.0f} s, {cpu:.0f} CPU-s",
            slowest / 5,
            "≤ 1",
        )
    )


def test_deposits_a_second(ground: Ground, report: Report) -> None:
    house, visitors = a_house(), [a_visitor() for _ in range(COMPANIES)]
    where = published(house, datetime.now(UTC) + timedelta(hours=1))
    crowd = prepare(where, visitors, SIZE.deposits // 2)
    cpu = cpu_of(ground.server)
    told, took = asyncio.run(closed_loop(ground, where, crowd))
    cpu = cpu_of(ground.server) - cpu
    check(where, told, len(crowd))
    rate, limit = len(told) / took, durable_rows(ground)
    slowest = quantile([one.latency for one in told], 0.99)
    report(
        Line(
            "deposits a second",
            f"{rate:.0f}/s, {cpu / len(told) * 1000:.0f} CPU-ms, p99 {slowest * 1000:.0f} ms",
            f"{limit:.0f}/s (one durable row each)",
            rate / limit,
            "printed",
        )
    )
