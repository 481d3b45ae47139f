"""The receipt: five legal items, true offline once completed; no outage of the timestamp authority blocks a deposit."""

import io
import json
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.urls import reverse
from pypdf import PdfReader

from parvis.accounts.models import Company, CompanyMember
from parvis.audit import facade as audit
from parvis.kit import clock, scope
from parvis.kit.errors import Permanent, RetryLater
from parvis.notifications.models import Message
from parvis.procurement.models import Submission
from parvis.procurement.selectors.submissions import receipt_file
from parvis.procurement.services.complete_receipt import complete_receipt, resume_receipts
from parvis.procurement.services.receipt_pdf import receipt_pdf
from parvis.sealing import receipt as receipts
from parvis.sealing.receipt import Trust
from tests.procurement.sealed_world import (
    MICROSECOND,
    MINUTE,
    T,
    World,
    announced,
    company,
    deposited,
    published,
    sealed_at,
    sealed_file,
)
from tests.world import signed_in

pytestmark = pytest.mark.django_db
BEFORE = T - MINUTE


def file_of(world: World, submission: Submission) -> dict[str, Any]:
    with scope.authority(world.house.id):
        found: dict[str, Any] = json.loads(json.dumps(receipt_file(Submission.objects.get(id=submission.id))))
        return found


def checks(file: dict[str, Any]) -> dict[str, str]:
    trust = Trust(platform_key=audit.public_key())
    return {check.key: check.state for check in receipts.verify(file, trust)}


def completed(world: World, submission: Submission) -> dict[str, Any]:
    with clock.frozen_at(BEFORE + timedelta(seconds=2)):
        audit.anchor()
        complete_receipt(world.house.id, submission.id)
    return file_of(world, submission)


def test_the_five_items_are_there_and_true() -> None:
    world, owner = published(), company()
    submission = deposited(world, owner, BEFORE + MICROSECOND)
    receipt = submission.receipt["receipt"]
    assert receipt["depositor"] == {"name": owner.name, "siret": owner.siret}
    assert receipt["buyer"] == {"name": world.house.name, "siret": world.house.siret}
    assert receipt["consultation"]["title"] == world.consultation.title
    assert receipt["received_at"] == "2026-12-01T10:59:00.000001Z"
    assert receipt["deadline"] == "2026-12-01T11:00:00.000000Z"
    assert [(e["kind"], e["lot"]) for e in receipt["envelopes"]] == [
        ("application", None),
        ("bid", "1"),
        ("bid", "2"),
    ]
    assert all(len(e["sha256"]) == len(e["commitment"]) == 64 for e in receipt["envelopes"])


def test_the_first_receipt_is_provisional_and_already_signed() -> None:
    world = published()
    file = file_of(world, deposited(world, company(), BEFORE))
    found = checks(file)
    assert (file["proof"], file["timestamp"]) == (None, None)
    assert {key for key, state in found.items() if state == "ok"} == {"form", "signature", "key", "on_time", "fact"}
    assert "failed" not in found.values()


def test_the_completed_receipt_holds_offline_with_the_company_s_lists() -> None:
    world, owner = published(), company()
    sealed = [sealed_file(world, owner, "application", None), sealed_file(world, owner, "bid", 1)]
    submission, _ = sealed_at(world, owner, BEFORE, tuple(announced(world, owner, one) for one in sealed))
    file = completed(world, submission)
    found = checks({**file, "documents": [one.manifest.to_json() for one in sealed]})
    missing = {"witnesses", "timestamp_root", "files"}
    assert {key for key, state in found.items() if state != "ok"} == missing
    assert all(found[key] == "missing" for key in missing)
    first = submission.receipt
    assert (file["receipt"], file["signature"]) == (first["receipt"], first["signature"])


@pytest.mark.parametrize("path", ["received_at", "deadline", "number", "on_time"])
def test_a_changed_receipt_fails(path: str) -> None:
    world = published()
    file = completed(world, deposited(world, company(), BEFORE))
    file["receipt"][path] = {"number": 7, "on_time": False}.get(path, "2026-12-01T10:00:00.000000Z")
    assert "failed" in checks(file).values()


def test_a_late_receipt_says_so() -> None:
    world = published()
    file = file_of(world, deposited(world, company(), T + MICROSECOND))
    assert file["receipt"]["on_time"] is False
    assert checks(file)["on_time"] == "ok"
    file["receipt"]["on_time"] = True
    assert checks(file)["on_time"] == "failed"


def pdf_of(world: World, submission: Submission) -> PdfReader:
    with scope.authority(world.house.id):
        return PdfReader(io.BytesIO(receipt_pdf(Submission.objects.get(id=submission.id), world.view)))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_pdf_is_tagged_and_says_the_same() -> None:
    world, owner = published(), company()
    submission = deposited(world, owner, T)
    reader = pdf_of(world, submission)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True  # type: ignore[index]
    assert root["/Lang"] == "fr"  # type: ignore[index]
    assert "/StructTreeRoot" in root  # type: ignore[operator]
    text = words(reader)
    receipt = submission.receipt["receipt"]
    compact = text.replace(" ", "")
    for said in (owner.name, owner.siret, world.house.name, world.consultation.title, "Pli déposé dans les délais"):
        assert said.replace(" ", "") in compact
    assert "12 h 00 min 00,000000 s" in text.replace("\u202f", " ")
    for envelope in receipt["envelopes"]:
        assert envelope["sha256"] in compact
        assert envelope["commitment"] in compact
    assert "enattente" in compact


def test_the_pdf_of_a_late_one_shows_by_how_little() -> None:
    world = published()
    submission = deposited(world, company(), T + MICROSECOND)
    text = words(pdf_of(world, submission)).replace("\u202f", " ")
    assert "hors délai" in text
    assert "00,000001 s" in text


def test_a_title_with_signs_of_typst_is_only_text() -> None:
    world = published()
    owner = company('#eval("1+1") *A* _B_ $x$ <t> @y "z"')
    submission = deposited(world, owner, BEFORE)
    assert '#eval("1+1")*A*_B_$x$<t>@y"z"' in words(pdf_of(world, submission)).replace(" ", "")


def test_an_outage_of_the_timestamp_authority_delays_its_token_alone() -> None:
    world, owner = published(), company()
    submission = deposited(world, owner, BEFORE)
    audit.anchor()
    for error in (RetryLater("away"), Permanent("no")):
        with patch("parvis.audit.facade.timestamp", side_effect=error), pytest.raises(type(error)):
            complete_receipt(world.house.id, submission.id)
    file = file_of(world, submission)
    assert file["proof"]
    assert file["timestamp"] is None
    assert "failed" not in checks(file).values()
    assert Message.objects.filter(subject_id=world.consultation.id).count() == 1
    file = completed(world, submission)
    assert checks(file)["timestamp"] == "ok"
    complete_receipt(world.house.id, submission.id)
    assert Message.objects.filter(subject_id=world.consultation.id).count() == 1


def test_the_register_not_having_answered_is_waited_for() -> None:
    world = published()
    submission = deposited(world, company(), BEFORE)
    with clock.frozen_at(BEFORE), pytest.raises(RetryLater):
        complete_receipt(world.house.id, submission.id)
    first = file_of(world, submission)["timestamp"]
    assert completed(world, submission)["timestamp"] == first


def test_what_a_killed_worker_left_is_completed_later() -> None:
    world = published()
    submission = deposited(world, company(), BEFORE)
    late = deposited(world, company("Rivale", "55208131766522"), BEFORE)
    audit.anchor()
    with clock.frozen_at(BEFORE + MINUTE):
        assert resume_receipts() == 0
    with clock.frozen_at(BEFORE + 20 * MINUTE):
        with patch("parvis.audit.facade.timestamp", side_effect=RetryLater("away")):
            assert resume_receipts() == 0
        assert resume_receipts() == 2
        assert resume_receipts() == 0
    with scope.authority(world.house.id):
        assert Submission.objects.filter(id__in=[submission.id, late.id], completed_at__isnull=False).count() == 2


def test_the_company_s_people_are_told_and_no_one_else() -> None:
    world, owner = published(), company()
    company("Rivale", "55208131766522")
    submission = deposited(world, owner, T + MICROSECOND)
    completed(world, submission)
    message = Message.objects.get(subject_id=world.consultation.id)
    person = CompanyMember.objects.get(company=owner).person
    assert message.to == person.email
    assert "ne sera pas ouvert" in message.text
    assert reverse("receipt", args=[world.house.slug, submission.id]) in message.text


def member_client(owner: Company) -> Any:
    return signed_in(CompanyMember.objects.get(company=owner).person, company=owner)


def test_the_receipt_s_pages_are_the_company_s_own() -> None:
    world, owner, rival = published(), company(), company("Rivale", "55208131766522")
    submission = deposited(world, owner, BEFORE)
    completed(world, submission)
    where = [world.house.slug, submission.id]
    client = member_client(owner)
    assert "Votre pli est déposé" in client.get(reverse("receipt", args=where)).content.decode()
    assert "failed" not in checks(client.get(reverse("receipt_json", args=where)).json()).values()
    assert client.get(reverse("receipt_pdf", args=where)).content.startswith(b"%PDF")
    assert client.get(reverse("my_submissions")).status_code == 200
    other = member_client(rival)
    for name in ("receipt", "receipt_json", "receipt_pdf"):
        assert other.get(reverse(name, args=where)).status_code == 404
