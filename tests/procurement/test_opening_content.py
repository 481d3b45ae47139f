"""What comes out of an envelope: the very documents, or the reason why not; nothing stops the session."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from parvis.audit import facade as audit
from parvis.documents import facade as documents
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.procurement.models import Envelope, OpenedDocument, Submission
from parvis.procurement.services.open_envelopes import open_envelopes
from parvis.sealing.age import generate_identity, recipient_of, seal_bytes
from tests.procurement.sealed_world import (
    MINUTE,
    SOME_FILES,
    SealedFile,
    T,
    World,
    announced,
    closed,
    company,
    deposited,
    envelopes_for,
    file_keys,
    keys_of,
    moved_on,
    opened_with,
    published,
    rejoined,
    released_by,
    sealed_at,
    sealed_file,
    session_started,
    stage_opened,
    waiting_envelopes,
    whole_opening,
)
from tests.world import signed_in

pytestmark = pytest.mark.django_db
BEFORE = T - MINUTE
RIVAL = ("Rivale", "55208131766522")


def code_of(refusal: pytest.ExceptionInfo[Refusal]) -> str:
    assert refusal.value.message
    return refusal.value.code


def upload_of(world: World, envelope: Envelope) -> Path:
    with scope.authority(world.house.id):
        return documents.upload_path(envelope.upload_id)


def test_the_whole_opening_stores_the_documents_as_they_were_sealed() -> None:
    world = published()
    for owner in (company(), company(*RIVAL)):
        deposited(world, owner, BEFORE)
    session_started(world)
    assert {o.state for o in stage_opened(world, "application")} == {"opened"}
    assert moved_on(world) == "bid"
    assert len(stage_opened(world, "bid")) == 4
    assert closed(world).closed_at == T + 5 * MINUTE
    assert world.again().state == "opened"
    with scope.authority(world.house.id):
        kept = list(OpenedDocument.objects.select_related("file").order_by("envelope_id", "position"))
        assert len(kept) == 6 * len(SOME_FILES)
        for document in kept:
            with documents.open_file(document.file_id) as source:
                assert source.read() == SOME_FILES[document.file.name]
        assert set(Submission.objects.values_list("state", flat=True)) == {"opened"}
        facts = audit.facts([world.consultation.id], ["envelope.opened"])
        assert len(facts) == 6
        assert {f["name"] for f in facts[0].data["files"]} == set(SOME_FILES)
    assert not list((Path(upload_of(world, waiting_envelopes(world, "bid")[0])).parents[2]).glob("opening-*"))


def test_a_wrong_file_key_is_refused_and_the_others_open() -> None:
    world = published()
    for owner in (company(), company(*RIVAL)):
        deposited(world, owner, BEFORE)
    session_started(world)
    for custodian in world.custodians[:2]:
        released_by(world, custodian)
    key = keys_of(world, "application")[0]
    right = file_keys(world, key)
    wrong = next(iter(right))
    # As in the page's gate, the refusal stays inside the scope: what opened stays open.
    with clock.frozen_at(T + MINUTE), scope.authority(world.house.id), pytest.raises(Refusal) as refusal:
        open_envelopes(world.consultation.id, world.chair.id, key.id, {**right, wrong: bytes(16)})
    assert code_of(refusal) == "wrong_file_key"
    with scope.authority(world.house.id):
        states = {e.id: (e.opened_at is not None, e.unreadable) for e in Envelope.objects.filter(kind="application")}
    assert states.pop(wrong) == (False, "")
    assert set(states.values()) == {(True, "")}
    assert [o.state for o in opened_with(world, key)] == ["opened"]


def test_garbage_becomes_unreadable_without_stopping_the_session() -> None:
    world, honest = published(lots=0), company()
    deposited(world, honest, BEFORE, lots=(None,))
    key = keys_of(world, "bid")[0]
    spoiled: dict[str, Callable[[SealedFile], bytes]] = {
        "n’est pas un fichier scellé": lambda sealed: b"%PDF-1.7 never sealed" * 9,
        "abîmé ou coupé": lambda sealed: sealed.data[:-40],
        "n’est pas scellée à la clé": lambda sealed: seal_bytes(b"x", recipient_of(generate_identity())),
        "mal rangés": lambda sealed: seal_bytes(b"no tar at all" * 99, key.recipient),
        "liste de ses documents": lambda sealed: seal_bytes(bytes(1024), key.recipient),
    }
    told = {}
    for n, (reason, spoil) in enumerate(spoiled.items()):
        owner = company(f"Cassée {n}", f"{20_000_000_000_000 + n}")
        application = announced(world, owner, sealed_file(world, owner, "application", None))
        bid = sealed_file(world, owner, "bid", None)
        bid.data = spoil(bid)
        submission, _ = sealed_at(world, owner, BEFORE, (application, announced(world, owner, bid)))
        told[submission.id] = reason
    session_started(world)
    assert {o.state for o in stage_opened(world, "application")} == {"opened"}
    moved_on(world)
    outcomes = stage_opened(world, "bid")
    assert sorted(o.state for o in outcomes) == ["opened", *["unreadable"] * 5]
    with scope.authority(world.house.id):
        for envelope in Envelope.objects.filter(kind="bid", opened_at__isnull=True):
            assert told[envelope.submission_id] in envelope.unreadable
            assert envelope.unreadable.endswith("gardé comme preuve.")
        assert not OpenedDocument.objects.filter(envelope__unreadable__gt="").exists()
    closed(world)


@pytest.mark.parametrize(
    ("changes", "commit", "reason"),
    [
        ({}, "0" * 64, "pas celui annoncé"),
        ({"siret": "55208131766522"}, None, "pas celui annoncé"),
        ({"consultation": "00000000-0000-0000-0000-000000000000"}, None, "pas celui annoncé"),
        ({"key": "age1" + "q" * 58}, None, "pas celui annoncé"),
    ],
)
def test_a_manifest_that_is_not_the_announced_one_is_found(
    changes: dict[str, Any], commit: str | None, reason: str
) -> None:
    world, owner = published(), company()
    application = announced(world, owner, sealed_file(world, owner, "application", None))
    bid = sealed_file(world, owner, "bid", 1, **changes)
    bid.commitment = commit or bid.commitment
    sealed_at(world, owner, BEFORE, (application, announced(world, owner, bid)))
    session_started(world)
    stage_opened(world, "application")
    moved_on(world)
    outcomes = stage_opened(world, "bid")
    assert [o.state for o in outcomes] == ["unreadable"]
    assert reason in outcomes[0].reason


def test_bytes_altered_on_our_disk_are_found_and_may_be_put_back() -> None:
    world = published()
    deposited(world, company(), BEFORE)
    session_started(world)
    path = upload_of(world, waiting_envelopes(world, "application")[0])
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert "plus ceux du récépissé" in stage_opened(world, "application")[0].reason
    path.unlink()
    key = keys_of(world, "application")[0]
    assert "plus ceux du récépissé" in opened_with(world, key)[0].reason
    path.write_bytes(whole)
    assert [o.state for o in opened_with(world, key)] == ["opened"]


def test_an_empty_or_a_huge_document_does_not_stop_the_session() -> None:
    world, owner = published(lots=0), company()
    files = {"vide.txt": b"", "plein.txt": b"1"}
    sealed_at(world, owner, BEFORE, envelopes_for(world, owner, (None,), files))
    whole_opening(world)
    with scope.authority(world.house.id):
        found = OpenedDocument.objects.filter(envelope__kind="bid").select_related("file")
        assert {(d.file.name, d.file.size) for d in found} == {("vide.txt", 0), ("plein.txt", 1)}


def test_opening_twice_keeps_one_copy() -> None:
    world = published()
    deposited(world, company(), BEFORE)
    session_started(world)
    stage_opened(world, "application")
    key = keys_of(world, "application")[0]
    given = {e.id: bytes(16) for e in waiting_envelopes(world, "application")}
    assert [o.state for o in opened_with(world, key, given)] == ["opened"]
    with scope.authority(world.house.id):
        assert OpenedDocument.objects.count() == len(SOME_FILES)


def test_the_stock_age_command_opens_what_the_board_downloaded(tmp_path: Path) -> None:
    if shutil.which("age") is None:
        pytest.skip("no age command on this machine")
    world = published()
    deposited(world, company(), BEFORE)
    session_started(world)
    for custodian in world.custodians[1:]:
        released_by(world, custodian)
    envelope = waiting_envelopes(world, "application")[0]
    client = signed_in(world.chair, world.house, "board_chair")
    with clock.frozen_at(T + MINUTE):
        answer = client.get(reverse("sealed_file", args=[world.house.slug, world.consultation.id, envelope.id]))
        assert answer.status_code == 200
        (tmp_path / "pli.age").write_bytes(b"".join(answer))
    (tmp_path / "identity").write_text(rejoined(world, keys_of(world, "application")[0]))
    command = ["age", "-d", "-i", "identity", "-o", "pli.tar", "pli.age"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=30)
    listed = subprocess.run(["tar", "tf", "pli.tar"], cwd=tmp_path, check=True, capture_output=True, timeout=30)
    assert listed.stdout.decode("unicode_escape").encode("latin-1").decode().split("\n")[-2] == "manifest.json"
    subprocess.run(["tar", "xf", "pli.tar"], cwd=tmp_path, check=True, timeout=30)
    for name, data in SOME_FILES.items():
        assert (tmp_path / name).read_bytes() == data
