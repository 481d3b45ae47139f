"""What a page costs: the public list against nginx with the same bytes and a view that does nothing; row security."""

from __future__ import annotations

import gc
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

from django.db import connection
from django.test import Client

from parvis.kit import scope
from parvis.procurement.models import Consultation
from parvis.site.settings import login
from tests.bench.ground import Ground, free_port, nginx, running, wait_for
from tests.bench.measure import SIZE, Line, Report, cpu_of, seconds
from tests.bench.wire import Line as Connection
from tests.bench.world import a_house, published
from tests.world import an_agent, signed_in

ROWS = 25


def rate(pid: int, port: int, path: str, count: int) -> tuple[float, bytes]:
    """Requests a CPU-second of the server, and one body. One kept connection asks again and again."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    with Connection(port) as line:
        answer = line.ask("GET", path, {})
        assert answer.status == 200
        size = line.whole(request)
        before = cpu_of(pid)
        line.requests(request, size, count)
        spent = cpu_of(pid) - before
    return count / max(spent, 0.01), answer.body


def test_public_list(ground: Ground, report: Report, folder: Path) -> None:
    house = a_house()
    for number in range(ROWS):
        published(house, title=f"Travaux n° {number} sur la toiture de l’école élémentaire, lot unique")
    path = f"/{house.slug}/consultations/"
    page, body = rate(ground.server, ground.port, path, SIZE.pages // 5)
    shown = body.count(b"lot unique")
    assert shown >= 20, f"{shown} rows in the list"
    port, files = free_port(), folder / "www"
    files.mkdir()
    (files / "list.html").write_bytes(body)
    with nginx(folder, f"server {{ listen 127.0.0.1:{port}; root {files}; }}") as pid:
        static, same = rate(pid, port, "/list.html", SIZE.pages * 10)
    assert same == body
    bare_port = free_port()
    bare = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1",
        "--port", str(bare_port), "--workers", "2", "--log-level", "warning", "tests.bench.bare:application",
    ]  # fmt: skip
    with running(bare, folder / "bare.log") as process:
        wait_for(f"http://127.0.0.1:{bare_port}/", process, folder / "bare.log")
        trivial, _ = rate(process.pid, bare_port, "/", SIZE.pages * 2)
    name = f"public list, {shown} rows, {len(body) // 1024} KiB"
    measured = f"{page:.0f}/CPU-s ({1000 / page:.1f} ms)"
    report(Line(name, measured, f"{static:,.0f}/CPU-s (nginx, the same bytes)", page / static, "≥ 0.004, aim 0.01"))
    report(Line(name, measured, f"{trivial:,.0f}/CPU-s (Django that does nothing)", page / trivial, "printed"))
    report(
        Line(
            "a view that does nothing",
            f"{trivial:,.0f}/CPU-s",
            f"{static:,.0f}/CPU-s (nginx static)",
            trivial / static,
            "≥ 0.08",
        )
    )


def as_role(url: str) -> None:
    connection.close()
    connection.settings_dict.update(login(url))
    connection.ensure_connection()


def test_row_security(ground: Ground, report: Report) -> None:
    """The agents' list of 25 rows among those of 40 authorities, by the serving role and by one without policies."""
    houses = [a_house() for _ in range(40)]
    for house in houses:
        with scope.authority(house.id):
            Consultation.objects.bulk_create(
                Consultation(reference=f"R-{n}", title=f"Consultation {n} de {house.slug}", state="draft")
                for n in range(ROWS)
            )
    house = houses[20]
    client = signed_in(an_agent(house, "buyer", f"Agent de {house.slug}"), house, "buyer")
    path = f"/{house.slug}/bureau/?vue=preparation"
    as_role(ground.urls.admin)
    connection.cursor().execute("ANALYZE")
    times: dict[str, list[float]] = {"rls": [], "filters": []}
    bodies: dict[str, str] = {}
    gc.collect()
    for round_number in range(SIZE.pages // 50):
        for role, url in (("rls", ground.urls.app), ("filters", ground.urls.admin))[:: 1 if round_number % 2 else -1]:
            as_role(url)
            check_policy(role)
            bodies[role] = page_of(client, path)
            times[role].append(statistics.median(seconds(ask(client, path)) for _ in range(5)))
    assert bodies["rls"].count(f"de {house.slug}") >= ROWS
    assert f"de {houses[19].slug}" not in bodies["rls"] + bodies["filters"]
    ours, least = (statistics.median(times[role]) * 1000 for role in ("rls", "filters"))
    report(
        Line(
            "desk of 25 rows, row security", f"{ours:.1f} ms", f"{least:.1f} ms (filters alone)", least / ours, "≥ 0.90"
        )
    )


def check_policy(role: str) -> None:
    """Outside any scope the serving role sees nothing of any authority; the other sees all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procurement_consultation")
        seen = cursor.fetchone()[0]
    assert (seen == 0) is (role == "rls"), (role, seen)


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def ask(client: Client, path: str) -> Callable[[], object]:
    return lambda: client.get(path)
