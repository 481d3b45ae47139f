"""The deposit over HTTP: what the browser is told, what is refused with a sentence, what each side may see."""

import csv
import io
import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from parvis.accounts.models import Company, CompanyMember
from parvis.kit import clock, scope
from parvis.procurement.models import Submission
from parvis.procurement.selectors.keys import opening_keys
from parvis.procurement.services.open_test_consultation import open_test_consultation
from parvis.procurement.services.seal_submission import SealedEnvelope
from tests.procurement.sealed_world import (
    MICROSECOND,
    MINUTE,
    T,
    World,
    a_draft,
    company,
    deposited,
    envelopes_for,
    published,
    session_started,
)
from tests.world import signed_in

pytestmark = pytest.mark.django_db
BEFORE = T - MINUTE


def member(owner: Company) -> Client:
    return signed_in(CompanyMember.objects.get(company=owner).person, company=owner)


def where(world: World, name: str = "deposit_seal") -> str:
    return reverse(name, args=[world.house.slug, world.consultation.id])


def wire(envelopes: tuple[SealedEnvelope, ...]) -> list[dict[str, Any]]:
    return [
        {
            "kind": e.kind, "lot": None if e.lot is None else str(e.lot), "upload": str(e.upload), "size": e.size,
            "sha256": e.sha256, "commitment": e.commitment,
        }
        for e in envelopes
    ]  # fmt: skip


def post(client: Client, world: World, body: Any) -> Any:
    raw = body if isinstance(body, bytes | str) else json.dumps(body)
    return client.post(where(world), raw, content_type="application/json")


def test_201_then_200_with_the_same_receipt() -> None:
    world, owner = published(), company()
    client, body = member(owner), {"key": str(uuid4()), "envelopes": wire(envelopes_for(world, owner))}
    with clock.frozen_at(T):
        first = post(client, world, body)
    with clock.frozen_at(T + MINUTE):
        again = post(client, world, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["receipt"]["on_time"] is True
    assert set(first.json()) == {"receipt", "signature", "fact", "proof", "timestamp"}


def test_a_late_seal_is_kept_and_says_so() -> None:
    world, owner = published(), company()
    body = {"key": str(uuid4()), "envelopes": wire(envelopes_for(world, owner))}
    with clock.frozen_at(T + MICROSECOND):
        answer = post(member(owner), world, body)
    assert answer.status_code == 201
    assert answer.json()["receipt"]["on_time"] is False


def test_what_is_not_of_the_agreed_shape_is_refused() -> None:
    world, owner = published(), company()
    client, lines = member(owner), wire(envelopes_for(world, owner))
    key = str(uuid4())

    def changed(**fields: Any) -> dict[str, Any]:
        return {"key": key, "envelopes": [{**lines[1], **fields}, lines[0]]}

    for body in (
        b"", b"\xff", "[]", "null", "{}", '{"key":', "[" * 9_000,
        {"key": "no", "envelopes": lines}, {"key": 7, "envelopes": lines}, {"key": key, "envelopes": []},
        {"key": key, "envelopes": "x"}, {"key": key, "envelopes": lines * 17}, changed(lot=1), changed(lot="01"),
        changed(lot="-1"), changed(lot="1.0"), changed(lot=True), changed(size="9"), changed(size=0),
        changed(size=1.5), changed(size=True), changed(sha256="A" * 64), changed(sha256=None), changed(upload="x"),
        changed(commitment="é" * 64),
    ):  # fmt: skip
        answer = post(client, world, body)
        assert answer.status_code == 409, body
        assert answer.json()["error"]["code"] == "malformed", body
        assert "gardés" in answer.json()["error"]["message"]
    answer = post(client, world, b" " * 20_000)
    assert answer.json()["error"]["code"] == "too_long"
    with scope.authority(world.house.id):
        assert not Submission.objects.exists()
    assert post(client, world, {"key": key, "envelopes": lines}).status_code == 201


def test_only_a_company_deposits_and_only_by_post() -> None:
    world, owner = published(), company()
    body = {"key": str(uuid4()), "envelopes": wire(envelopes_for(world, owner))}
    assert post(Client(), world, body).status_code == 401
    agent = signed_in(world.buyer, world.house, "buyer")
    assert post(agent, world, body).status_code == 403
    assert member(owner).get(where(world)).status_code == 405
    without_token = Client(enforce_csrf_checks=True)
    without_token.cookies = member(owner).cookies
    assert post(without_token, world, body).status_code == 403


def test_the_page_and_its_data_tell_all_that_the_browser_needs() -> None:
    world, owner = published(), company()
    client = member(owner)
    with clock.frozen_at(BEFORE):
        page = client.get(where(world, "deposit"))
        data = client.get(where(world, "deposit_data")).json()
    assert page.status_code == 200
    assert "wasm-unsafe-eval" in page["Content-Security-Policy"]
    assert data["consultation"]["deadline"] == "2026-12-01T11:00:00Z"
    assert data["company"] == {"siret": owner.siret, "name": owner.name}
    assert [(e["kind"], e["lot"], e["required"]) for e in data["envelopes"]] == [
        ("application", None, True),
        ("bid", "1", False),
        ("bid", "2", False),
    ]
    assert all(e["recipient"].startswith("age1") for e in data["envelopes"])
    assert client.get(data["seal_url"]).status_code == 405
    draft = a_draft(slug="brouillon")
    assert client.get(where(draft, "deposit")).status_code == 404


def test_the_page_warns_that_a_new_submission_replaces_the_whole() -> None:
    world, owner = published(), company()
    client = member(owner)
    assert "remplace le précédent" not in client.get(where(world, "deposit")).content.decode()
    first, second = deposited(world, owner, BEFORE), deposited(world, owner, T, lots=(1,))
    with clock.frozen_at(T):
        assert "remplace le précédent en entier" in client.get(where(world, "deposit")).content.decode()
    replaced = client.get(reverse("receipt", args=[world.house.slug, first.id])).content.decode()
    assert "Ce pli a été remplacé" in replaced
    assert f"n° {second.number}" in replaced
    assert "Votre pli est déposé" in client.get(reverse("receipt", args=[world.house.slug, second.id])).content.decode()


def test_the_register_is_for_those_who_may_read_it_and_spreadsheets_take_no_orders() -> None:
    world = published()
    deposited(world, company("=HYPERLINK(1)"), BEFORE)
    deposited(world, company("Rivale", "55208131766522"), T + MICROSECOND)
    agent = signed_in(world.buyer, world.house, "buyer")
    sealed = agent.get(where(world, "deposit_register"))
    assert sealed.status_code == 200
    assert "Rivale" not in sealed.content.decode()
    session_started(world)
    text = agent.get(where(world, "deposit_register"), {"format": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert [row[0] for row in rows[1:]] == ["1", "2"]
    assert rows[1][1] == "'=HYPERLINK(1)"
    assert (rows[1][4], rows[2][4]) == ("oui", "non")
    assert rows[2][3].startswith("2026-12-01T11:00:00.000001")
    assert member(Company.objects.get(name="Rivale")).get(where(world, "deposit_register")).status_code == 403


def test_anyone_may_try_a_deposit_that_nobody_can_open() -> None:
    world = a_draft(slug="essai")
    with scope.authority(world.house.id):
        made, again = open_test_consultation(world.house.id), open_test_consultation(world.house.id)
        assert made.id == again.id
        assert {k.kind for k in opening_keys(made.id)} == {"application", "bid"}
        assert all(not k.shares.exists() for k in opening_keys(made.id))
    world.consultation = made
    owner = company()
    body = {"key": str(uuid4()), "envelopes": wire(envelopes_for(world, owner, (None,)))}
    assert post(member(owner), world, body).status_code == 201
    assert Client().get(reverse("try_a_deposit")).status_code == 302
