"""300 companies send the last byte of their seal around the deadline, each by its own clock, to a real server.

The control is in the same run: the hour at which each submission was written, which is what a server without an edge
would have dated it by, calls some of those late that had left in time.
"""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from parvis.accounts.contracts import COMPANY_KEY
from parvis.accounts.models import Company, CompanyMember, Person
from parvis.documents.models import Upload
from parvis.kit import scope
from parvis.kit.ids import new_id
from parvis.procurement.models import Consultation, Submission
from parvis.site.launch.postgres import Urls
from tests.procurement.sealed_world import World, companies, published
from tests.races.live import HOST, NGINX, Live, nginx

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CROWD = 300
SPREAD = 0.8
# What a last byte may take to the server's clock on a machine busy with other tests. Earlier than this is in time.
TRAVEL = 0.4
# A seal that left this long before the deadline, and that was written after it, is late for a server without an edge.
MARGIN = 0.02
ANSWER = 90.0
SIZE = 1000
CSRF = "c" * 32


@dataclass
class Sent:
    """By the company's clock (seconds): when the last byte left, when the answer came."""

    left: float
    answered: float
    status: int
    receipt: dict[str, Any]


@pytest.fixture
def live(postgres: Urls, tmp_path: Path) -> Iterator[Live]:
    server = Live(tmp_path, postgres)
    server.start_web()
    server.wait()
    yield server
    server.stop()


def sessions(owners: list[Company]) -> list[str]:
    """One signed-in person for each company; the session's key is the cookie."""
    people = Person.objects.bulk_create(
        Person(email=f"p{n}@exemple.test", full_name=f"Personne {n}", password="!") for n in range(len(owners))
    )
    CompanyMember.objects.bulk_create(
        CompanyMember(company=owner, person=person, manages=True, accepted_at=datetime.now(UTC))
        for owner, person in zip(owners, people, strict=True)
    )
    keys = []
    for owner, person in zip(owners, people, strict=True):
        session = SessionStore()
        session[SESSION_KEY] = str(person.id)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session[COMPANY_KEY] = str(owner.id)
        session.create()
        keys.append(str(session.session_key))
    return keys


def bodies(world: World, owners: list[Company]) -> list[bytes]:
    """A seal for each company. The bytes of the uploads are not this race's subject: their rows are enough."""
    ids = [new_id() for _ in owners]
    with scope.authority(world.house.id):
        Upload.objects.bulk_create(
            Upload(
                id=upload, owner_id=owner.id, subject_id=world.consultation.id, size=SIZE, offset=SIZE,
                sha256="a" * 64, state="complete",
            )
            for upload, owner in zip(ids, owners, strict=True)
        )  # fmt: skip
    line = {"kind": "bid", "lot": None, "size": SIZE, "sha256": "a" * 64, "commitment": "b" * 64}
    return [json.dumps({"key": str(uuid4()), "envelopes": [{**line, "upload": str(i)}]}).encode() for i in ids]


async def send(n: int, port: int, path: str, cookie: str, body: bytes, at: float) -> Sent:
    """Everything but the last byte ahead of time; the last one at `at` (Unix time)."""
    source = (f"127.0.1.{n % 100 + 1}", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=source)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        f"Cookie: sessionid={cookie}; csrftoken={CSRF}\r\nX-CSRFToken: {CSRF}\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode() + body[:-1])
    await writer.drain()
    await asyncio.sleep(at - time.time())
    left = time.time()
    writer.write(body[-1:])
    await writer.drain()
    answer = await asyncio.wait_for(reader.read(), ANSWER)
    answered = time.time()
    writer.close()
    top, _, content = answer.partition(b"\r\n\r\n")
    status = int(top.split()[1])
    found = json.loads(content[content.index(b"{") : content.rindex(b"}") + 1]) if status == 201 else {}
    return Sent(left, answered, status, found.get("receipt", {}))


async def crowd(port: int, path: str, cookies: list[str], seals: list[bytes], deadline: float) -> list[Sent]:
    moments = [deadline - SPREAD + 2 * SPREAD * n / CROWD for n in range(CROWD)]
    rows = zip(range(CROWD), cookies, seals, moments, strict=True)
    return await asyncio.gather(*(send(n, port, path, c, b, at) for n, c, b, at in rows))


def run(port: int) -> tuple[list[Sent], float, dict[str, float]]:
    """What each company saw, the deadline, and when the server wrote each submission (from its identifier)."""
    owners = companies(CROWD)
    world = published(lots=0, application_expected=False)
    cookies, seals = sessions(owners), bodies(world, owners)
    deadline = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=5)
    with scope.authority(world.house.id):
        Consultation.objects.filter(id=world.consultation.id).update(deadline=deadline)
    path = f"/{world.house.slug}/consultations/{world.consultation.id}/deposer/sceller/"
    sent = asyncio.run(crowd(port, path, cookies, seals, deadline.timestamp()))
    with scope.authority(world.house.id):
        kept = list(Submission.objects.order_by("number"))
    assert [s.number for s in kept] == list(range(1, CROWD + 1))
    written = {str(s.id): (UUID(str(s.id)).int >> 80) / 1000 for s in kept}
    return sent, deadline.timestamp(), written


def judge(name: str, port: int, clock_step: float) -> None:
    """`clock_step`: by how much the edge's clock may lag, in favour of the company (nginx counts milliseconds)."""
    sent, deadline, written = run(port)
    assert {one.status for one in sent} == {201}
    on_time = [one.receipt["on_time"] for one in sent]
    delays = sorted(datetime.fromisoformat(one.receipt["received_at"]).timestamp() - one.left for one in sent)
    early = [n for n, one in enumerate(sent) if one.left <= deadline - TRAVEL]
    wrongly_on_time = [n for n, one in enumerate(sent) if one.left > deadline + clock_step and on_time[n]]
    wrongly_late = [n for n in early if not on_time[n]]
    before = [n for n, one in enumerate(sent) if one.left <= deadline - MARGIN]
    control = [n for n in before if written[sent[n].receipt["submission"]] > deadline]
    waited = max(one.answered - one.left for one in sent)
    print(
        f"\n{name}: wrongly late {len(wrongly_late)}, wrongly on time {len(wrongly_on_time)}, control {len(control)}; "
        f"stamp after the last byte: median {delays[CROWD // 2] * 1000:.1f} ms, longest {delays[-1] * 1000:.1f} ms; "
        f"longest wait for an answer {waited:.1f} s"
    )
    assert wrongly_on_time == []
    assert wrongly_late == []
    assert any(on_time)
    assert not all(on_time)
    assert control, "the control shows no queue: the crowd is too small to prove anything"


def test_the_server_s_own_edge_dates_300_seals(live: Live) -> None:
    judge("Granian", live.port, 0.0)


def test_nginx_dates_300_seals(live: Live) -> None:
    if NGINX is None:
        pytest.skip("nginx is not on this machine")
    with nginx(live.port) as port:
        judge("nginx", port, 0.005)
