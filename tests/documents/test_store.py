"""Whole files: kept once and durable, named safely, scanned after the commit, zipped as they are sent."""

import errno
import io
import json
import os
import zipfile
from typing import Any

import pytest
from django.db import connection

from parvis.audit.models import Fact
from parvis.documents import facade
from parvis.documents.models import StoredFile
from parvis.documents.scanning.eicar import TEST_VIRUS
from parvis.documents.services.scan_file import scan_file
from parvis.kit import scope
from parvis.kit.errors import Refusal
from tests.world import an_authority

pytestmark = pytest.mark.django_db


def jobs(task: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s", [task])
        return [json.loads(row[0]) for row in cursor.fetchall()]


def test_a_stored_file_is_read_back_private_and_hashed() -> None:
    one = an_authority()
    with scope.authority(one.id):
        view = facade.store(io.BytesIO(b"abc" * 100_000), "..\\Règlement :\u202e.pdf", "", 10**6)
        assert (view.name, view.size, view.media_type) == ("Règlement _.pdf", 300_000, "application/pdf")
        path = facade.upload_path(view.id)
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        with facade.open_file(view.id) as stream:
            assert stream.read() == b"abc" * 100_000
        assert jobs("documents.scan") == [{"authority": str(one.id), "file": str(view.id)}]


def test_another_authority_sees_no_file() -> None:
    one, other = an_authority("un"), an_authority("deux")
    with scope.authority(one.id):
        view = facade.store(io.BytesIO(b"x"), "a.txt", "text/plain", 10)
    with scope.authority(other.id):
        assert facade.file_views([view.id]) == {}
        with pytest.raises(Refusal, match="n’existe"):
            facade.open_file(view.id)


@pytest.mark.parametrize(("body", "code"), [(b"", "empty"), (b"x" * 11, "too_large")])
def test_a_refused_file_leaves_nothing(body: bytes, code: str, settings: Any) -> None:
    with scope.authority(an_authority().id):
        with pytest.raises(Refusal) as caught:
            facade.store(io.BytesIO(body), "a.txt", "text/plain", 10)
        assert caught.value.code == code
        assert [p for p in settings.FILES.rglob("*") if p.is_file()] == []
        assert StoredFile.objects.count() == 0


def test_a_full_disk_is_said_in_french_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    def no_room(descriptor: int, data: Any) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with scope.authority(an_authority().id):
        monkeypatch.setattr("parvis.documents.storage.local_disk.os.write", no_room)
        with pytest.raises(Refusal, match="manque de place") as caught:
            facade.store(io.BytesIO(b"x"), "a.txt", "text/plain", 10)
        assert caught.value.code == "disk_full"
    assert [p for p in settings.FILES.rglob("*") if p.is_file()] == []


def test_the_test_virus_is_quarantined_and_becomes_a_fact() -> None:
    one = an_authority()
    with scope.authority(one.id):
        # The signature lies across the scanner's blocks.
        bad = facade.store(io.BytesIO(b"x" * (1024 * 1024 - 20) + TEST_VIRUS), "DC1.pdf", "application/pdf", 10**7)
        good = facade.store(io.BytesIO(b"x"), "DC2.pdf", "application/pdf", 10**7)
    scan_file(one.id, bad.id)
    scan_file(one.id, good.id)
    with scope.authority(one.id):
        assert facade.file_views([bad.id])[bad.id].scan == "infected"
        with pytest.raises(Refusal, match="quarantaine"):
            facade.open_file(bad.id)
        with pytest.raises(Refusal, match="quarantaine"):
            facade.zip_stream([("DC1.pdf", bad.id)])
        fact = Fact.objects.get(kind="file.quarantined")
        assert (fact.subject_id, fact.data["virus"]) == (bad.id, "Eicar-Test-Signature")
        assert facade.file_views([good.id])[good.id].scan == "unchecked"
        facade.open_file(good.id).close()


def test_without_a_scanner_a_file_is_said_not_checked(settings: Any) -> None:
    settings.LOCAL = False
    with scope.authority(an_authority().id):
        view = facade.store(io.BytesIO(b"x"), "a.pdf", "", 10)
        assert (view.scan, view.scan_label) == ("unchecked", "Non analysé")
        assert jobs("documents.scan") == []


def test_a_zip_is_as_long_as_announced_and_keeps_its_names() -> None:
    with scope.authority(an_authority().id):
        first = facade.store(io.BytesIO(b"1" * 5000), "a.txt", "", 10**6)
        second = facade.store(io.BytesIO(b"2" * 70_000), "b.txt", "", 10**6)
        download = facade.zip_stream(
            [("DCE/Règlement.pdf", first.id), ("DCE/règlement.pdf", second.id), ("../../etc", first.id)]
        )
    data = b"".join(download)
    assert len(data) == download.size
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.namelist() == ["DCE/Règlement.pdf", "DCE/règlement (2).pdf", "etc"]
    assert archive.read("DCE/règlement (2).pdf") == b"2" * 70_000
