"""The reconciler lists what the disk and the database disagree on, and removes nothing that was acknowledged."""

import io
import os
import time
import uuid
from datetime import timedelta
from pathlib import Path

import pytest

from parvis.audit.models import Fact
from parvis.documents import facade
from parvis.documents.models import Upload, UploadState
from parvis.kit import clock, scope
from tests.documents.tus_sender import SUBJECT, Sender
from tests.world import an_authority

pytestmark = pytest.mark.django_db


def age(path: Path, days: int = 2) -> Path:
    old = time.time() - days * 86400
    os.utime(path, (old, old))
    return path


def test_orphans_and_missing_bytes_are_listed_as_a_fact_and_left_alone() -> None:
    one = an_authority()
    with scope.authority(one.id):
        kept = facade.store(io.BytesIO(b"kept"), "a.txt", "", 10)
        short = facade.store(io.BytesIO(b"short"), "b.txt", "", 10)
        facade.upload_path(short.id).write_bytes(b"sh")
        folder = facade.upload_path(kept.id).parent
    orphan = folder / str(uuid.uuid4())
    orphan.write_bytes(b"complete bytes whose commit crashed")
    assert facade.reconcile_storage(one.id).orphans == ()
    age(orphan)
    draft, fresh = folder / f"{uuid.uuid4()}.part", folder / f"{uuid.uuid4()}.part"
    draft.write_bytes(b"x")
    fresh.write_bytes(b"x")
    age(draft)
    report = facade.reconcile_storage(one.id)
    assert (report.orphans, report.missing, report.swept) == ((orphan.name,), (str(short.id),), (draft.name,))
    assert (orphan.exists(), draft.exists(), fresh.exists()) == (True, False, True)
    with scope.authority(one.id):
        fact = Fact.objects.filter(kind="storage.reconciled").last()
        assert fact.data["orphans"] == [orphan.name]
        assert facade.open_file(kept.id).read() == b"kept"


def test_the_claim_of_an_open_upload_is_never_swept() -> None:
    sender = Sender()
    sender.create(2)
    sender.patch(b"a", 0)
    claim = age(sender.path.with_name(sender.path.name + ".writer"))
    assert facade.reconcile_storage(sender.authority_id).swept == ()
    sender.patch(b"b", 1)
    age(claim)
    assert facade.reconcile_storage(sender.authority_id).swept == (claim.name,)
    assert sender.path.read_bytes() == b"ab"


def test_stale_uploads_are_given_up_only_when_their_subject_says_so() -> None:
    sender = Sender()
    sender.create(5)
    whole = Sender.__new__(Sender)
    whole.__dict__ = {**sender.__dict__}
    whole.create(1)
    whole.patch(b"x", 0)
    with scope.authority(sender.authority_id):
        Upload.objects.update(touched_at=clock.now() - timedelta(days=31))
    assert facade.reconcile_storage(sender.authority_id).stale == (sender.upload,)
    assert sender.head().status_code == 200
    with scope.authority(sender.authority_id):
        assert facade.abandon_stale(uuid.uuid4()) == 0
        assert facade.abandon_stale(SUBJECT) == 1
        assert Upload.objects.get(id=whole.upload).state == UploadState.COMPLETE
    assert (sender.head().status_code, whole.head().status_code) == (410, 200)
