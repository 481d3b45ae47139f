"""Two writers of one upload, writers that fall silent, and what the database holds while a slow visitor sends."""

import os
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse

from parvis.documents.models import Upload
from parvis.documents.storage import claim as claims
from parvis.kit import scope
from tests.documents.tus_sender import Sender, code, sum_of

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


class SlowBody:
    """A visitor's network: gives its first bytes, then nothing until told."""

    def __init__(self, body: bytes, first: int) -> None:
        self.blocks = [body[:first], body[first:]]
        self.waiting, self.go_on = threading.Event(), threading.Event()

    def read(self, size: int) -> bytes:
        if not self.blocks:
            return b""
        if len(self.blocks) == 1:
            self.waiting.set()
            assert self.go_on.wait(10)
        return self.blocks.pop(0)

    readline = read


def in_thread(act: Callable[[], HttpResponse]) -> tuple[threading.Thread, list[HttpResponse]]:
    answers: list[HttpResponse] = []

    def run() -> None:
        try:
            answers.append(act())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, answers


def slow_patch(
    sender: Sender, stream: SlowBody, size: int, **headers: str
) -> tuple[threading.Thread, list[HttpResponse]]:
    thread, answers = in_thread(
        lambda: sender.patch(b"", 0, CONTENT_LENGTH=str(size), **{"wsgi.input": stream}, **headers)
    )
    assert stream.waiting.wait(10)
    return thread, answers


def test_while_a_visitor_is_slow_no_transaction_and_no_row_is_held(postgres: Any) -> None:
    import psycopg

    sender = Sender()
    sender.create(10)
    stream = SlowBody(b"1234567890", 4)
    thread, answers = slow_patch(sender, stream, 10)
    try:
        with scope.authority(sender.authority_id):
            assert Upload.objects.select_for_update(nowait=True).get(id=sender.upload).offset == 0
        with psycopg.connect(postgres.admin) as admin:
            query = (
                "SELECT count(*) FROM pg_stat_activity WHERE usename = 'parvis_app' AND pid <> %s AND "
                "datname = current_database()"
            )
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                mine = cursor.fetchone()[0]
            # Not even an idle connection: the pool is for those who have work.
            assert admin.execute(query, [mine]).fetchone() == (0,)
    finally:
        stream.go_on.set()
        thread.join()
    assert (answers[0].status_code, sender.path.read_bytes()) == (204, b"1234567890")


def test_a_second_writer_is_sent_away_while_the_first_moves() -> None:
    sender = Sender()
    sender.create(10)
    stream = SlowBody(b"1234567890", 4)
    thread, answers = slow_patch(sender, stream, 10)
    second = sender.patch(b"abcdefghij", 0)
    assert (second.status_code, code(second), second["Retry-After"]) == (423, "busy", "5")
    stream.go_on.set()
    thread.join()
    assert (answers[0].status_code, sender.path.read_bytes()) == (204, b"1234567890")
    assert ("refused", 0, 0, 423, "busy") in sender.trace()


def test_a_silent_writer_is_replaced_and_can_no_longer_touch_a_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "SILENT_AFTER", 0.0)
    sender = Sender()
    sender.create(10)
    stream = SlowBody(b"XXXXXXXXXX", 4)
    thread, answers = slow_patch(sender, stream, 10, HTTP_UPLOAD_CHECKSUM=sum_of(b"XXXXXXXXXX"))
    assert sender.patch(b"12345", 0).status_code == 204
    stream.go_on.set()
    thread.join()
    assert (answers[0].status_code, code(answers[0])) == (423, "superseded")
    assert (sender.head()["Upload-Offset"], sender.path.read_bytes()) == ("5", b"12345")
    assert sender.patch(b"67890", 5).status_code == 204
    assert sender.path.read_bytes() == b"1234567890"


def test_a_writer_whose_process_died_is_replaced_at_once() -> None:
    sender = Sender()
    sender.create(10)
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    writer = sender.path.with_name(sender.path.name + claims.SUFFIX)
    writer.write_bytes(f"{child} 1 {'0' * 32}".encode())
    assert sender.patch(b"1234567890", 0).status_code == 204


def hammer(sender: Sender, body: bytes, part: int) -> list[int]:
    """Four clients send the same file, each from where the server stands; answers their statuses."""
    statuses: list[int] = []

    def client() -> HttpResponse:
        for _ in range(400):
            offset = int(sender.head()["Upload-Offset"])
            if offset == len(body):
                break
            piece = body[offset : offset + part]
            statuses.append(sender.patch(piece, offset, HTTP_UPLOAD_CHECKSUM=sum_of(piece)).status_code)
        return HttpResponse()

    for thread, _ in [in_thread(client) for _ in range(4)]:
        thread.join()
    return statuses


@pytest.mark.parametrize("silent_after", [20.0, 0.0])
def test_many_writers_never_mix_their_bytes(silent_after: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when each believes every other one silent."""
    monkeypatch.setattr(claims, "SILENT_AFTER", silent_after)
    sender, body = Sender(), os.urandom(100_000)
    sender.create(len(body))
    statuses = hammer(sender, body, 10_000)
    assert sender.path.read_bytes() == body
    assert statuses.count(204) == 10
    assert set(statuses) <= {204, 403, 409, 423}
    assert sender.view().complete


def test_the_race_is_there_when_the_claim_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a replaced writer that goes on writing spoils acknowledged bytes."""
    monkeypatch.setattr(claims, "SILENT_AFTER", 0.0)
    monkeypatch.setattr(claims.Claim, "_read", lambda self: self._token)
    monkeypatch.setattr(claims, "_alive", lambda token: False)
    sender = Sender()
    sender.create(10)
    stream = SlowBody(b"XXXXXXXXXX", 4)
    thread, _ = slow_patch(sender, stream, 10)
    assert sender.patch(b"1234567890", 0).status_code == 204
    stream.go_on.set()
    thread.join()
    assert sender.path.read_bytes() != b"1234567890"
