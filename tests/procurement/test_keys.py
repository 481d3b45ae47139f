"""Keys: the ceremony's refusals, the rehearsal, the canary, and what publication waits for."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from parvis.audit import facade as audit
from parvis.authorities.models import RoleGrant
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.procurement.models import CustodianKey, KeyShare, Lot, OpeningKey, RehearsalProof
from parvis.procurement.selectors.keys import keys_ready, needed_keys, opening_keys, recipients
from parvis.procurement.services.hold_key_ceremony import NewKey, hold_key_ceremony
from parvis.procurement.services.publish_consultation import publish_consultation
from parvis.procurement.services.rehearse import open_canary, rehearse
from parvis.procurement.services.save_custodian_key import save_custodian_key
from parvis.sealing.age import generate_identity, recipient_of, seal_bytes, seal_with_passphrase
from parvis.sealing.canonical import share_commitment
from tests.procurement.sealed_world import (
    World,
    a_draft,
    ceremony,
    made_ready,
    new_key,
    open_the_canary,
    published,
    raw_share,
    rehearsed_by,
)

pytestmark = pytest.mark.django_db


def held(world: World, threshold: int = 2, **changes: Any) -> None:
    """A ceremony, with one thing wrong; see `changes`."""
    with scope.authority(world.house.id):
        keys = [new_key(world, n.kind, n.lot, threshold)[0] for n in needed_keys(world.consultation)]
        made, _, identity = new_key(world, "rehearsal", None, threshold)
        canary = b"c" * 32
        sealed = seal_bytes(canary, recipient_of(identity))
        rehearsal = replace(made, canary=sealed, canary_commitment=share_commitment(canary))
        keys = changes.get("keys", lambda found: found)(keys)
        rehearsal = changes.get("rehearsal", lambda found: found)(rehearsal)
        hold_key_ceremony(world.consultation.id, world.chair.id, threshold, tuple(keys), rehearsal)


def refused(world: World, threshold: int = 2, **changes: Any) -> str:
    with pytest.raises(Refusal) as refusal:
        held(world, threshold, **changes)
    with scope.authority(world.house.id):
        assert not OpeningKey.objects.exists()
    return refusal.value.code


def test_one_key_for_applications_and_one_a_lot() -> None:
    world = a_draft()
    ceremony(world)
    with scope.authority(world.house.id):
        assert [(k.kind, k.lot and k.lot.number, k.threshold) for k in opening_keys(world.consultation.id)] == [
            ("application", None, 2),
            ("bid", 1, 2),
            ("bid", 2, 2),
        ]
        assert KeyShare.objects.count() == 12
        labels = [line["label"] for line in recipients(world.consultation)]
        fact = audit.facts([world.consultation.id], ["keys.created"])[0]
    assert labels == ["Candidature", "Offre, lot 1\u202f: Lot d’essai 1", "Offre, lot 2\u202f: Lot d’essai 2"]
    assert (fact.data["threshold"], len(fact.data["custodians"]), len(fact.data["keys"])) == (2, 3, 4)


@pytest.mark.parametrize("procedure", ["restricted", "negotiated"])
def test_a_procedure_in_two_rounds_needs_the_applications_key_alone(procedure: str) -> None:
    world = a_draft(procedure=procedure)
    with scope.authority(world.house.id):
        assert [(n.kind, n.lot) for n in needed_keys(world.consultation)] == [("application", None)]


def test_the_keys_must_be_exactly_those_needed() -> None:
    world = a_draft()
    assert refused(world, keys=lambda keys: keys[:-1]) == "keys_differ"
    assert refused(world, keys=lambda keys: [*keys, keys[0]]) == "keys_differ"
    assert refused(world, keys=lambda keys: [*keys[:-1], replace(keys[-1], lot=7)]) == "keys_differ"
    assert refused(world, rehearsal=lambda key: replace(key, kind="bid")) == "keys_differ"


def test_no_key_serves_twice() -> None:
    world = a_draft()
    assert refused(world, keys=lambda k: [k[0], k[1], replace(k[2], recipient=k[1].recipient)]) == "same_key_twice"


def test_what_is_malformed_is_refused() -> None:
    world = a_draft()

    def spoiled(share: Any) -> Any:
        return lambda keys: [replace(keys[0], shares=(share(keys[0].shares[0]), *keys[0].shares[1:])), *keys[1:]]

    assert refused(world, keys=spoiled(lambda s: replace(s, sealed=b"not sealed"))) == "malformed_key"
    assert refused(world, keys=spoiled(lambda s: replace(s, sealed=s.sealed + bytes(5000)))) == "malformed_key"
    assert refused(world, keys=spoiled(lambda s: replace(s, commitment="z" * 64))) == "malformed_key"
    assert refused(world, keys=spoiled(lambda s: replace(s, custodian=uuid4()))) == "malformed_key"
    assert refused(world, keys=lambda k: [replace(k[0], shares=k[0].shares[:2]), *k[1:]]) == "malformed_key"
    assert refused(world, keys=lambda k: [replace(k[0], recipient="age1abc"), *k[1:]]) == "malformed_key"
    assert refused(world, rehearsal=lambda key: replace(key, canary=b"")) == "malformed_key"


def test_one_more_custodian_than_the_threshold() -> None:
    world = a_draft()
    assert refused(world, threshold=3) == "too_few_custodians"
    held(world, threshold=1)
    world.custodians = world.custodians[:1]
    alone = a_draft(slug="petite")
    alone.custodians = alone.custodians[:1]
    ceremony(alone, threshold=1)
    assert len(opening_keys_of(alone)) == 3


def opening_keys_of(world: World) -> list[OpeningKey]:
    with scope.authority(world.house.id):
        return opening_keys(world.consultation.id)


def test_a_custodian_whose_key_changed_or_role_ended_stops_the_ceremony() -> None:
    world = a_draft()
    with scope.authority(world.house.id):
        save_custodian_key(world.custodians[2].person.id, recipient_of(generate_identity()), "", "")
    assert refused(world) == "custodian_changed"
    other = a_draft(slug="autre")
    RoleGrant.objects.filter(person=other.custodians[1].person).delete()
    assert refused(other) == "custodian_changed"
    stranger = a_draft(slug="ailleurs")
    stranger.custodians[0] = world.custodians[0]
    assert refused(stranger) == "custodian_changed"


def test_a_new_ceremony_undoes_the_rehearsal() -> None:
    world = made_ready(a_draft())
    with scope.authority(world.house.id):
        assert keys_ready(world.consultation.id) == []
    ceremony(world)
    with scope.authority(world.house.id):
        assert not RehearsalProof.objects.exists()
        assert len(keys_ready(world.consultation.id)) == 4


def test_no_ceremony_or_rehearsal_once_published() -> None:
    world = published()
    with pytest.raises(Refusal) as refusal:
        held(world)
    assert refusal.value.code == "published"
    with pytest.raises(Refusal) as refusal:
        rehearsed_by(world, world.custodians[0])
    assert refusal.value.code == "published"


def test_what_publication_waits_for_moment_by_moment() -> None:
    world = a_draft()

    def problems() -> list[str]:
        with scope.authority(world.house.id):
            return keys_ready(world.consultation.id)

    assert "cérémonie" in problems()[0]
    ceremony(world)
    assert len(problems()) == 4
    rehearsed_by(world, world.custodians[0], "passkey")
    assert len(problems()) == 3
    released = rehearsed_by(world, world.custodians[1], "passkey")
    open_the_canary(world, released)
    assert [p.partition(" n’a")[0] for p in problems()] == [world.custodians[2].person.full_name]
    rehearsed_by(world, world.custodians[2], "passkey")
    assert "phrase secrète" in problems()[0]
    rehearsed_by(world, world.custodians[2], "passphrase")
    assert problems() == []
    with scope.authority(world.house.id):
        Lot.objects.create(consultation=world.consultation, number=3, title="Ajouté")
    assert "à refaire" in problems()[0]


def test_publication_is_refused_until_the_keys_are_ready() -> None:
    world = a_draft()
    ceremony(world)
    with scope.authority(world.house.id), pytest.raises(Refusal) as refusal:
        publish_consultation(world.consultation.id, actor_id=world.buyer.id)
    assert {m.field for m in refusal.value.missing} >= {"keys_made"}  # type: ignore[attr-defined]
    assert world.again().state == "draft"


def test_a_rehearsal_is_proved_share_by_share() -> None:
    world = a_draft()
    ceremony(world)
    custodian = world.custodians[0]
    with scope.authority(world.house.id):
        shares = list(KeyShare.objects.filter(custodian=custodian.key).select_related("opening_key"))
        proofs = {s.opening_key_id: s.commitment for s in shares}
        mine = next(raw_share(custodian, s) for s in shares if s.opening_key.kind == "rehearsal")

        def code(method: str = "passphrase", given: Any = proofs, share: bytes = mine, key: Any = custodian.key) -> str:
            with pytest.raises(Refusal) as refusal:
                rehearse(world.consultation.id, key, method, given, share)
            return refusal.value.code

        assert code(given={}) == "share_differs"
        assert code(given={**proofs, shares[0].opening_key_id: "é" * 64}) == "share_differs"
        assert code(share=b"another") == "share_differs"
        assert code(method="telepathy") == "method"
        without = save_custodian_key(world.buyer.id, recipient_of(generate_identity()), "", "")
        assert code(key=without) == "no_share"
        assert rehearse(world.consultation.id, custodian.key, "passphrase", proofs, mine) == [mine]


def test_the_canary_opens_only_by_the_quorum_and_only_itself() -> None:
    world = a_draft()
    canary = ceremony(world)
    with scope.authority(world.house.id):
        for given, code in ((b"other", "canary_differs"), (canary, "too_few_rehearsed")):
            with pytest.raises(Refusal) as refusal:
                open_canary(world.consultation.id, world.chair.id, given)
            assert refusal.value.code == code
    released = [rehearsed_by(world, c) for c in world.custodians[:2]][-1]
    open_the_canary(world, released)
    open_the_canary(world, released)
    with scope.authority(world.house.id):
        assert len(audit.facts([world.consultation.id], ["keys.canary_opened"])) == 1


def test_a_custodian_key_is_public_or_sealed_and_stays_while_it_serves() -> None:
    world = a_draft()
    person = world.custodians[0].person
    recipient = recipient_of(generate_identity())
    sealed = seal_with_passphrase(b"AGE-SECRET-KEY-1...", "phrase", log_n=4)
    with scope.authority(world.house.id):
        for given, by_passphrase, code in (
            ("age1nothing", "", "bad_key"),
            (recipient, "AGE-SECRET-KEY-1QQ", "not_sealed"),
            (recipient, sealed + "\nAGE-SECRET-KEY-1QQ", "not_sealed"),
            (recipient, sealed + "x" * 20_000, "not_sealed"),
        ):
            with pytest.raises(Refusal) as refusal:
                save_custodian_key(person.id, given, by_passphrase, "")
            assert refusal.value.code == code
        kept = save_custodian_key(person.id, recipient, sealed, "")
        assert kept.sealed_by_passphrase == sealed
        assert CustodianKey.objects.filter(person_id=person.id, replaced_at__isnull=True).count() == 1
    published(a_draft(slug="en-cours"))
    busy = a_draft(slug="occupee")
    ceremony(busy)
    with scope.authority(busy.house.id), pytest.raises(Refusal) as refusal:
        save_custodian_key(busy.chair.id, recipient, "", "")
    assert refusal.value.code == "key_in_use"


def test_keys_of_another_authority_are_not_seen() -> None:
    world, other = published(), a_draft(slug="voisine")
    with scope.authority(other.house.id):
        assert opening_keys(world.consultation.id) == []
        assert not CustodianKey.objects.filter(id=world.custodians[0].key.id).exists()


def test_a_new_key_is_what_it_says() -> None:
    """The helper is not what is tested, but the tests stand on it."""
    made, shares, identity = new_key(a_draft(), "bid", 1, 2)
    assert isinstance(made, NewKey)
    assert made.recipient == recipient_of(identity)
    assert {share_commitment(s) for s in shares.values()} == {s.commitment for s in made.shares}
