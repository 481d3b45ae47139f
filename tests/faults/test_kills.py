"""kill -9 of the web server, of its workers, of the job worker and of PostgreSQL, at random moments of a stream of
deposits: not one that was acknowledged is lost. PARVIS_KILLS changes their number.
"""

import hashlib
import json
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection

from parvis.audit import facade as audit
from parvis.documents import facade as documents
from parvis.documents.models import Upload
from parvis.kit import scope
from parvis.procurement.models import Consultation, Submission
from parvis.procurement.selectors.submissions import receipt_file
from parvis.procurement.services.complete_receipt import complete_receipt
from parvis.sealing import receipt as receipts
from parvis.sealing.receipt import Trust
from parvis.site.launch.commands import manage
from parvis.site.launch.postgres import EmbeddedPostgres, PostgresError
from parvis.site.settings import login
from tests.faults.stream import Company, Deposit
from tests.procurement.sealed_world import World, companies, published
from tests.races.live import Live
from tests.races.test_deadline import sessions

pytestmark = pytest.mark.fault
KILLS = int(os.environ.get("PARVIS_KILLS", "30"))
CROWD = 6
PATIENCE = 30.0
VICTIMS = ("workers", "postgres", "jobs", "workers", "web", "jobs")


@pytest.fixture
def ground(tmp_path: Path, django_db_blocker: pytest.FixtureRequest) -> Iterator[tuple[Live, EmbeddedPostgres]]:
    """A durable PostgreSQL of our own, migrated; Django in this process reads from it too."""
    server = EmbeddedPostgres(tmp_path / "pg", durable=True)
    urls = server.start()
    live = Live(tmp_path, urls, workers=2)
    before = dict(connection.settings_dict)
    try:
        subprocess.run(manage("migrate", "--verbosity", "0"), env=live.environment(), check=True, timeout=120)
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            connection.close()
            connection.settings_dict.update(login(urls.app))
            yield live, server
    finally:
        live.stop()
        connection.close()
        connection.settings_dict.update(before)
        server.stop()
        server.destroy()


def an_open_consultation() -> World:
    world = published(lots=0, application_expected=False)
    with scope.authority(world.house.id):
        deadline = datetime.now(UTC) + timedelta(days=1)
        Consultation.objects.filter(id=world.consultation.id).update(deadline=deadline)
    return world


def kill(victim: str, live: Live, server: EmbeddedPostgres) -> None:
    """And start again what does not come back by itself."""
    match victim:
        case "workers":
            assert live.web
            for pid in Path(f"/proc/{live.web.pid}/task/{live.web.pid}/children").read_text().split():
                os.kill(int(pid), signal.SIGKILL)
        case "web":
            live.kill(live.web)
            live.start_web()
        case "jobs":
            live.kill(live.jobs)
            live.start_jobs()
        case "postgres":
            assert server.process
            server.process.kill()
            server.process.wait()
            server.stop()
            restart(server)
            connection.close()


def restart(server: EmbeddedPostgres) -> None:
    """The killed server's last backends may hold its shared memory for a moment more."""
    limit = time.monotonic() + PATIENCE
    while True:
        try:
            server.start()
        except PostgresError:
            assert time.monotonic() < limit
            time.sleep(0.2)
        else:
            return


def promised(crowd: list[Company]) -> list[Deposit]:
    return [deposit for one in crowd for deposit in one.promised]


def kept(world: World, deposits: list[Deposit]) -> None:
    """Every promise is in the register, with its bytes; its receipt is true."""
    trust = Trust(platform_key=audit.public_key())
    with scope.authority(world.house.id):
        rows = {str(s.id): s for s in Submission.objects.all()}
        for deposit in deposits:
            receipt = deposit.file["receipt"]
            row = rows[receipt["submission"]]
            assert (row.receipt["receipt"], row.number) == (receipt, receipt["number"])
            stored = documents.upload_path(UUID(deposit.upload)).read_bytes()
            assert hashlib.sha256(stored).hexdigest() == deposit.sha256
            states = {check.key: check.state for check in receipts.verify(deposit.file, trust)}
            assert "failed" not in states.values()
            assert states["signature"] == states["fact"] == "ok"


def wait_for_progress(live: Live, crowd: list[Company], since: int) -> None:
    """The next promise after a kill: the platform works again."""
    limit = time.monotonic() + PATIENCE
    while len(promised(crowd)) <= since:
        live.watch()
        log = (live.data / "web.log").read_text(errors="replace")
        assert time.monotonic() < limit, f"no deposit any more; the server's log ends by\n{log[-3000:]}"
        time.sleep(0.02)


def test_no_acknowledged_deposit_is_lost(ground: tuple[Live, EmbeddedPostgres]) -> None:
    live, server = ground
    world = an_open_consultation()
    base = f"/{world.house.slug}/consultations/{world.consultation.id}/deposer"
    crowd = [Company(live.port, cookie, base) for cookie in sessions(companies(CROWD))]
    live.start_web()
    live.start_jobs()
    live.wait()
    until, begun = threading.Event(), time.monotonic()
    threads = [threading.Thread(target=one.run, args=(until,)) for one in crowd]
    for thread in threads:
        thread.start()
    chance = random.Random()
    try:
        for n in range(KILLS):
            wait_for_progress(live, crowd, len(promised(crowd)))
            time.sleep(chance.uniform(0.0, 0.8))
            before = len(promised(crowd))
            kill(VICTIMS[n % len(VICTIMS)], live, server)
            wait_for_progress(live, crowd, before)
            kept(world, promised(crowd))
    finally:
        until.set()
        for thread in threads:
            thread.join()
    deposits = promised(crowd)
    assert [line for one in crowd for line in one.lost] == []
    kept(world, deposits)
    live.kill(live.jobs)
    register_is_whole(world, deposits)
    again, took = sum(one.recovered for one in crowd), time.monotonic() - begun
    print(f"\n{KILLS} kills, {len(deposits)} acknowledged deposits ({again} at the second try), 0 lost, {took:.0f} s")


def register_is_whole(world: World, deposits: list[Deposit]) -> None:
    """Numbers without a gap, nothing anchored twice or lost, and every receipt completed by whoever comes next."""
    audit.anchor()
    report = audit.verify_log()
    assert [fault.text for fault in report.faults] == []
    trust = Trust(platform_key=audit.public_key())
    with scope.authority(world.house.id):
        rows = list(Submission.objects.order_by("number"))
        assert [s.number for s in rows] == list(range(1, len(rows) + 1))
        assert len({s.idempotency_key for s in rows}) == len(rows)
        assert Upload.objects.filter(state="sealed").count() == len(rows)
        assert {d.file["receipt"]["submission"] for d in deposits} <= {str(s.id) for s in rows}
    assert settings.FILES.is_dir()
    for row in rows:
        complete_receipt(world.house.id, row.id)
    with scope.authority(world.house.id):
        for row in Submission.objects.all():
            states = {c.key: c.state for c in receipts.verify(json.loads(json.dumps(receipt_file(row))), trust)}
            assert states["inclusion"] == states["checkpoint"] == states["timestamp"] == "ok"
