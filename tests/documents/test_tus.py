"""tus 1.0: what each request answers, that only durable bytes count, and that every try leaves its trace."""

import errno
import hashlib
import io
import os
import uuid
from typing import Any

import pytest
from django.test import RequestFactory

from parvis.documents import facade
from parvis.documents.models import UploadAttempt
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.kit.jinja import filesize
from tests.documents.tus_sender import OWNER, SUBJECT, Sender, code, sum_of

pytestmark = pytest.mark.django_db


def test_a_file_in_parts_arrives_whole_with_its_sum() -> None:
    sender, body = Sender(), os.urandom(700_000)
    created = sender.create(len(body), HTTP_UPLOAD_METADATA="kind YmlkCg==,lot")
    assert (created.status_code, created["Tus-Resumable"]) == (201, "1.0.0")
    assert sender.view() == facade.UploadView(sender.upload, 700_000, 0, "", False, False, {"kind": "bid\n", "lot": ""})
    first = sender.patch(body[:300_000], 0, HTTP_UPLOAD_CHECKSUM=sum_of(body[:300_000]))
    assert (first.status_code, first["Upload-Offset"]) == (204, "300000")
    head = sender.head()
    assert (head["Upload-Offset"], head["Upload-Length"], head["Cache-Control"]) == ("300000", "700000", "no-store")
    assert sorted(head["Upload-Metadata"].split(",")) == ["kind YmlkCg==", "lot"]
    assert sender.patch(body[300_000:], 300_000).status_code == 204
    view = sender.view()
    assert (view.complete, view.sha256) == (True, hashlib.sha256(body).hexdigest())
    assert sender.path.read_bytes() == body
    assert sender.path.stat().st_mode & 0o777 == 0o600
    assert sender.trace() == [
        ("created", 0, 0, 201, ""),
        ("started", 0, 0, 0, ""), ("received", 0, 300_000, 204, ""),
        ("started", 300_000, 0, 0, ""), ("received", 300_000, 400_000, 204, ""),
    ]  # fmt: skip


def test_above_the_limit_is_refused_before_the_first_byte_with_both_sizes() -> None:
    sender = Sender(max_size=10**9)
    response = sender.create(10**9 + 1)
    assert response.status_code == 413
    assert "1\u00a0000\u00a0000\u00a0001 octets" in response.content.decode("unicode_escape")
    assert f"limite est de {filesize(10**9)}" in response.content.decode("unicode_escape")
    assert sender.trace() == [("refused", 0, 0, 413, "too_large")]
    assert sender.create(10**18).status_code == 400


def test_no_room_is_said_before_the_first_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parvis.documents.storage.local_disk.LocalDisk.free", lambda self: 300 * 1024 * 1024)
    sender = Sender()
    assert sender.create(10**6).status_code == 201
    response = sender.create(90 * 10**6)
    assert (response.status_code, code(response)) == (507, "disk_full")
    assert sender.trace()[-1] == ("refused", 0, 0, 507, "disk_full")


def test_a_wrong_sum_counts_nothing_and_the_next_try_succeeds() -> None:
    sender, body = Sender(), b"a" * 50_000
    sender.create(len(body))
    wrong = sender.patch(b"b" * 50_000, 0, HTTP_UPLOAD_CHECKSUM=sum_of(body))
    assert (wrong.status_code, code(wrong), sender.head()["Upload-Offset"]) == (460, "checksum", "0")
    assert sender.patch(body, 0, HTTP_UPLOAD_CHECKSUM=sum_of(body)).status_code == 204
    assert sender.path.read_bytes() == body
    with scope.authority(sender.authority_id):
        assert [a.retry for a in facade.attempts(SUBJECT) if a.event == "started"] == [0, 1]


def test_bytes_beyond_the_acknowledged_ones_are_cut_off_at_the_next_part() -> None:
    sender = Sender()
    sender.create(10)
    sender.patch(b"12345", 0)
    sender.path.write_bytes(b"12345garbage of a killed process")
    assert sender.patch(b"678", 5)["Upload-Offset"] == "8"
    assert sender.path.read_bytes() == b"12345678"


def test_missing_acknowledged_bytes_are_never_papered_over() -> None:
    sender = Sender()
    sender.create(10)
    sender.patch(b"12345", 0)
    sender.path.write_bytes(b"12")
    assert (sender.patch(b"67890", 5).status_code, sender.path.read_bytes()) == (410, b"12")
    sender.path.unlink()
    assert sender.patch(b"67890", 5).status_code == 410


@pytest.mark.parametrize(
    ("offset", "body", "headers", "status"),
    [
        (3, b"x", {}, 409),
        (-1, b"x", {}, 400),
        (0, b"x" * 11, {}, 413),
        (0, b"x", {"type": "text/plain"}, 415),
        (0, b"x", {"HTTP_UPLOAD_CHECKSUM": "md5 AAAA"}, 400),
        (0, b"x", {"HTTP_UPLOAD_CHECKSUM": "sha256 AAAA"}, 400),
        (0, b"x", {"HTTP_TUS_RESUMABLE": "0.2.2"}, 412),
        (0, b"", {"CONTENT_LENGTH": ""}, 411),
    ],
)
def test_a_part_that_does_not_fit_is_refused(offset: int, body: bytes, headers: dict[str, str], status: int) -> None:
    sender = Sender()
    sender.create(10)
    assert sender.patch(body, offset, **headers).status_code == status
    assert (sender.head()["Upload-Offset"], sender.path.stat().st_size) == ("0", 0)
    assert status == 412 or sender.trace()[-1][0::3] == ("refused", status)


def test_a_chunked_transfer_is_read_from_the_server_stream() -> None:
    sender, body = Sender(), os.urandom(600_000)
    sender.create(len(body))
    chunked = {"CONTENT_LENGTH": "", "wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True}
    assert sender.patch(b"", 0, HTTP_UPLOAD_CHECKSUM=sum_of(body), **chunked)["Upload-Offset"] == "600000"
    assert sender.path.read_bytes() == body
    sender.create(5)
    chunked["wsgi.input"] = io.BytesIO(b"123456")
    assert (sender.patch(b"", 0, **chunked).status_code, sender.head()["Upload-Offset"]) == (413, "0")


@pytest.mark.parametrize(("sum_given", "kept"), [(False, 3), (True, 0)])
def test_a_cut_keeps_what_came_unless_a_sum_was_promised(sum_given: bool, kept: int) -> None:
    sender = Sender()
    sender.create(10)
    headers = {
        "CONTENT_LENGTH": "10",
        "wsgi.input": io.BytesIO(b"123"),
        **({"HTTP_UPLOAD_CHECKSUM": sum_of(b"1" * 10)} if sum_given else {}),
    }
    assert sender.patch(b"", 0, **headers).status_code == (400 if sum_given else 204)
    assert sender.head()["Upload-Offset"] == str(kept)
    rest = b"1234567890"[kept:]
    assert sender.patch(rest, kept).status_code == 204
    assert sender.path.read_bytes() == b"1234567890"


def test_a_full_disk_answers_507_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    sender = Sender()
    sender.create(10)
    sender.patch(b"12345", 0)
    real, calls = os.pwrite, []

    def nearly_full(descriptor: int, data: Any, offset: int) -> int:
        if bytes(data).startswith(b"6"):
            calls.append(offset)
            if len(calls) == 1:
                return real(descriptor, data[:2], offset)
        if bytes(data) == b"890":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(descriptor, data, offset)

    monkeypatch.setattr("parvis.documents.storage.claim.os.pwrite", nearly_full)
    response = sender.patch(b"67890", 5)
    assert (response.status_code, code(response), response["Retry-After"]) == (507, "disk_full", "5")
    assert (sender.head()["Upload-Offset"], sender.path.stat().st_size) == ("5", 7)
    monkeypatch.undo()
    assert sender.patch(b"67890", 5)["Upload-Offset"] == "10"
    assert sender.path.read_bytes() == b"1234567890"
    assert ("refused", 5, 0, 507, "disk_full") in sender.trace()


def test_another_owner_finds_nothing() -> None:
    sender = Sender()
    sender.create(10)
    assert sender.head(owner=uuid.uuid4()).status_code == 404
    with scope.authority(sender.authority_id):
        assert facade.lock_uploads([sender.upload], owner_id=uuid.uuid4(), subject_id=SUBJECT) == []
        assert facade.lock_uploads([sender.upload], owner_id=OWNER, subject_id=uuid.uuid4()) == []


def test_the_author_takes_an_upload_back_until_it_is_sealed() -> None:
    sender = Sender()
    sender.create(3)
    sender.patch(b"abc", 0)
    with scope.authority(sender.authority_id):
        facade.mark_sealed([sender.upload])
    assert (sender.delete().status_code, sender.path.read_bytes()) == (403, b"abc")
    assert sender.patch(b"d", 3).status_code == 403
    sender.create(3)
    assert sender.delete().status_code == 204
    assert (sender.head().status_code, sender.path.exists()) == (410, False)


def test_an_incomplete_upload_is_not_sealed() -> None:
    sender = Sender()
    sender.create(3)
    with scope.authority(sender.authority_id), pytest.raises(Refusal, match="manque des octets"):
        facade.mark_sealed([sender.upload])


def test_an_empty_upload_is_complete_at_once() -> None:
    sender = Sender()
    sender.create(0)
    assert sender.view().sha256 == hashlib.sha256().hexdigest()


def test_options_tell_what_is_possible() -> None:
    sender = Sender(max_size=123)
    request = RequestFactory().options("/x/")
    args: dict[str, Any] = {
        "authority_id": sender.authority_id,
        "owner_id": OWNER,
        "subject_id": SUBJECT,
        "location": str,
    }
    response = facade.tus_collection(request, max_size=123, **args)
    assert (response["Tus-Max-Size"], response["Tus-Extension"]) == ("123", "creation,checksum,termination")
    assert facade.tus_collection(RequestFactory().get("/x/"), max_size=123, **args).status_code == 405


def test_the_trace_keeps_the_visitor_clock_and_cannot_be_edited() -> None:
    sender = Sender()
    sender.create(3, HTTP_X_PARVIS_CLOCK="1795319912345")
    with scope.authority(sender.authority_id):
        clock = facade.attempts(SUBJECT)[0].client_clock
        assert clock is not None
        assert clock.isoformat() == "2026-11-22T03:58:32.345000+00:00"
        from django.db import ProgrammingError, transaction

        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            UploadAttempt.objects.update(status=0)
