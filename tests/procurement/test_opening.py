"""The opening: never before the deadline, by the quorum alone, envelope by envelope, and nothing closed is opened."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from parvis.audit import facade as audit
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.procurement.models import Envelope, OpenedDocument, OpeningSession, Submission
from parvis.procurement.services.close_opening import close_opening, next_stage
from parvis.procurement.services.open_envelopes import open_envelopes
from parvis.procurement.services.release_share import release_share, set_session_key
from parvis.procurement.services.start_opening import LANDING, Present, start_opening
from parvis.sealing.age import generate_identity, recipient_of, seal_bytes
from tests.procurement.sealed_world import (
    MICROSECOND,
    MINUTE,
    SOME_FILES,
    T,
    World,
    closed,
    company,
    deposited,
    file_keys,
    keys_of,
    moved_on,
    opened_with,
    published,
    released_by,
    session_started,
    stage_opened,
    uploaded,
    waiting_envelopes,
)
from tests.world import signed_in

pytestmark = pytest.mark.django_db
BEFORE = T - MINUTE
RIVAL = ("Rivale", "55208131766522")


def code_of(refusal: pytest.ExceptionInfo[Refusal]) -> str:
    assert refusal.value.message
    return refusal.value.code


@pytest.mark.parametrize("early", [timedelta(days=-1), -MICROSECOND, timedelta(), LANDING - MICROSECOND])
def test_no_session_before_the_deadline_and_its_landing(early: timedelta) -> None:
    world = published()
    with clock.frozen_at(T + early), scope.authority(world.house.id), pytest.raises(Refusal) as refusal:
        start_opening(world.consultation.id, world.chair.id, (Present("Claude", "Présidente"),))
    assert code_of(refusal) == "too_early"
    assert world.again().state == "published"
    session_started(world, T + LANDING)


def test_without_a_session_nothing_is_released_nor_opened() -> None:
    world = published()
    deposited(world, company(), BEFORE)
    key, custodian = keys_of(world, "application")[0], world.custodians[0]
    sealed = seal_bytes(b"a share", recipient_of(world.session_identity))
    with scope.authority(world.house.id):
        for act, code in (
            (lambda: set_session_key(world.consultation.id, world.chair.id, key.recipient), "no_session"),
            (lambda: release_share(world.consultation.id, custodian.key, key.id, sealed, "passkey"), "no_session"),
            (lambda: open_envelopes(world.consultation.id, world.chair.id, key.id, {}), "not_this_stage"),
            (lambda: next_stage(world.consultation.id, world.chair.id), "no_session"),
            (lambda: close_opening(world.consultation.id, world.chair.id), "no_session"),
        ):
            with pytest.raises(Refusal) as refusal:
                act()
            assert code_of(refusal) == code


def test_no_page_opens_or_hands_out_anything_before_the_deadline() -> None:
    world = published()
    submission = deposited(world, company(), BEFORE)
    with scope.authority(world.house.id):
        envelope = Envelope.objects.filter(submission=submission).first()
    assert envelope
    client = signed_in(world.chair, world.house, "board_chair")
    where = [world.house.slug, world.consultation.id]
    key = str(keys_of(world, "application")[0].id)
    with clock.frozen_at(T):
        page = client.get(reverse("opening", args=where))
        assert page.status_code == 200
        assert "Toitures" not in page.content.decode()
        assert client.post(reverse("opening", args=where), {"name": "Claude", "quality": "x"}).status_code == 409
        assert client.get(reverse("opening_data", args=where)).json()["keys"] == []
        for name, body in (
            ("opening_session_key", {"recipient": recipient_of(generate_identity())}),
            ("opening_open", {"key_id": key, "file_keys": [{"envelope": str(envelope.id), "file_key": None}]}),
            ("opening_share", {"key_id": key, "sealed": "AAAA", "method": "passkey"}),
        ):
            answer = client.post(reverse(name, args=where), body, content_type="application/json")
            assert answer.status_code == 409, name
            assert answer.json()["error"]["message"]
        assert client.get(reverse("sealed_file", args=[*where, envelope.id])).status_code == 404
        assert client.get(reverse("minutes", args=where)).status_code == 404
        assert client.post(reverse("opening_move_on", args=where), {"verb": "close"}).status_code == 302
    assert world.again().state == "published"
    with scope.authority(world.house.id):
        assert not OpeningSession.objects.exists()
        assert Envelope.objects.filter(opened_at__isnull=True, unreadable="").count() == 3


def test_too_few_shares_open_nothing() -> None:
    world = published()
    deposited(world, company(), BEFORE)
    session_started(world)
    key = keys_of(world, "application")[0]
    released_by(world, world.custodians[0])
    released_by(world, world.custodians[0])
    given = {e.id: bytes(16) for e in waiting_envelopes(world, "application")}
    with pytest.raises(Refusal) as refusal:
        opened_with(world, key, given)
    assert code_of(refusal) == "too_few_shares"
    released_by(world, world.custodians[2])
    assert [o.state for o in opened_with(world, key)] == ["opened"]


def test_a_new_session_key_voids_what_was_released() -> None:
    world = published()
    deposited(world, company(), BEFORE)
    session_started(world)
    for custodian in world.custodians[:2]:
        released_by(world, custodian)
    given = file_keys(world, keys_of(world, "application")[0])
    with scope.authority(world.house.id):
        set_session_key(world.consultation.id, world.chair.id, recipient_of(generate_identity()))
    with pytest.raises(Refusal) as refusal:
        opened_with(world, keys_of(world, "application")[0], given)
    assert code_of(refusal) == "too_few_shares"


def test_a_share_of_another_stage_or_badly_sealed_is_refused() -> None:
    world = published()
    session_started(world)
    custodian = world.custodians[0]
    sealed = seal_bytes(b"a share", recipient_of(world.session_identity))
    application, bid = keys_of(world, "application")[0], keys_of(world, "bid")[0]
    with scope.authority(world.house.id):
        for key, data, method, code in (
            (bid.id, sealed, "passkey", "not_this_stage"),
            (uuid4(), sealed, "passkey", "not_this_stage"),
            (application.id, b"in clear", "passkey", "not_sealed"),
            (application.id, sealed + bytes(5000), "passkey", "not_sealed"),
            (application.id, sealed, "telepathy", "method"),
        ):
            with pytest.raises(Refusal) as refusal:
                release_share(world.consultation.id, custodian.key, key, data, method)
            assert code_of(refusal) == code
        with pytest.raises(Refusal) as refusal:
            set_session_key(world.consultation.id, world.custodians[1].person.id, recipient_of(generate_identity()))
        assert code_of(refusal) == "not_chair"


def test_the_order_of_the_stages_is_the_consultation_s() -> None:
    world = published(opening_order="bids_first")
    deposited(world, company(), BEFORE)
    assert session_started(world).stage == "bid"
    with pytest.raises(Refusal) as refusal:
        opened_with(world, keys_of(world, "application")[0], {})
    assert code_of(refusal) == "not_this_stage"
    stage_opened(world, "bid")
    assert moved_on(world) == "application"


def test_a_stage_ends_when_all_is_opened_and_the_session_when_all_stages_are() -> None:
    world = published()
    deposited(world, company(), BEFORE)
    session_started(world)
    for act in (moved_on, closed):
        with pytest.raises(Refusal) as refusal:
            act(world)
        assert code_of(refusal) == "stage_not_done"
    stage_opened(world, "application")
    with pytest.raises(Refusal) as refusal:
        closed(world)
    assert code_of(refusal) == "stages_left"
    with scope.authority(world.house.id), pytest.raises(Refusal) as refusal:
        next_stage(world.consultation.id, world.buyer.id)
    assert code_of(refusal) == "not_chair"
    moved_on(world)
    stage_opened(world, "bid")
    with pytest.raises(Refusal) as refusal:
        moved_on(world)
    assert code_of(refusal) == "last_stage"
    closed(world)
    with pytest.raises(Refusal) as refusal:
        closed(world)
    assert code_of(refusal) == "no_session"


def test_each_stage_asks_for_a_session_key_and_shares_of_its_own() -> None:
    world = published()
    deposited(world, company(), BEFORE)
    session_started(world)
    stage_opened(world, "application")
    with clock.frozen_at(T + 4 * MINUTE), scope.authority(world.house.id):
        next_stage(world.consultation.id, world.chair.id)
    with pytest.raises(Refusal) as refusal:
        released_by(world, world.custodians[0])
    assert code_of(refusal) == "no_session_key"
    with pytest.raises(Refusal) as refusal:
        opened_with(world, keys_of(world, "bid")[0], {})
    assert code_of(refusal) == "too_few_shares"


def test_a_session_without_any_submission_closes_at_once() -> None:
    world = published()
    session_started(world)
    closed(world)
    assert world.again().state == "opened"


def test_late_and_replaced_submissions_stay_sealed() -> None:
    world, owner, rival = published(), company(), company(*RIVAL)
    replaced = deposited(world, owner, BEFORE, lots=(1, 2))
    last = deposited(world, owner, T, lots=(2,))
    late = deposited(world, rival, T + MICROSECOND)
    session_started(world)
    stage_opened(world, "application")
    moved_on(world)
    stage_opened(world, "bid")
    key = keys_of(world, "bid")[0]
    with scope.authority(world.house.id):
        closed_ones = Envelope.objects.filter(submission__in=[replaced, late])
        for envelope in closed_ones.filter(kind="bid", lot=key.lot):
            with pytest.raises(Refusal) as refusal:
                open_envelopes(world.consultation.id, world.chair.id, key.id, {envelope.id: bytes(16)})
            assert code_of(refusal) == "unknown_envelope"
    closed(world)
    with scope.authority(world.house.id):
        states = dict(Submission.objects.values_list("id", "state"))
        assert states == {replaced.id: "superseded", last.id: "opened", late.id: "late"}
        assert not Envelope.objects.filter(submission__in=[replaced, late], opened_at__isnull=False).exists()
        assert set(OpenedDocument.objects.values_list("envelope__submission_id", flat=True)) == {last.id}


def test_a_later_submission_landing_in_the_session_takes_the_place_of_one_already_opened() -> None:
    world, owner = published(), company()
    first = deposited(world, owner, BEFORE)
    session_started(world)
    stage_opened(world, "application")
    last = deposited(world, owner, T)
    assert moved_on_after(world, "application") == "bid"
    stage_opened(world, "bid")
    closed(world)
    with scope.authority(world.house.id):
        assert dict(Submission.objects.values_list("id", "state")) == {first.id: "superseded", last.id: "opened"}
        assert len(audit.facts([world.consultation.id], ["submission.superseded"])) == 1
        bids = Envelope.objects.filter(kind="bid", opened_at__isnull=False)
        assert set(bids.values_list("submission_id", flat=True)) == {last.id}


def moved_on_after(world: World, stage: str) -> str:
    with pytest.raises(Refusal) as refusal:
        moved_on(world)
    assert code_of(refusal) == "stage_not_done"
    stage_opened(world, stage)
    return moved_on(world)


def test_landing_during_the_bids_brings_the_applications_back() -> None:
    world = published()
    deposited(world, company(), BEFORE)
    session_started(world)
    stage_opened(world, "application")
    moved_on(world)
    deposited(world, company(*RIVAL), T)
    stage_opened(world, "bid")
    with pytest.raises(Refusal) as refusal:
        closed(world)
    assert code_of(refusal) == "stages_left"
    assert moved_on(world) == "application"
    stage_opened(world, "application")
    closed(world)
    with scope.authority(world.house.id):
        assert not Envelope.objects.filter(opened_at__isnull=True).exists()


def test_another_authority_opens_nothing_of_ours() -> None:
    world, other = published(), published(slug="voisine")
    deposited(world, company(), BEFORE)
    session_started(world)
    client = signed_in(other.chair, other.house, "board_chair")
    envelope = waiting_envelopes(world, "application")[0]
    with clock.frozen_at(T + MINUTE):
        for slug in (world.house.slug, other.house.slug):
            answer = client.get(reverse("sealed_file", args=[slug, world.consultation.id, envelope.id]))
            assert answer.status_code in {403, 404}
            where = [slug, world.consultation.id]
            body = {"key_id": str(uuid4()), "file_keys": []}
            answer = client.post(reverse("opening_open", args=where), body, content_type="application/json")
            assert answer.status_code in {403, 404}


def test_the_pages_of_a_running_and_of_a_closed_session_render() -> None:
    world = published()
    deposited(world, company(), BEFORE)
    deposited(world, company(*RIVAL), T + MINUTE)
    client = signed_in(world.chair, world.house, "board_chair")
    where = [world.house.slug, world.consultation.id]
    with clock.frozen_at(T + MINUTE):
        form = {"present": [str(world.chair.id)], "name": ["Camille Invitée"], "quality": ["Secrétaire"]}
        assert client.post(reverse("opening", args=where), form).status_code == 302
        body = {"recipient": recipient_of(world.session_identity)}
        assert client.post(reverse("opening_session_key", args=where), body, "application/json").status_code == 200
        page = client.get(reverse("opening", args=where)).content.decode()
        assert "Camille Invitée" in page
        assert "Hors délai" in page
        data = client.get(reverse("opening_data", args=where)).json()
        assert (data["stage"], data["i_am_chair"], len(data["keys"])) == ("application", True, 1)
    stage_opened(world, "application")
    moved_on(world)
    stage_opened(world, "bid")
    with clock.frozen_at(T + 9 * MINUTE):
        assert client.post(reverse("opening_move_on", args=where), {"verb": "close"}).status_code == 302
        page = client.get(reverse("opening", args=where)).content.decode()
        assert "La séance est close" in page
        answer = client.get(reverse("minutes", args=where))
        assert answer["Content-Type"] == "application/pdf"
        with scope.authority(world.house.id):
            document = OpenedDocument.objects.select_related("file").first()
        assert document
        answer = client.get(reverse("opened_document", args=[*where, document.id]))
        assert b"".join(answer) == SOME_FILES[document.file.name]


def test_an_upload_is_not_a_submission() -> None:
    world, owner = published(), company()
    uploaded(world, owner, b"never sealed")
    session_started(world)
    assert waiting_envelopes(world, "application") == []
