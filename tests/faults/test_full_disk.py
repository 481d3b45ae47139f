"""A full disk says so in French (507), loses nothing, and the work goes on once room is made."""

import hashlib
import os
import resource
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from parvis.accounts.models import Company, CompanyMember
from parvis.documents import facade as documents
from parvis.documents.services import create_upload
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.procurement.models import Envelope, OpenedDocument, Submission
from parvis.site.launch.postgres import Urls
from parvis.site.launch.programs import unprivileged_user
from tests.procurement.sealed_world import (
    MINUTE,
    T,
    World,
    company,
    deposited,
    envelopes_for,
    file_keys,
    keys_of,
    opened_with,
    published,
    released_by,
    sealed_at,
    session_started,
)
from tests.world import signed_in

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
PART = 300_000
BEFORE = T - MINUTE


@dataclass
class Disk:
    """`fill`: from now on no file grows beyond `PART` and a little; `free`: there is room again."""

    fill: Callable[[], None]
    free: Callable[[], None]


def mounted(folder: Path, size: str) -> None:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small disk needs the right to mount one")


@pytest.fixture(params=["small disk", "size limit"])
def disk(request: pytest.FixtureRequest, tmp_path: Path, settings: Any, monkeypatch: Any) -> Iterator[Disk]:
    """A tmpfs of 4 MB with a ballast, or the kernel's limit on the size of a file (for who may not mount)."""
    monkeypatch.setattr(create_upload, "RESERVE", 64_000)
    if request.param == "size limit":
        before = resource.getrlimit(resource.RLIMIT_FSIZE)

        def limit(to: int) -> Callable[[], None]:
            return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (to, before[1]))

        yield Disk(limit(PART + 20_000), limit(before[0]))
        limit(before[0])()
        return
    folder = tmp_path / "small"
    mounted(folder, "4m")
    settings.FILES = folder

    def fill() -> None:
        ballast = shutil.disk_usage(folder).free - 20_000
        (folder / "ballast").write_bytes(bytes(ballast))

    yield Disk(fill, lambda: (folder / "ballast").unlink())
    subprocess.run(["umount", str(folder)], check=True)


def member(owner: Company) -> Client:
    return signed_in(CompanyMember.objects.get(company=owner).person, company=owner)


def patch(client: Client, location: str, offset: int, data: bytes) -> Any:
    checksum = b64encode(hashlib.sha256(data).digest()).decode()
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), "Upload-Checksum": f"sha256 {checksum}"}
    return client.generic("PATCH", location, data, "application/offset+octet-stream", headers=headers)


def created(client: Client, world: World, size: int) -> Any:
    where = reverse("deposit_uploads", args=[world.house.slug, world.consultation.id])
    return client.post(where, headers={"Tus-Resumable": "1.0.0", "Upload-Length": str(size)})


def offset_of(client: Client, location: str) -> int:
    return int(client.head(location, headers={"Tus-Resumable": "1.0.0"})["Upload-Offset"])


def says_no_room(answer: Any) -> None:
    assert answer.status_code == 507
    error = answer.json()["error"]
    assert error["code"] == "disk_full"
    assert "manque de place" in error["message"]
    assert "perdu" in error["message"]
    assert answer["Retry-After"]


def seal(client: Client, world: World, lines: list[dict[str, Any]], key: str = "") -> Any:
    where = reverse("deposit_seal", args=[world.house.slug, world.consultation.id])
    return client.post(where, {"key": key or str(uuid4()), "envelopes": lines}, content_type="application/json")


def line(upload: UUID | str, data: bytes) -> dict[str, Any]:
    sha256 = hashlib.sha256(data).hexdigest()
    return {
        "kind": "bid", "lot": None, "upload": str(upload), "size": len(data), "sha256": sha256, "commitment": "b" * 64,
    }  # fmt: skip


def bytes_of(world: World, submission: str) -> str:
    with scope.authority(world.house.id):
        envelope = Envelope.objects.get(submission_id=submission)
        return hashlib.sha256(documents.upload_path(envelope.upload_id).read_bytes()).hexdigest()


def test_a_deposit_waits_for_room_and_goes_on(disk: Disk) -> None:
    world, owner = published(lots=0, application_expected=False), company()
    client, data = member(owner), os.urandom(2 * PART)
    first = deposited(world, owner, BEFORE, lots=(None,))
    ready = envelopes_for(world, owner, (None,))[0]
    location = created(client, world, len(data))["Location"]
    assert patch(client, location, 0, data[:PART]).status_code == 204
    disk.fill()
    for _ in range(2):
        says_no_room(patch(client, location, PART, data[PART:]))
        assert offset_of(client, location) == PART
    whole = {"kind": "bid", "lot": None, "upload": str(ready.upload), "size": ready.size}
    answer = seal(client, world, [{**whole, "sha256": ready.sha256, "commitment": ready.commitment}])
    assert answer.status_code == 201
    disk.free()
    assert patch(client, location, PART, data[PART:]).status_code == 204
    answer = seal(client, world, [line(location.rstrip("/").rpartition("/")[2], data)])
    assert answer.status_code == 201
    assert bytes_of(world, answer.json()["receipt"]["submission"]) == hashlib.sha256(data).hexdigest()
    assert bytes_of(world, str(first.id)) == first.receipt["receipt"]["envelopes"][0]["sha256"]


def test_an_upload_that_cannot_fit_is_refused_before_its_first_byte(disk: Disk, request: Any) -> None:
    if "size limit" in request.node.name:
        pytest.skip("a size limit is not seen ahead of the write")
    world, client = published(lots=0, application_expected=False), member(company())
    disk.fill()
    says_no_room(created(client, world, PART))
    disk.free()
    assert created(client, world, PART).status_code == 201


def test_an_opening_waits_for_room_and_leaves_the_envelope_sealed(disk: Disk) -> None:
    world, owner = published(lots=0, application_expected=False), company()
    files = {"grand.pdf": os.urandom(2 * PART)}
    sealed_at(world, owner, BEFORE, envelopes_for(world, owner, (None,), files))
    session_started(world)
    for custodian in world.custodians[:2]:
        released_by(world, custodian)
    key = keys_of(world, "bid")[0]
    given = file_keys(world, key)
    disk.fill()
    with pytest.raises(Refusal) as refusal:
        opened_with(world, key, given)
    assert refusal.value.code == "disk_full"
    with scope.authority(world.house.id):
        assert Envelope.objects.filter(opened_at__isnull=True, unreadable="").count() == 1
        assert not OpenedDocument.objects.exists()
    disk.free()
    assert [o.state for o in opened_with(world, key, given)] == ["opened"]


@pytest.fixture
def full_database(request: pytest.FixtureRequest, postgres: Urls, tmp_path: Path) -> Iterator[Disk]:
    """The table of the submissions moved to a disk of its own, a small tmpfs, which fills up."""
    user = unprivileged_user()
    if user is None:
        pytest.skip("a small disk needs the right to mount one")
    folder = Path("/tmp") / f"parvis-small-{uuid4().hex}"
    mounted(folder, "2m")
    os.chown(folder, user.uid, user.gid)
    folder.chmod(0o700)
    connection.close()
    ballast = folder / "ballast"

    def fill() -> None:
        ballast.write_bytes(b"")
        with open(ballast, "ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                return

    try:
        with psycopg.connect(postgres.admin, autocommit=True) as admin:
            admin.execute(f"CREATE TABLESPACE small LOCATION '{folder}'")
            admin.execute("ALTER TABLE procurement_submission SET TABLESPACE small")
        yield Disk(fill, lambda: ballast.unlink(missing_ok=True))
        ballast.unlink(missing_ok=True)
        connection.close()
        with psycopg.connect(postgres.admin, autocommit=True) as admin:
            admin.execute("ALTER TABLE procurement_submission SET TABLESPACE pg_default")
            admin.execute("DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


def test_a_database_without_room_refuses_the_seal_and_takes_it_later(full_database: Disk) -> None:
    world, owner = published(lots=0, application_expected=False), company()
    client, data = member(owner), b"sealed bytes"
    accepted = 0
    full_database.fill()
    while True:
        location = created(client, world, len(data))["Location"]
        assert patch(client, location, 0, data).status_code == 204
        upload, key = location.rstrip("/").rpartition("/")[2], str(uuid4())
        answer = seal(client, world, [line(upload, data)], key)
        if answer.status_code != 201:
            break
        accepted += 1
        assert accepted < 200, "the disk never filled"
    says_no_room(answer)
    full_database.free()
    answer = seal(client, world, [line(upload, data)], key)
    assert answer.status_code == 201
    assert answer.json()["receipt"]["number"] == accepted + 1
    with scope.authority(world.house.id):
        assert Submission.objects.count() == accepted + 1
