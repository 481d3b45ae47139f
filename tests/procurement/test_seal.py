"""The seal on a real PostgreSQL: once, numbered without a gap, dated by its stamp alone, refused with a sentence."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from parvis.audit import facade as audit
from parvis.documents.models import Upload
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.procurement.models import Envelope, Participation, Submission
from parvis.procurement.services.seal_submission import SealedEnvelope
from tests.procurement.sealed_world import (
    MICROSECOND,
    MINUTE,
    T,
    World,
    a_draft,
    announced,
    closed,
    company,
    deposited,
    envelopes_for,
    moved_on,
    published,
    sealed_at,
    sealed_file,
    session_started,
    stage_opened,
    uploaded,
)

pytestmark = pytest.mark.django_db
BEFORE = T - MINUTE


def refused(world: World, owner: object, envelopes: tuple[SealedEnvelope, ...]) -> str:
    with pytest.raises(Refusal) as refusal:
        sealed_at(world, owner, BEFORE, envelopes)  # type: ignore[arg-type]
    assert refusal.value.message.endswith((".", "»"))
    with scope.authority(world.house.id):
        assert Submission.objects.count() == 0
        assert not Upload.objects.filter(state="sealed").exists()
    return refusal.value.code


def test_a_seal_makes_one_submission_its_fact_and_its_sealed_uploads() -> None:
    world, owner = published(), company()
    envelopes = envelopes_for(world, owner)
    submission, new = sealed_at(world, owner, BEFORE, envelopes)
    assert new
    with scope.authority(world.house.id):
        kept = Submission.objects.get(id=submission.id)
        assert (kept.number, kept.stamp, kept.on_time, kept.state) == (1, BEFORE, True, "sealed")
        assert {(e.kind, e.lot and e.lot.number, e.upload_id) for e in Envelope.objects.all()} == {
            (e.kind, e.lot, e.upload) for e in envelopes
        }
        assert Upload.objects.filter(state="sealed").count() == 3
        assert audit.fact_opening(kept.fact_id)["data"]["submission"] == str(kept.id)
    assert Participation.objects.filter(company_id=owner.id, consultation_id=world.consultation.id).count() == 1


def test_the_same_key_again_gives_the_same_receipt() -> None:
    world, owner, key = published(), company(), uuid4()
    envelopes = envelopes_for(world, owner)
    first, new = sealed_at(world, owner, BEFORE, envelopes, key)
    again, newer = sealed_at(world, owner, T + MINUTE, envelopes, key)
    other, newest = sealed_at(world, owner, T + MINUTE, (), key)
    assert (new, newer, newest) == (True, False, False)
    assert first.id == again.id == other.id
    assert first.receipt == again.receipt


def test_another_key_never_takes_the_same_uploads() -> None:
    world, owner = published(), company()
    envelopes = envelopes_for(world, owner)
    sealed_at(world, owner, BEFORE, envelopes)
    with pytest.raises(Refusal) as refusal:
        sealed_at(world, owner, BEFORE, envelopes)
    assert refusal.value.code == "upload_used"


@pytest.mark.parametrize(
    ("offset", "state"), [(-MICROSECOND, "sealed"), (timedelta(), "sealed"), (MICROSECOND, "late"), (MINUTE, "late")]
)
def test_the_deadline_itself_is_on_time_one_microsecond_more_is_not(offset: timedelta, state: str) -> None:
    world, owner = published(), company()
    submission = deposited(world, owner, T + offset)
    with scope.authority(world.house.id):
        kept = Submission.objects.get(id=submission.id)
    assert kept.state == state
    assert kept.on_time is (state == "sealed")
    assert kept.receipt["receipt"]["on_time"] is kept.on_time


def test_the_stamp_decides_not_the_hour_of_the_work() -> None:
    world, owner = published(), company()
    envelopes = envelopes_for(world, owner)
    with clock.frozen_at(T + MINUTE):
        submission, _ = sealed_at(world, owner, T, envelopes)
    with scope.authority(world.house.id):
        assert Submission.objects.get(id=submission.id).on_time


def test_the_database_keeps_a_late_submission_closed() -> None:
    world = published()
    late = deposited(world, company(), T + MICROSECOND)
    for state in ("opened", "sealed", "superseded"):
        refusal = pytest.raises(IntegrityError, match="late_submission_stays_closed")
        with refusal, scope.authority(world.house.id):
            Submission.objects.filter(id=late.id).update(state=state)


def test_the_database_opens_one_submission_of_a_company() -> None:
    world, owner = published(), company()
    ids = [deposited(world, owner, BEFORE).id for _ in range(2)]
    refusal = pytest.raises(IntegrityError, match="one_opened_submission_per_company")
    with refusal, scope.authority(world.house.id):
        Submission.objects.filter(id__in=ids).update(state="opened")


def test_numbers_have_no_gap_even_after_refusals() -> None:
    world, owner = published(), company()
    numbers = [deposited(world, owner, BEFORE).number]
    for _ in range(3):
        with pytest.raises(Refusal):
            sealed_at(world, owner, BEFORE, ())
        numbers.append(deposited(world, owner, BEFORE).number)
    assert numbers == [1, 2, 3, 4]


def test_what_is_missing_or_unknown_is_refused() -> None:
    world, owner = published(), company()
    application = announced(world, owner, sealed_file(world, owner, "application", None))
    bid = announced(world, owner, sealed_file(world, owner, "bid", 1))
    assert refused(world, owner, (bid,)) == "no_application"
    assert refused(world, owner, (application,)) == "no_bid"
    assert refused(world, owner, (application, replace(bid, lot=3))) == "unknown_envelope"
    assert refused(world, owner, (application, replace(bid, lot=None))) == "unknown_envelope"
    assert refused(world, owner, (replace(application, lot=1), bid)) == "unknown_envelope"
    assert refused(world, owner, (application, replace(bid, kind="rehearsal", lot=None))) == "unknown_envelope"
    assert refused(world, owner, (application, bid, replace(bid, upload=application.upload))) == "duplicate_envelope"
    assert refused(world, owner, (application, replace(bid, upload=application.upload))) == "duplicate_envelope"


def test_the_uploads_must_be_whole_and_as_announced() -> None:
    world, owner = published(), company()
    application = announced(world, owner, sealed_file(world, owner, "application", None))
    sealed = sealed_file(world, owner, "bid", 1)
    bid = announced(world, owner, sealed)
    cut = replace(bid, upload=uploaded(world, owner, sealed.data, whole=False))
    assert refused(world, owner, (application, cut)) == "upload_incomplete"
    assert refused(world, owner, (application, replace(bid, upload=uuid4()))) == "upload_unknown"
    assert refused(world, owner, (application, replace(bid, sha256="0" * 64))) == "upload_differs"
    assert refused(world, owner, (application, replace(bid, size=bid.size + 1))) == "upload_differs"


def test_another_company_s_upload_is_unknown() -> None:
    world, owner, thief = published(), company(), company("Rivale", "55208131766522")
    envelopes = envelopes_for(world, owner)
    assert refused(world, thief, envelopes) == "upload_unknown"


def test_uploads_for_another_consultation_or_authority_are_unknown() -> None:
    world, owner = published(), company()
    with scope.authority(world.house.id):
        reference = world.consultation.reference
        world.consultation.reference = "2026-T-000"
        world.consultation.save()
    elsewhere = published(slug="ailleurs")
    assert elsewhere.consultation.reference == reference
    assert refused(elsewhere, owner, envelopes_for(world, owner)) == "upload_unknown"


def test_one_lot_alone_no_lot_and_no_application() -> None:
    owner = company()
    assert deposited(published(slug="un-lot"), owner, BEFORE, lots=(2,)).number == 1
    assert deposited(published(slug="sans-lot", lots=0), owner, BEFORE, lots=(None,)).number == 1
    bids_only = published(slug="offres", application_expected=False)
    assert deposited(bids_only, owner, BEFORE).receipt["receipt"]["envelopes"][0]["kind"] == "bid"


def test_restricted_procedures_take_applications_first() -> None:
    for slug, procedure in (("restreint", "restricted"), ("negocie", "negotiated")):
        world, owner = published(slug=slug, procedure=procedure), company(slug, f"{len(slug) * 10**13:014d}")
        envelopes = envelopes_for(world, owner)
        assert [(e.kind, e.lot) for e in envelopes] == [("application", None)]
        bid = replace(envelopes[0], kind="bid", lot=1, upload=uuid4())
        assert refused(world, owner, (*envelopes, bid)) == "unknown_envelope"
        assert sealed_at(world, owner, BEFORE, envelopes)[1]


@pytest.mark.parametrize("state", ["draft", "cancelled", "discontinued"])
def test_a_consultation_that_takes_no_deposit_says_so(state: str) -> None:
    world, owner = published(), company()
    envelopes = envelopes_for(world, owner)
    with scope.authority(world.house.id):
        world.consultation.state = state
        world.consultation.save()
    assert refused(world, owner, envelopes) == "not_open"


def test_a_draft_elsewhere_is_not_there_either() -> None:
    world, owner = a_draft(lots=0), company()
    assert refused(world, owner, ()) == "not_open"


def test_an_on_time_seal_that_lands_during_the_session_is_listed_to_open() -> None:
    world, owner = published(), company()
    first = deposited(world, owner, BEFORE)
    session_started(world)
    landed = deposited(world, company("Rivale", "55208131766522"), T)
    outcomes = stage_opened(world, "application")
    assert len(outcomes) == 2
    moved_on(world)
    stage_opened(world, "bid")
    closed(world)
    with scope.authority(world.house.id):
        states = dict(Submission.objects.values_list("id", "state"))
    assert states == {first.id: "opened", landed.id: "opened"}


def test_an_on_time_seal_after_the_closing_is_kept_flagged_and_written() -> None:
    world, owner = published(), company()
    deposited(world, owner, BEFORE)
    session_started(world)
    stage_opened(world, "application")
    moved_on(world)
    stage_opened(world, "bid")
    closed(world)
    after = deposited(world, company("Rivale", "55208131766522"), T)
    late = deposited(world, company("Tardive", "32212091600208"), T + MICROSECOND)
    with scope.authority(world.house.id):
        kept = Submission.objects.get(id=after.id)
        assert (kept.on_time, kept.after_closing, kept.state, kept.number) == (True, True, "sealed", 2)
        assert not Submission.objects.get(id=late.id).after_closing
        facts = audit.facts([world.consultation.id], ["submission.after_closing"])
        assert [f.data["submission"] for f in facts] == [str(after.id)]
        with pytest.raises(IntegrityError, match="nothing_opens_after_the_session"), transaction.atomic():
            Submission.objects.filter(id=after.id).update(state="opened")
