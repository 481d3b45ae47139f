"""A group from its founding to its term: who coordinates, from when, until when."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest

from parvis.audit.facade import facts
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import CoordinatorTask, JointProcurement, Membership, Paper
from parvis.pooling.rules.tasks import DUTIES
from parvis.pooling.services.end_groups import end_groups
from parvis.pooling.services.save_group import save_group
from parvis.pooling.services.start_group import start_group
from tests.pooling.group_world import ACTOR, END, FILE, SIGNED, START, founded, joined, started
from tests.pooling.pooling_world import houses

pytestmark = pytest.mark.django_db


def test_the_coordinator_is_the_first_member_and_has_its_duties() -> None:
    [whole] = houses(1)
    group = founded(whole)
    with scope.authority(whole.id):
        own = Membership.objects.get(group=group)
        assert (own.member_id, own.state, own.decision) == (whole.id, "member", "Délibération 2025-114")
        assert [one.code for one in CoordinatorTask.objects.filter(group=group)] == [one.code for one in DUTIES]
        assert [one.kind for one in facts([group.id])] == ["group.founded"]


def test_a_commune_does_not_coordinate() -> None:
    commune = houses(2)[1]
    with pytest.raises(Refusal) as refused:
        founded(commune)
    assert refused.value.code == "not_agglomeration"


def test_a_group_is_not_founded_by_a_decision_to_come() -> None:
    [whole] = houses(1)
    with pytest.raises(Refusal) as refused:
        founded(whole, decided_on=date(2999, 1, 1))
    assert refused.value.field == "decided_on"


def test_dates_in_the_wrong_order_are_refused_in_words() -> None:
    [whole] = houses(1)
    with pytest.raises(Refusal) as refused:
        founded(whole, starts_on=date(2027, 1, 1), ends_on=date(2026, 1, 1))
    assert "finit avant de commencer" in refused.value.message


def test_it_starts_with_its_signed_agreement_and_changes_no_more() -> None:
    [whole] = houses(1)
    group = started(whole)
    with scope.authority(whole.id):
        kept = JointProcurement.objects.get(id=group.id)
        assert (kept.state, kept.signed_on, kept.starts_on, kept.ends_on) == ("running", SIGNED, START, END)
        assert Membership.objects.get(group=group).effective_on == START
        assert Paper.objects.get(subject_id=group.id).kind == "constitutive"
        with pytest.raises(Refusal) as refused:
            save_group(group.id, {"name": "Autre"}, actor_id=ACTOR)
    assert refused.value.code == "not_now"


@pytest.mark.parametrize(
    ("signed", "ends", "code"),
    [(date(2999, 1, 1), END, "in_the_future"), (SIGNED, date(2020, 1, 1), "over")],
    ids=["signed-tomorrow", "over-already"],
)
def test_impossible_days_do_not_start_it(signed: date, ends: date, code: str) -> None:
    [whole] = houses(1)
    group = founded(whole)
    with scope.authority(whole.id), pytest.raises(Refusal) as refused:
        start_group(
            group.id, signed_on=signed, starts_on=START, ends_on=ends, stream=BytesIO(FILE), name="c.pdf",
            actor_id=ACTOR,
        )  # fmt: skip
    assert refused.value.code == code


def test_it_is_saved_until_it_starts() -> None:
    [whole] = houses(1)
    group = founded(whole)
    with scope.authority(whole.id):
        save_group(group.id, {"name": "Guichet commun", "decision": "Délibération 2025-115"}, actor_id=ACTOR)
        assert JointProcurement.objects.get(id=group.id).name == "Guichet commun"
        assert Membership.objects.get(group=group).decision == "Délibération 2025-115"


def test_only_its_term_ends_it_and_its_memberships() -> None:
    whole, commune = houses(2)
    group = started(whole)
    joined(group, commune)
    with clock.frozen_at(datetime(2031, 1, 31, 12, tzinfo=UTC)), scope.authority(whole.id):
        assert end_groups() == 0
    with clock.frozen_at(datetime(2031, 2, 1, 12, tzinfo=UTC)), scope.authority(whole.id):
        assert end_groups() == 1
        assert end_groups() == 0
        assert JointProcurement.objects.get(id=group.id).state == "ended"
        assert set(Membership.objects.filter(group=group).values_list("state", flat=True)) == {"ended"}
        assert [one.kind for one in facts([group.id])][-1] == "group.ended"


def test_another_authority_does_not_end_it() -> None:
    whole, commune = houses(2)
    group = started(whole)
    joined(group, commune)
    with clock.frozen_at(datetime(2031, 2, 1, 12, tzinfo=UTC)), scope.authority(commune.id):
        assert end_groups() == 0
        assert JointProcurement.objects.get(id=group.id).state == "running"
