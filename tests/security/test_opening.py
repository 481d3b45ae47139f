"""The opening under attack: by who does not preside it, by who looks too early, by who takes files away unseen."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from parvis.accounts.models import Person
from parvis.audit import facade as audit
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.procurement.models import Envelope, Submission
from parvis.procurement.services.open_envelopes import open_envelopes
from parvis.sealing.age import generate_identity, recipient_of
from tests.procurement.sealed_world import (
    MINUTE,
    SOME_FILES,
    T,
    World,
    company,
    deposited,
    file_keys,
    keys_of,
    published,
    released_by,
    session_started,
    waiting_envelopes,
)
from tests.world import an_agent, signed_in

pytestmark = pytest.mark.django_db
BEFORE = T - MINUTE


def ready_to_open() -> World:
    world = published()
    deposited(world, company(), BEFORE)
    session_started(world)
    for custodian in world.custodians[:2]:
        released_by(world, custodian)
    return world


def test_a_delegate_who_does_not_preside_cannot_call_an_envelope_unreadable() -> None:
    world = ready_to_open()
    key, [envelope] = keys_of(world, "application")[0], waiting_envelopes(world, "application")
    delegate = signed_in(world.custodians[1].person, world.house, "board_delegate")
    body = {"key_id": str(key.id), "file_keys": [{"envelope": str(envelope.id), "file_key": None}]}
    with clock.frozen_at(T + 3 * MINUTE):
        answer = delegate.post(
            reverse("opening_open", args=[world.house.slug, world.consultation.id]), body, "application/json"
        )
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_chair")
    with scope.authority(world.house.id):
        assert Envelope.objects.get(id=envelope.id).unreadable == ""
        assert Submission.objects.get().state == "sealed"


def test_not_even_a_right_file_key_opens_for_another_than_the_presiding_person() -> None:
    world = ready_to_open()
    key = keys_of(world, "application")[0]
    with clock.frozen_at(T + 3 * MINUTE), scope.authority(world.house.id), pytest.raises(Refusal) as refusal:
        open_envelopes(world.consultation.id, world.custodians[1].person.id, key.id, file_keys(world, key))
    assert refusal.value.code == "not_chair"


def test_what_leaves_outside_the_session_leaves_a_fact() -> None:
    world = published()
    deposited(world, company(), BEFORE)
    where = [world.house.slug, world.consultation.id]
    with scope.authority(world.house.id):
        envelope = Envelope.objects.first()
    assert envelope
    client = signed_in(world.chair, world.house, "board_chair")
    with clock.frozen_at(T + MINUTE):
        assert client.get(reverse("sealed_file", args=[*where, envelope.id])).status_code == 200
        assert client.get(reverse("sealed_shares", args=where)).status_code == 200
    with scope.authority(world.house.id):
        seen = {f.kind: f for f in audit.facts([world.consultation.id])}
    assert seen["envelope.handed_out"].data["envelope"] == str(envelope.id)
    assert seen["envelope.handed_out"].actor_id == seen["keys.sealed_shares_handed_out"].actor_id == world.chair.id


@pytest.mark.parametrize("moment", [BEFORE, T, T + timedelta(seconds=29, microseconds=999_999)])
@pytest.mark.parametrize("role", ["buyer", "board_chair", "administrator", "observer"])
def test_nothing_sealed_leaves_early_and_nobody_learns_who_deposits(moment: object, role: str) -> None:
    world = published()
    deposited(world, company("Maison Discrète"), BEFORE)
    where = [world.house.slug, world.consultation.id]
    with scope.authority(world.house.id):
        envelope = Envelope.objects.first()
    assert envelope
    client = signed_in(an_agent(world.house, role, f"Agent {role}"), world.house, role)
    with clock.frozen_at(moment):  # type: ignore[arg-type]
        for address in (reverse("sealed_file", args=[*where, envelope.id]), reverse("sealed_shares", args=where)):
            assert client.get(address).status_code in {403, 404}
        for name in ("deposit_register", "desk_consultation", "opening", "download_register"):
            page = client.get(reverse(name, args=where)).content.decode()
            assert "Maison Discrète" not in page, name
            assert "73282932000074" not in page, name
        csv = client.get(reverse("deposit_register", args=where), {"format": "csv"}).content.decode()
        assert "Maison" not in csv
        assert "73282932000074" not in csv
        assert "Maison" not in json.dumps(client.get(reverse("opening_data", args=where)).json())


def test_those_who_only_look_reach_no_opened_document() -> None:
    """Observer, administrator, operator, the winning company itself: none of them reads bids."""
    world = ready_to_open()
    key = keys_of(world, "application")[0]
    with clock.frozen_at(T + 3 * MINUTE), scope.authority(world.house.id):
        open_envelopes(world.consultation.id, world.chair.id, key.id, file_keys(world, key))
        envelope = Envelope.objects.filter(opened_at__isnull=False).get()
        one = envelope.documents.first().id  # type: ignore[union-attr]
    where = [world.house.slug, world.consultation.id]
    owner = Person.objects.get(companies__isnull=False)
    clients = [signed_in(an_agent(world.house, r, f"Agent {r}"), world.house, r) for r in ("observer", "administrator")]
    clients.append(signed_in(an_agent(world.house, "operator", "Agent operator"), world.house, "operator"))
    clients.append(signed_in(owner))
    with clock.frozen_at(T + 4 * MINUTE):
        for client in clients:
            for address in (
                reverse("opened_document", args=[*where, one]),
                reverse("sealed_file", args=[*where, envelope.id]),
                reverse("minutes", args=where),
                reverse("opening_data", args=where),
            ):
                answer = client.get(address)
                assert answer.status_code in {403, 404}
                assert next(iter(SOME_FILES.values())) not in answer.content


def test_a_session_key_is_the_presiding_person_s_alone() -> None:
    world = ready_to_open()
    delegate = signed_in(world.custodians[1].person, world.house, "board_delegate")
    with clock.frozen_at(T + 3 * MINUTE):
        answer = delegate.post(
            reverse("opening_session_key", args=[world.house.slug, world.consultation.id]),
            {"recipient": recipient_of(generate_identity())},
            "application/json",
        )
    assert answer.json()["error"]["code"] == "not_chair"
