"""What a hostile company does with uploads: fill the disk of all, take another's, use one twice."""

import hashlib
import os
from typing import Any
from uuid import uuid4

import pytest
from django.test import RequestFactory
from django.urls import reverse

from parvis.documents import facade
from parvis.documents.services import create_upload as creation
from parvis.kit import clock, scope
from parvis.procurement.models import Envelope
from parvis.procurement.web.deposit import uploads
from tests.documents.tus_sender import OWNER, SUBJECT, TUS, code
from tests.procurement.sealed_world import MINUTE, T, company, deposited, published
from tests.world import an_authority, signed_in

pytestmark = pytest.mark.django_db
BEFORE = T - MINUTE


def create(authority_id: Any, size: int, max_waiting: int) -> Any:
    request = RequestFactory().post("/x/", HTTP_UPLOAD_LENGTH=str(size), **TUS)  # type: ignore[arg-type]
    return facade.tus_collection(
        request, authority_id=authority_id, owner_id=OWNER, subject_id=SUBJECT, max_size=10**6,
        location=lambda upload: f"/x/{upload}/", max_waiting=max_waiting,
    )  # fmt: skip


def test_what_is_never_sealed_cannot_fill_the_disk() -> None:
    house = an_authority().id
    assert create(house, 600_000, 10**6).status_code == 201
    refused = create(house, 600_000, 10**6)
    assert (refused.status_code, code(refused)) == (413, "too_much")
    assert "600" in refused.content.decode("unicode_escape")
    assert create(house, 400_000, 10**6).status_code == 201


def test_nor_can_a_million_empty_uploads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(creation, "MAX_WAITING", 3)
    house = an_authority().id
    assert [create(house, 0, 10**6).status_code for _ in range(4)] == [201, 201, 201, 413]


def test_the_deposit_page_sets_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "BEGUN", 0)
    world, owner = published(), company()
    client = signed_in(owner.members.get().person, company=owner)
    where = reverse("deposit_uploads", args=[world.house.slug, world.consultation.id])
    with clock.frozen_at(BEFORE):
        answer = client.post(where, HTTP_UPLOAD_LENGTH="1", HTTP_TUS_RESUMABLE="1.0.0")
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_much")


@pytest.mark.parametrize("whose", ["another company's", "another consultation's", "already sealed"])
def test_a_seal_takes_only_its_own_uploads(whose: str) -> None:
    world, owner, rival = published(), company(), company("Rivale", "55208131766522")
    client = signed_in(rival.members.get().person, company=rival)
    submission = deposited(world, owner if whose == "another company's" else rival, BEFORE)
    house, consultation = world.house.slug, world.consultation.id
    if whose == "another consultation's":
        other = published(slug="voisine")
        house, consultation = other.house.slug, other.consultation.id
    stolen = [
        {"kind": e["kind"], "lot": e["lot"], "size": e["size"], "sha256": e["sha256"], "commitment": e["commitment"],
         "upload": str(upload)}
        for e, upload in zip(submission.receipt["receipt"]["envelopes"], upload_ids(world, submission), strict=True)
    ]  # fmt: skip
    with clock.frozen_at(BEFORE):
        answer = client.post(
            reverse("deposit_seal", args=[house, consultation]), {"key": str(uuid4()), "envelopes": stolen},
            content_type="application/json",
        )  # fmt: skip
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == ("upload_used" if whose == "already sealed" else "upload_unknown")


def upload_ids(world: Any, submission: Any) -> list[Any]:
    with scope.authority(world.house.id):
        by_sum = dict(Envelope.objects.filter(submission=submission).values_list("sha256", "upload_id"))
    return [by_sum[e["sha256"]] for e in submission.receipt["receipt"]["envelopes"]]


def test_the_idempotency_key_of_another_company_gives_nothing_of_theirs() -> None:
    world, owner, rival = published(), company(), company("Rivale", "55208131766522")
    submission = deposited(world, owner, BEFORE)
    client = signed_in(rival.members.get().person, company=rival)
    body = {
        "key": str(submission.idempotency_key),
        "envelopes": [
            {"kind": "application", "lot": None, "upload": str(uuid4()), "size": 1,
             "sha256": hashlib.sha256(os.urandom(8)).hexdigest(), "commitment": "0" * 64}
        ],
    }  # fmt: skip
    where = reverse("deposit_seal", args=[world.house.slug, world.consultation.id])
    with clock.frozen_at(BEFORE):
        answer = client.post(where, body, content_type="application/json")
    assert answer.status_code == 409
    assert str(submission.id) not in answer.content.decode()
    for name in ("receipt", "receipt_json", "receipt_pdf"):
        assert client.get(reverse(name, args=[world.house.slug, submission.id])).status_code == 404
