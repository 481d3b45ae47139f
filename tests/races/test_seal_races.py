"""Seals against each other and against the board's session, in threads with real connections; each has its control."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from parvis.audit import facade as audit
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.procurement.models import Consultation, Envelope, Submission
from parvis.procurement.services import seal_submission as seals
from parvis.procurement.services.close_opening import close_opening
from parvis.procurement.services.start_opening import Present, start_opening
from tests.procurement.sealed_world import (
    MINUTE,
    T,
    World,
    companies,
    company,
    envelopes_for,
    published,
    sealed_at,
    session_started,
)

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
THREADS = 8
CROWD = 40


def together(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Each call in a thread with a database connection of its own, all let go at the same moment."""
    barrier = threading.Barrier(count)

    def run(n: int) -> Any:
        try:
            barrier.wait()
            return act(n)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.parametrize("same_uploads", [True, False])
def test_one_key_from_eight_threads_makes_one_submission(same_uploads: bool) -> None:
    world, owner, key = published(), company(), uuid4()
    one = envelopes_for(world, owner)
    each = [one if same_uploads else envelopes_for(world, owner) for _ in range(THREADS)]
    found = together(THREADS, lambda n: sealed_at(world, owner, T - MINUTE, each[n], key))
    assert len({submission.id for submission, _ in found}) == 1
    assert [new for _, new in found].count(True) == 1
    with scope.authority(world.house.id):
        assert Submission.objects.count() == 1
        assert Envelope.objects.count() == 3


def test_two_keys_fight_for_the_same_uploads_and_one_wins() -> None:
    world, owner = published(), company()
    envelopes = envelopes_for(world, owner)

    def act(_n: int) -> str:
        try:
            sealed_at(world, owner, T - MINUTE, envelopes)
        except Refusal as refusal:
            return refusal.code
        return "sealed"

    assert sorted(together(THREADS, act)) == ["sealed", *["upload_used"] * (THREADS - 1)]


def one_envelope() -> World:
    """A consultation that asks for one envelope alone."""
    return published(lots=0, application_expected=False)


def numbers_of(world: World, monkeypatch: pytest.MonkeyPatch | None) -> list[int]:
    """The numbers that a crowd of seals got; with a monkeypatch, by the count of the rows instead of the counter."""
    owners = companies(CROWD)
    each = [envelopes_for(world, owner, (None,)) for owner in owners]
    if monkeypatch:

        def counted(consultation_id: UUID) -> int:
            number = Submission.objects.filter(consultation_id=consultation_id).count() + 1
            time.sleep(0.02)
            return number

        monkeypatch.setattr(seals, "_next_number", counted)

    def act(n: int) -> int:
        try:
            return sealed_at(world, owners[n], T - MINUTE, each[n])[0].number
        except Exception:  # the database refuses the same number twice: a deposit lost for its company
            return 0

    return sorted(together(CROWD, act))


def test_numbers_are_unique_and_without_a_gap() -> None:
    assert numbers_of(one_envelope(), None) == list(range(1, CROWD + 1))


def test_control_numbers_counted_without_the_counter_collide(monkeypatch: pytest.MonkeyPatch) -> None:
    assert numbers_of(one_envelope(), monkeypatch).count(0) > 0


def without_the_lock(consultation_id: UUID) -> Consultation:
    found: Consultation = Consultation.objects.get(id=consultation_id)
    return found


@contextmanager
def slowed_seals(monkeypatch: pytest.MonkeyPatch, *, locked: bool) -> Iterator[dict[UUID, str]]:
    """Seals take 30 ms more between the look at the consultation and their writing; what state each one saw."""
    saw: dict[UUID, str] = {}
    write = seals._write

    def slow(consultation: Consultation, *rest: Any) -> Submission:
        state = consultation.state
        time.sleep(0.03)
        submission = write(consultation, *rest)
        saw[submission.id] = state
        return submission

    monkeypatch.setattr(seals, "_write", slow)
    if not locked:
        monkeypatch.setattr(seals, "_consultation_for_share", without_the_lock)
    yield saw


def crowd_against(world: World, act: Callable[[], None]) -> None:
    """A crowd seals, a few at a time, while one verb of the board runs in their midst."""
    owners = companies(CROWD)
    each = [envelopes_for(world, owner, (None,)) for owner in owners]
    begun = threading.Semaphore(0)

    def seal(n: int) -> None:
        begun.release()
        try:
            sealed_at(world, owners[n], T, each[n])
        finally:
            connection.close()

    def board() -> None:
        try:
            for _ in range(CROWD // 2):
                begun.acquire()
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS + 1) as pool:
        work = [pool.submit(board), *(pool.submit(seal, n) for n in range(CROWD))]
        for done in work:
            done.result()


def missed_by_the_start(world: World, monkeypatch: pytest.MonkeyPatch, *, locked: bool) -> int:
    """Submissions that saw the consultation still published, and are not in the list of the session's start."""

    def start() -> None:
        with clock.frozen_at(T + MINUTE), scope.authority(world.house.id):
            start_opening(world.consultation.id, world.chair.id, (Present("Claude", "Présidente"),))

    with slowed_seals(monkeypatch, locked=locked) as saw:
        crowd_against(world, start)
    with scope.authority(world.house.id):
        listed = audit.facts([world.consultation.id], ["opening.started"])[0].data["to_open"]
        assert Submission.objects.filter(state="sealed").count() == CROWD
    assert len(saw) == CROWD
    return sum(state == "published" and str(found) not in listed for found, state in saw.items())


def test_the_session_s_start_misses_no_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missed_by_the_start(one_envelope(), monkeypatch, locked=True) == 0


def test_control_without_the_lock_the_start_misses_some(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missed_by_the_start(one_envelope(), monkeypatch, locked=False) > 0


def missed_by_the_close(world: World, monkeypatch: pytest.MonkeyPatch, *, locked: bool) -> int:
    """Submissions in time that no session will open, and that nothing flags."""
    session_started(world)
    refused: list[str] = []

    def close() -> None:
        try:
            with clock.frozen_at(T + 2 * MINUTE), scope.authority(world.house.id):
                close_opening(world.consultation.id, world.chair.id)
        except Refusal as refusal:
            refused.append(refusal.code)

    owners = companies(THREADS)
    each = [envelopes_for(world, owner, (None,)) for owner in owners]

    def act(n: int) -> None:
        if n == THREADS:
            # As long as no seal has landed, the session has nothing to open and may close.
            time.sleep(0.015)
            close()
        else:
            sealed_at(world, owners[n], T, each[n])

    with slowed_seals(monkeypatch, locked=locked):
        together(THREADS + 1, act)
    closed = world.again().state == "opened"
    assert closed is not bool(refused)
    with scope.authority(world.house.id):
        return Submission.objects.filter(after_closing=False).count() if closed else 0


def test_a_closing_session_leaves_no_seal_unflagged(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missed_by_the_close(one_envelope(), monkeypatch, locked=True) == 0


def test_control_without_the_lock_the_close_leaves_some(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missed_by_the_close(one_envelope(), monkeypatch, locked=False) > 0


def test_the_lock_is_granted_to_the_role_that_serves_and_keeps_to_its_authority() -> None:
    world, other = published(), published(slug="voisine")
    with scope.authority(world.house.id), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == "parvis_app"
        for consultation, rows in ((world.consultation, 1), (other.consultation, 0)):
            cursor.execute("SELECT 1 FROM procurement_consultation WHERE id = %s FOR SHARE", [consultation.id])
            assert cursor.rowcount == rows


def test_the_start_waits_for_a_seal_under_way() -> None:
    world, owner = published(), company()
    envelopes = envelopes_for(world, owner)
    order: list[str] = []
    sealed, go = threading.Event(), threading.Event()

    def holding() -> None:
        with scope.authority(world.house.id):
            sealed_at(world, owner, T, envelopes)
            sealed.set()
            assert go.wait(10)
            order.append("first seal")
        connection.close()

    def start() -> None:
        session_started(world)
        order.append("start")
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        work = [pool.submit(holding)]
        assert sealed.wait(10)
        work.append(pool.submit(start))
        time.sleep(0.3)
        assert order == []
        go.set()
        for done in work:
            done.result()
    assert order == ["first seal", "start"]
