"""A whole demo saved while it serves nobody, put back elsewhere: same bytes, same receipts, same register."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from parvis.site.launch import backup, serve
from parvis.site.launch.folders import DataFolder
from parvis.site.launch.postgres import EmbeddedPostgres

# Runs inside Parvis, on the folder that a test names: one line per deposit that is whole.
LOOK = """
from django.conf import settings
from parvis.authorities.models import Authority
from parvis.documents.facade import open_file, upload_path
from parvis.kit import scope
from parvis.procurement.models import Envelope, Submission
from parvis.procurement.selectors.submissions import receipt_file
from parvis.audit.facade import sign
from parvis.sealing.receipt import Trust, outcome, verify
import hashlib
key, _ = sign(b"")
for house in Authority.objects.all():
    with scope.authority(house.id):
        for submission in Submission.objects.order_by("number"):
            file = receipt_file(submission)
            checks = verify(file, Trust(platform_key=key))
            assert outcome(checks) != "failed", [c.text for c in checks]
            for envelope in Envelope.objects.filter(submission=submission):
                found = hashlib.sha256(upload_path(envelope.upload_id).read_bytes()).hexdigest()
                assert found == envelope.sha256, envelope.id
            print("whole", house.slug, submission.number, submission.state)
"""


def parvis(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`./parvis WORDS` on a data folder, with none of this test run's own settings."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PARVIS_", "PYTEST_", "DJANGO_"))}
    command = [sys.executable, "-P", "-m", "parvis.site.launch", *words]
    return subprocess.run(
        command, env={**environment, "PARVIS_DATA": str(data)}, capture_output=True, text=True, check=False, timeout=120
    )


def done(data: Path, *words: str) -> str:
    result = parvis(data, *words)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def whole_deposits(data: Path) -> list[str]:
    return [line for line in done(data, "manage", "shell", "-c", LOOK).splitlines() if line.startswith("whole ")]


def bytes_in(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@dataclass(frozen=True)
class Saved:
    """The demo that was saved, its archive, where it was put back, and the database there as the serving role."""

    demo: Path
    archive: Path
    back: Path
    url: str


@pytest.fixture(scope="module")
def saved() -> Iterator[Saved]:
    folder = Path(tempfile.mkdtemp(prefix="parvis-save-", dir="/tmp"))
    folder.chmod(0o711)  # PostgreSQL's account passes through
    demo, archive, back = folder / "demo", folder / "a.tar", folder / "back"
    DataFolder(demo).prepare()
    try:
        with EmbeddedPostgres(demo / "pg", durable=False):  # the commands join it, which is quicker than their own
            done(demo, "manage", "migrate", "--verbosity", "0")
            done(demo, "manage", "load_demo", "--agglomeration", "dijon")
            done(demo, "backup", str(archive))
        done(back, "restore", str(archive))
        with EmbeddedPostgres(back / "pg", durable=False) as urls:
            yield Saved(demo, archive, back, urls.app)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_every_deposit_comes_back_whole(saved: Saved) -> None:
    assert saved.archive.stat().st_mode & 0o077 == 0, "it holds the platform's keys"
    before = bytes_in(saved.demo / "files")
    assert len(before) > 20
    assert bytes_in(saved.back / "files") == before
    assert bytes_in(saved.back / "keys") == bytes_in(saved.demo / "keys")
    deposits = whole_deposits(saved.back)
    assert len(deposits) > 5
    assert "Le registre est intact" in done(saved.back, "audit", "verify")
    assert {path.stat().st_mode & 0o077 for path in (saved.back / "files").rglob("*") if path.is_file()} == {0}


def test_the_platform_key_is_missed_and_no_other_stands_for_it(saved: Saved) -> None:
    key, aside = saved.back / "keys" / "platform.pem", saved.back / "aside.pem"
    assert serve.key_problems(saved.url, saved.back) == []
    key.rename(aside)
    try:
        (problem,) = serve.key_problems(saved.url, saved.back)
        assert str(key) in problem, "production does not start without it"
        lost = parvis(saved.back, "audit", "verify")
        assert lost.returncode == 1
        assert "La clé de la plateforme manque" in lost.stderr
        assert not key.exists(), "none is made in its place"
        make = ["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(key)]
        if shutil.which("openssl"):
            subprocess.run(make, check=True, capture_output=True)
            other = parvis(saved.back, "audit", "verify")
            assert other.returncode == 1
            assert "n’est pas signé par la plateforme" in other.stderr
    finally:
        aside.rename(key)
    assert "Le registre est intact" in done(saved.back, "audit", "verify")


def test_nothing_is_overwritten_and_a_damaged_archive_changes_nothing(saved: Saved) -> None:
    before = bytes_in(saved.back / "keys")
    again = parvis(saved.back, "restore", str(saved.archive))
    assert (again.returncode, "contient déjà" in again.stderr) == (1, True)
    assert bytes_in(saved.back / "keys") == before

    damaged, fresh = saved.archive.with_name("damaged.tar"), saved.archive.with_name("fresh")
    content = bytearray(saved.archive.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    refused = parvis(fresh, "restore", str(damaged))
    assert refused.returncode == 1
    assert "Prenez une autre copie" in refused.stderr or "n’est pas une sauvegarde lisible" in refused.stderr
    assert bytes_in(fresh / "files") == {}
    assert not (fresh / "pg").exists()
    twice = parvis(saved.demo, "backup", str(saved.archive))
    assert (twice.returncode, "existe déjà" in twice.stderr) == (1, True)


def test_a_backup_of_a_platform_at_work_never_says_more_than_its_dump(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The register is signed again, and a draft goes away, while the archive is written."""
    data = DataFolder(tmp_path / "data")
    data.prepare()
    state = data.root / "keys" / "register.checkpoint"
    state.write_text("before the dump")
    aside = tmp_path / "aside"
    shutil.copyfile(state, aside)
    state.write_text("signed while the dump was written")
    gone = ("files/gone.part", data.root / "files" / "gone.part")
    found = backup._files_of(data.root)
    monkeypatch.setattr(backup, "_files_of", lambda _root: [*found, gone])
    (tmp_path / "dump").write_bytes(b"rows")
    with open(tmp_path / "a.tar", "wb") as out:
        backup._write(out, data, {"database.dump": tmp_path / "dump", "keys/register.checkpoint": aside}, "now")
    backup._extract(tmp_path / "a.tar", tmp_path / "back")
    assert (tmp_path / "back" / "keys" / "register.checkpoint").read_text() == "before the dump"
    assert not (tmp_path / "back" / "files").exists()


@pytest.mark.parametrize(
    ("server", "packaged", "own"), [(18, 15, False), (18, 18, True), (16, 16, True), (16, 17, False)]
)
def test_the_program_of_the_server_s_version_is_taken(
    server: int, packaged: int, own: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = tmp_path / "pg_dump"
    machine.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {packaged}.3 (Debian {packaged}.3-1)'\n")
    machine.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert (backup._program("pg_dump", server) == str(machine)) is own
