"""A company with its receipt alone finds that the past was rewritten, even by someone who holds the platform's key."""

import random
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.test import Client

from parvis.audit import facade
from parvis.audit.models import Checkpoint, LogPosition
from parvis.audit.rules import consistency_ranges, fold, grow, spans
from parvis.audit.services.platform_key import platform_key, sign
from parvis.kit import scope
from parvis.kit.ids import new_id
from parvis.sealing import checkpoint as notes
from parvis.sealing.canonical import b64
from parvis.sealing.merkle import HashTree
from parvis.sealing.register_check import check_register
from tests.world import an_authority

pytestmark = pytest.mark.django_db(transaction=True)


def facts(count: int) -> list[UUID]:
    house = an_authority(f"maison-{random.randrange(10**6)}")
    made = []
    with scope.authority(house.id):
        made = [facade.record("submission.sealed", subject=new_id(), data={"n": n}).id for n in range(count)]
    facade.anchor()
    return made


def receipt_of(fact_id: UUID) -> dict[str, Any]:
    """The parts of a receipt that the comparison reads."""
    key, signature = sign(b"receipt")
    return {"proof": facade.proof(fact_id), "signature": {"public_key": b64(key), "ed25519": b64(signature)}}


def asked(receipt: dict[str, Any]) -> Any:
    answer = Client().get(f"/registre/coherence/{receipt['proof']['size']}")
    return answer.json() if answer.status_code == 200 else {}


def test_a_register_that_grew_extends_the_receipts() -> None:
    made = facts(5)
    receipt = receipt_of(made[2])
    facts(9)
    check = check_register(receipt, asked(receipt))
    assert (check.state, "14 lignes" in check.text) == ("ok", True), check


def test_a_register_rewritten_with_the_platforms_own_key_is_found(postgres: Any) -> None:
    made = facts(5)
    receipt = receipt_of(made[2])
    facts(4)
    forge(postgres)
    check = check_register(receipt, asked(receipt))
    assert check.state == "failed"
    assert "modifiée" in check.text


def forge(postgres: Any) -> None:
    """Someone with every right, the key included, changes line 1 and builds and signs the whole tree again."""
    leaves = [bytes(v) for v in LogPosition.objects.order_by("index").values_list("leaf_hash", flat=True)]
    leaves[1] = bytes(32)
    nodes = grow(0, {}, leaves)
    note = Checkpoint.objects.order_by("-size").first().note  # type: ignore[union-attr]
    lines = note.split("\n")
    root = fold([nodes[place] for place in spans(0, len(leaves))])
    forged = signed_again(lines[0], len(leaves), root)
    with psycopg.connect(postgres.admin, autocommit=True) as dba:
        dba.execute("UPDATE audit_logposition SET leaf_hash = %s WHERE index = 1", [leaves[1]])
        for (level, index), value in nodes.items():
            dba.execute("UPDATE audit_lognode SET hash = %s WHERE level = %s AND index = %s", [value, level, index])
        dba.execute("UPDATE audit_checkpoint SET note = %s WHERE size = %s", [forged, len(leaves)])


def signed_again(origin: str, size: int, root: bytes) -> str:
    return notes.sign(origin, size, root, platform_key()).note


def test_a_register_cut_short_is_found() -> None:
    made = facts(5)
    receipt = receipt_of(made[4])
    receipt["proof"]["checkpoint"] = receipt["proof"]["checkpoint"].replace("\n5\n", "\n50\n", 1)
    receipt["proof"]["size"] = 50
    assert check_register(receipt, asked(receipt)).state == "failed"


def test_no_place_yet_is_said() -> None:
    assert check_register({"proof": None, "signature": {}}, None).state == "missing"


def test_the_stored_ranges_make_the_same_proof_as_the_tree() -> None:
    leaves = [bytes([n]) * 32 for n in range(33)]
    for size in range(1, 34):
        tree, nodes = HashTree(leaves[:size]), grow(0, {}, leaves[:size])
        for old in range(1, size + 1):
            path = [fold([nodes[p] for p in spans(start, end)]) for start, end in consistency_ranges(old, size)]
            assert path == tree.consistency(old, size), (old, size)
