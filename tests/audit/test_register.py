"""The register: places given once, proofs that another's code verifies, one anchoring at a time, a key kept."""

import threading
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from pymerkle import InmemoryTree

from parvis.audit import facade
from parvis.audit.models import Checkpoint, LogPosition, PendingLeaf
from parvis.audit.services import anchor_leaves as anchoring
from parvis.audit.services.platform_key import KeyLost
from parvis.kit import scope
from parvis.kit.ids import new_id
from parvis.sealing import checkpoint as notes
from parvis.sealing.canonical import canonical_bytes, commit, unb64
from parvis.sealing.merkle import leaf_hash, verify_inclusion
from tests.world import an_authority


def record(authority_id: Any, count: int = 1) -> list[Any]:
    with scope.authority(authority_id):
        return [
            facade.record("test.happened", subject=new_id(), data={"n": n}, actor=new_id()).id for n in range(count)
        ]


def proved(fact_id: Any) -> bool:
    proof = facade.proof(fact_id)
    assert proof is not None
    note = notes.parse(proof["checkpoint"])
    notes.verify(note, facade.public_key(), settings.LOG_ORIGIN)
    path = [unb64(item, 32) for item in proof["hashes"]]
    leaf = leaf_hash(canonical_bytes(proof["leaf"]))
    return note.size == proof["size"] and verify_inclusion(leaf, proof["index"], proof["size"], path, note.root)


@pytest.mark.django_db
def test_every_leaf_of_every_size_is_proved_and_the_root_is_pymerkle_s() -> None:
    one, other = an_authority("un"), an_authority("deux")
    oracle, ids = InmemoryTree(algorithm="sha256"), []
    for count in (1, 1, 3, 2, 7, 1, 16):
        new = record(one.id, count) + record(other.id, 1)
        assert facade.proof(new[0]) is None
        assert facade.anchor() == count + 1
        ids += sorted(new)
        for fact_id in sorted(new):
            oracle.append_entry(anchoring.LogLeaf.objects.get(fact_id=fact_id).leaf.encode())
        checkpoint = facade.checkpoint()
        assert checkpoint is not None
        assert (checkpoint.size, checkpoint.root) == (len(ids), oracle.get_state())
        assert all(proved(fact_id) for fact_id in ids)
    assert list(LogPosition.objects.order_by("index").values_list("fact_id", flat=True)) == ids
    assert facade.verify_log().faults == []


@pytest.mark.django_db
def test_a_proof_opens_to_the_fact_and_holds_no_name() -> None:
    one = an_authority()
    person = new_id()
    with scope.authority(one.id):
        fact = facade.record("test.happened", subject=new_id(), data={"name": "Camille"}, actor=person)
        facade.anchor()
        opening = facade.fact_opening(fact.id)
        assert [view.data["name"] for view in facade.facts([fact.subject_id], ["test.happened"])] == ["Camille"]
        assert facade.facts([new_id()]) == facade.facts(kinds=["other"]) == []
    proof = facade.proof(fact.id)
    assert proof is not None
    assert proof["leaf"]["commitment"] == commit(unb64(opening["salt"], 32), opening["data"])
    assert opening["data"] == {"name": "Camille", "actor": str(person)}
    assert "Camille" not in str(proof)
    assert str(person) not in str(proof)


@pytest.mark.django_db
def test_a_rolled_back_fact_leaves_no_leaf() -> None:
    one = an_authority()
    with pytest.raises(ZeroDivisionError), scope.authority(one.id):  # noqa: PT012
        facade.record("test.happened", subject=new_id(), data={})
        1 / 0  # noqa: B018
    assert facade.anchor() == 0
    assert facade.checkpoint() is None


@pytest.mark.django_db
def test_the_key_is_private_and_never_replaced_once_it_signed() -> None:
    public, signature = facade.sign(b"message")
    assert (len(public), len(signature), facade.public_key()) == (32, 64, public)
    path = settings.DATA / "keys" / "platform.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    record(an_authority().id)
    facade.anchor()
    path.rename(path.with_suffix(".lost"))
    from parvis.audit.services import platform_key

    platform_key._load.cache_clear()
    with pytest.raises(KeyLost, match="sauvegarde"):
        facade.sign(b"message")
    assert [fault.kind for fault in facade.verify_log().faults] == ["key"]
    path.with_suffix(".lost").rename(path)
    assert facade.public_key() == public


def in_threads(count: int, act: Any) -> list[Any]:
    results: list[Any] = []
    gate = threading.Barrier(count)

    def run() -> None:
        try:
            gate.wait()
            results.append(act())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_anchorings_at_once_give_each_leaf_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchoring, "BATCH", 5)
    one = an_authority()
    record(one.id, 60)
    results = in_threads(6, anchoring.anchor_leaves)
    assert (sum(results), PendingLeaf.objects.count()) == (60, 0)
    assert list(LogPosition.objects.order_by("index").values_list("index", flat=True)) == list(range(60))
    assert facade.verify_log().faults == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_race_is_there_when_the_lock_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without it two anchorings give one place twice, and the database refuses the second."""
    monkeypatch.setattr(anchoring, "BATCH", 5)
    monkeypatch.setattr(anchoring, "_lock", lambda: None)
    seen = False
    for _ in range(5):
        record(an_authority(f"commune-{new_id().hex[-8:]}").id, 60)
        seen = seen or any(isinstance(result, Exception) for result in in_threads(6, anchoring.anchor_leaves))
        if seen:
            break
    assert seen


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_writers_never_wait_for_each_other_nor_for_the_anchoring() -> None:
    """A writer that has not committed blocks neither another writer nor the register, and its fact comes later."""
    one = an_authority()
    slow_ready, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with scope.authority(one.id):
                facade.record("test.slow", subject=new_id(), data={})
                slow_ready.set()
                may_end.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert slow_ready.wait(5)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '500ms'")
    try:
        record(one.id, 3)
        assert facade.anchor() == 3
    finally:
        may_end.set()
        thread.join()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    assert facade.anchor() == 1
    assert facade.verify_log().faults == []


@pytest.mark.django_db(transaction=True)
def test_many_facts_ask_for_one_anchoring() -> None:
    record(an_authority().id, 5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, queueing_lock FROM procrastinate_jobs WHERE task_name = 'audit.anchor'")
        assert cursor.fetchall() == [("todo", "audit.anchor")]


@pytest.mark.django_db
def test_the_checkpoint_carries_its_time_signed_and_is_kept_outside() -> None:
    record(an_authority().id)
    facade.anchor()
    row = Checkpoint.objects.get()
    times = notes.verify_cosignatures(notes.parse(row.note), {settings.LOG_ORIGIN: facade.public_key()})
    assert times[settings.LOG_ORIGIN] == int(row.at.timestamp())
    assert (settings.DATA / "keys" / "register.checkpoint").read_text() == row.note
