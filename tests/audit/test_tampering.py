"""Someone with every right on the database changes the past: each change is found, and the line is named."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command

from parvis.audit import facade
from parvis.audit.contracts import Fault
from parvis.audit.models import Checkpoint, LogLeaf, LogNode, LogPosition
from parvis.audit.rules import fold, grow, spans
from parvis.kit import clock, scope
from parvis.kit.ids import new_id
from parvis.sealing import checkpoint as notes
from parvis.sealing.canonical import canonical_bytes, commit
from parvis.sealing.merkle import leaf_hash
from tests.world import an_authority

pytestmark = pytest.mark.django_db(transaction=True)

Run = Callable[..., None]
SIZE = 12


@pytest.fixture
def dba(postgres: Any) -> Any:
    with psycopg.connect(postgres.admin, autocommit=True) as admin:
        yield admin.execute


@pytest.fixture
def lines() -> list[UUID]:
    """Twelve facts of two authorities, one a minute, signed in three batches of four."""
    one, other = an_authority("un"), an_authority("deux")
    start = clock.now() - timedelta(hours=2)
    for n in range(SIZE):
        with clock.frozen_at(start + timedelta(minutes=3 * n)):
            with scope.authority((one, other)[n % 2].id):
                facade.record("bid.received", subject=new_id(), data={"n": n}, actor=new_id())
            if n % 4 == 3:
                facade.anchor()
    assert facade.verify_log().faults == []
    return list(LogPosition.objects.order_by("index").values_list("fact_id", flat=True))


def found() -> list[Fault]:
    report = facade.verify_log()
    assert all(fault.text.endswith(".") for fault in report.faults)
    return report.faults


def named(kind: str, line: int, faults: list[Fault]) -> bool:
    return any(fault.kind == kind and fault.line == line and str(line) in fault.text for fault in faults)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("""data = '{"n": 99}'""", "auteur|contenu"),
        ("data = jsonb_set(data, '{n}', '99')", "contenu a été modifié"),
        ("kind = 'bid.late'", "nature"),
        ("at = at - interval '1 hour'", "date"),
        ("subject_id = gen_random_uuid()", "objet"),
        ("actor_id = gen_random_uuid()", "auteur"),
        ("salt = decode(repeat('00', 32), 'hex')", "contenu"),
    ],
)
def test_an_altered_fact_is_named(change: str, words: str, dba: Run, lines: list[UUID]) -> None:
    dba(f"UPDATE audit_fact SET {change} WHERE id = %s", [lines[5]])
    faults = found()
    assert [(fault.kind, fault.line, fault.fact_id) for fault in faults] == [("altered", 6, lines[5])]
    import re

    assert re.search(words, faults[0].text)


def test_a_fact_moved_to_another_authority_is_named(dba: Run, lines: list[UUID]) -> None:
    dba(
        "UPDATE audit_fact SET authority_id = (SELECT authority_id FROM audit_fact WHERE id = %s) WHERE id = %s",
        [lines[4], lines[5]],
    )
    assert named("removed", 6, found())


def test_a_removed_fact_is_named(dba: Run, lines: list[UUID]) -> None:
    dba("DELETE FROM audit_fact WHERE id = %s", [lines[5]])
    assert [(fault.kind, fault.line) for fault in found()] == [("removed", 6)]


def test_a_removed_leaf_and_fact_are_named(dba: Run, lines: list[UUID]) -> None:
    dba("DELETE FROM audit_fact WHERE id = %s", [lines[5]])
    dba("DELETE FROM audit_logleaf WHERE fact_id = %s", [lines[5]])
    assert named("removed", 6, found())


def test_a_removed_position_is_named(dba: Run, lines: list[UUID]) -> None:
    dba("DELETE FROM audit_logposition WHERE fact_id = %s", [lines[5]])
    faults = found()
    assert named("removed", 6, faults)
    assert any(fault.fact_id == lines[5] and "file d’attente" in fault.text for fault in faults)


def test_a_line_removed_everywhere_is_named(dba: Run, lines: list[UUID]) -> None:
    for table, column in (("audit_fact", "id"), ("audit_logleaf", "fact_id"), ("audit_logposition", "fact_id")):
        dba(f"DELETE FROM {table} WHERE {column} = %s", [lines[5]])
    assert [(fault.kind, fault.line) for fault in found()] == [("removed", 6)]


def test_closing_the_gap_after_a_removal_is_found(dba: Run, lines: list[UUID]) -> None:
    for table, column in (("audit_fact", "id"), ("audit_logleaf", "fact_id"), ("audit_logposition", "fact_id")):
        dba(f"DELETE FROM {table} WHERE {column} = %s", [lines[5]])
    for index in range(6, SIZE):
        dba("UPDATE audit_logposition SET index = %s WHERE index = %s", [index - 1, index])
    assert any(fault.line in range(5, 9) for fault in found())


def test_an_added_fact_without_leaf_is_named(dba: Run, lines: list[UUID]) -> None:
    dba(
        "INSERT INTO audit_fact SELECT gen_random_uuid(), authority_id, kind, subject_id, actor_id, "
        "at, data, salt FROM audit_fact WHERE id = %s",
        [lines[0]],
    )
    assert [fault.kind for fault in found()] == ["added"]


def forged(fact_id: UUID, source: UUID, dba: Run, at: Any = None) -> None:
    """A fact and its leaf, in perfect agreement with each other."""
    row = dba("SELECT authority_id, kind, subject_id, at FROM audit_fact WHERE id = %s", [source]).fetchone()
    data, salt, at = {"n": 5}, b"s" * 32, at or row[3]
    dba("DELETE FROM audit_fact WHERE id = %s", [fact_id])
    dba("DELETE FROM audit_logleaf WHERE fact_id = %s", [fact_id])
    insert = (
        "INSERT INTO audit_fact (id, authority_id, kind, subject_id, at, data, salt) VALUES (%s, %s, %s, "
        "%s, %s, %s, %s)"
    )
    dba(insert, [fact_id, row[0], row[1], row[2], at, psycopg.types.json.Jsonb(data), salt])
    leaf = {"v": 1, "id": str(fact_id), "kind": row[1], "authority": str(row[0]), "subject": str(row[2])}
    leaf |= {"at": at.astimezone(clock.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "commitment": commit(salt, data)}
    dba("INSERT INTO audit_logleaf VALUES (%s, %s)", [fact_id, canonical_bytes(leaf).decode()])


def test_a_back_dated_line_is_named_though_the_worker_signed_it(dba: Run, lines: list[UUID]) -> None:
    late = new_id()
    forged(late, lines[1], dba)
    dba("INSERT INTO audit_pendingleaf VALUES (%s)", [late])
    assert facade.anchor() == 1
    faults = found()
    assert [(fault.kind, fault.line, fault.fact_id) for fault in faults] == [("backdated", SIZE + 1, late)]
    assert "antidatée" in faults[0].text


def rehash(dba: Run) -> None:
    """Make the stored tree agree with the leaves, as a careful forger would."""
    leaves = dict(LogLeaf.objects.values_list("fact_id", "leaf"))
    hashes = [leaf_hash(leaves[p.fact_id].encode()) for p in LogPosition.objects.order_by("index")]
    for (level, index), value in grow(0, {}, hashes).items():
        if level:
            dba("UPDATE audit_lognode SET hash = %s WHERE level = %s AND index = %s", [value, level, index])
        else:
            dba("UPDATE audit_logposition SET leaf_hash = %s WHERE index = %s", [value, index])


def test_fact_and_leaf_altered_together_are_named(dba: Run, lines: list[UUID]) -> None:
    forged(lines[5], lines[5], dba)
    assert [(fault.kind, fault.line) for fault in found()] == [("altered", 6)]


def test_fact_leaf_and_position_altered_together_are_named_by_their_pair(dba: Run, lines: list[UUID]) -> None:
    forged(lines[5], lines[5], dba)
    leaf = LogLeaf.objects.get(fact_id=lines[5]).leaf
    dba("UPDATE audit_logposition SET leaf_hash = %s WHERE index = 5", [leaf_hash(leaf.encode())])
    assert [(fault.kind, fault.line) for fault in found()] == [("altered", 5), ("altered", 6)]


def test_a_whole_tree_rewritten_without_the_key_is_found_in_its_batch(dba: Run, lines: list[UUID]) -> None:
    forged(lines[5], lines[5], dba)
    rehash(dba)
    faults = found()
    assert (faults[0].kind, faults[0].line) == ("altered", 5)
    assert "entre 5 et 8" in faults[0].text


def test_a_register_signed_again_by_another_key_is_found(dba: Run, lines: list[UUID]) -> None:
    forged(lines[5], lines[5], dba)
    rehash(dba)
    key = Ed25519PrivateKey.generate()
    stored = {(0, p.index): bytes(p.leaf_hash) for p in LogPosition.objects.all()}
    stored |= {(n.level, n.index): bytes(n.hash) for n in LogNode.objects.all()}
    for row in Checkpoint.objects.all():
        old = notes.parse(row.note)
        new = notes.sign(old.origin, row.size, fold([stored[place] for place in spans(0, row.size)]), key)
        dba("UPDATE audit_checkpoint SET note = %s WHERE size = %s", [new.note, row.size])
    assert [fault.kind for fault in found()].count("checkpoint") == 3


def test_two_lines_exchanged_are_named(dba: Run, lines: list[UUID]) -> None:
    dba("UPDATE audit_logposition SET index = 1000 WHERE index = 5")
    dba("UPDATE audit_logposition SET index = 5 WHERE index = 6")
    dba("UPDATE audit_logposition SET index = 6 WHERE index = 1000")
    rehash(dba)
    assert any(fault.kind == "reordered" and fault.line == 7 and fault.fact_id == lines[5] for fault in found())


def test_lines_exchanged_between_batches_are_named(dba: Run, lines: list[UUID]) -> None:
    dba("UPDATE audit_logposition SET index = 1000 WHERE index = 1")
    dba("UPDATE audit_logposition SET index = 1 WHERE index = 10")
    dba("UPDATE audit_logposition SET index = 10 WHERE index = 1000")
    faults = found()
    assert named("backdated", 2, faults)
    assert named("backdated", 11, faults)


def test_a_tail_cut_off_is_found_by_the_copy_outside(dba: Run, lines: list[UUID]) -> None:
    for fact_id in lines[8:]:
        for table, column in (("audit_fact", "id"), ("audit_logleaf", "fact_id"), ("audit_logposition", "fact_id")):
            dba(f"DELETE FROM {table} WHERE {column} = %s", [fact_id])
    dba("DELETE FROM audit_checkpoint WHERE size > 8")
    faults = found()
    assert [fault.kind for fault in faults] == ["removed"]
    assert "12 lignes" in faults[0].text


def test_an_altered_checkpoint_time_is_found(dba: Run, lines: list[UUID]) -> None:
    dba("UPDATE audit_checkpoint SET at = at - interval '1 hour' WHERE size = 8")
    assert [fault.kind for fault in found()] == ["checkpoint"]


def test_a_removed_checkpoint_does_not_hide_its_lines(dba: Run, lines: list[UUID]) -> None:
    dba("DELETE FROM audit_checkpoint WHERE size = 12")
    assert [fault.line for fault in found() if fault.kind == "added"] == [9, 10, 11, 12]


def test_an_altered_node_is_found(dba: Run, lines: list[UUID]) -> None:
    dba("UPDATE audit_lognode SET hash = decode(repeat('00', 32), 'hex') WHERE level = 1 AND index = 2")
    faults = found()
    assert [fault.kind for fault in faults] == ["node"]
    assert "5 à 6" in faults[0].text


def test_faults_do_not_spread_and_none_hides_another(dba: Run, lines: list[UUID]) -> None:
    for line in (2, 5, 11):
        dba("UPDATE audit_fact SET kind = 'x' WHERE id = %s", [lines[line]])
        forged_leaf = LogLeaf.objects.get(fact_id=lines[line]).leaf.replace("bid.received", "x")
        dba("UPDATE audit_logleaf SET leaf = %s WHERE fact_id = %s", [forged_leaf, lines[line]])
    assert [(fault.kind, fault.line) for fault in found()] == [("altered", 3), ("altered", 6), ("altered", 12)]


def test_a_leaf_that_waits_too_long_is_said(lines: list[UUID]) -> None:
    with scope.authority(an_authority("trois").id):
        facade.record("bid.received", subject=new_id(), data={}, at=clock.now() - timedelta(minutes=11))
    assert [fault.kind for fault in found()] == ["unanchored"]


def test_the_command_says_it_in_french_and_exits_with_1(
    dba: Run, lines: list[UUID], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("audit_verify")
    assert "Le registre est intact : 12 lignes, 3 états signés." in capsys.readouterr().out
    dba("DELETE FROM audit_fact WHERE id = %s", [lines[5]])
    with pytest.raises(SystemExit) as caught:
        call_command("audit_verify")
    assert caught.value.code == 1
    assert "La ligne n° 6 ne correspond plus à aucun fait" in capsys.readouterr().err
