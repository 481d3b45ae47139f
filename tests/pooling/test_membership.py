"""Prospect, notified, member: by a decision, and no way out before the term."""

import ast
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.http import Http404

from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.notifications.models import Message
from parvis.pooling import services
from parvis.pooling.models import FrameworkMember, JointProcurement, Membership, Paper
from parvis.pooling.selectors.joinable import joinable_groups
from parvis.pooling.services.accept_membership import accept_membership
from parvis.pooling.services.notify_membership import notify_membership
from parvis.pooling.services.propose_membership import propose_membership
from parvis.pooling.services.return_membership import return_membership
from parvis.pooling.services.start_group import start_group
from parvis.pooling.states import MEMBERSHIP, MembershipState
from tests.pooling.group_world import ACTOR, a_need, founded, joined, notified, proposed, started
from tests.pooling.pooling_world import Circle, a_framework, houses
from tests.world import an_agent

pytestmark = pytest.mark.django_db


def test_a_commune_proposes_itself_to_a_public_group_and_then_reads_it() -> None:
    whole, commune = houses(2)
    group = started(whole)
    with scope.authority(commune.id):
        assert not JointProcurement.objects.exists()
        assert [one.name for one in joinable_groups()] == [group.name]
    proposed(group, commune)
    with scope.authority(commune.id):
        assert JointProcurement.objects.get().id == group.id
        assert joinable_groups() == []


def test_a_private_group_is_joined_by_invitation_only() -> None:
    whole, commune = houses(2)
    group = started(whole, public=False)
    with pytest.raises(Http404):
        proposed(group, commune)
    with scope.authority(whole.id):
        assert propose_membership(group.id, commune.id, actor_id=ACTOR).state == "prospect"


def test_nobody_is_proposed_by_a_third_one() -> None:
    whole, commune, other = houses(3)
    group = started(whole)
    with scope.authority(other.id), pytest.raises(Refusal) as refused:
        propose_membership(group.id, commune.id, actor_id=ACTOR)
    assert refused.value.code == "not_yours"


def test_nobody_is_there_twice() -> None:
    whole, commune = houses(2)
    group = started(whole)
    proposed(group, commune)
    with pytest.raises(Refusal) as refused:
        proposed(group, commune)
    assert refused.value.code == "already"


def test_a_decision_is_notified_with_its_file_and_its_needs() -> None:
    whole, commune = houses(2)
    an_agent(whole, "coordinator", "Claude Coordination")
    group = started(whole)
    membership = proposed(group, commune)
    with pytest.raises(Refusal) as refused:
        notified(membership)
    assert refused.value.field == "no_need"
    a_need(group, commune)
    assert notified(membership).state == "notified"
    with scope.authority(whole.id):
        assert Paper.objects.get(subject_id=membership.id).kind == "decision"
        titles = [one.title for one in Message.objects.all()]
    assert any("a notifié son adhésion" in title for title in titles)


def test_without_a_need_it_says_why() -> None:
    whole, commune = houses(2)
    membership = proposed(started(whole), commune)
    assert notified(membership, no_need="Nous en parlerons au printemps.").no_need.startswith("Nous")


@pytest.mark.parametrize(
    ("decided", "said", "field"),
    [(date(2026, 2, 13), date(2026, 2, 12), "decided_on"), (date(2026, 2, 10), date(2999, 1, 1), "notified_on")],
    ids=["decided-after", "notified-tomorrow"],
)
def test_days_of_a_decision_make_sense(decided: date, said: date, field: str) -> None:
    whole, commune = houses(2)
    membership = proposed(started(whole), commune)
    with pytest.raises(Refusal) as refused:
        notified(membership, decided_on=decided, notified_on=said, no_need="Aucun")
    assert refused.value.field == field


def test_a_decision_on_paper_is_entered_by_the_coordinator_and_by_nobody_else() -> None:
    whole, commune, other = houses(3)
    group = started(whole)
    membership = proposed(group, commune)
    proposed(group, other)
    words = {
        "decision": "Délibération 3", "decided_on": date(2026, 2, 1), "no_need": "À venir", "name": "d.pdf",
        "actor_id": ACTOR,
    }  # fmt: skip
    with scope.authority(other.id), pytest.raises(Refusal) as refused:
        notify_membership(membership.id, stream=BytesIO(b"%PDF"), **words)  # type: ignore[arg-type]
    assert refused.value.code == "not_yours"
    with scope.authority(whole.id):
        made = notify_membership(membership.id, stream=BytesIO(b"%PDF"), **words)  # type: ignore[arg-type]
    assert made.state == "notified"


def test_what_is_missing_goes_back_and_comes_again() -> None:
    whole, commune = houses(2)
    membership = proposed(started(whole), commune)
    notified(membership, no_need="Aucun")
    with scope.authority(whole.id):
        back = return_membership(membership.id, "La délibération n’est pas signée.", actor_id=ACTOR)
    assert (back.state, back.missing) == ("prospect", "La délibération n’est pas signée.")
    assert notified(membership, no_need="Aucun").missing == ""


def test_only_the_coordinator_takes_note() -> None:
    whole, commune = houses(2)
    membership = proposed(started(whole), commune)
    notified(membership, no_need="Aucun")
    with scope.authority(commune.id), pytest.raises(Refusal) as refused:
        accept_membership(membership.id, date(2026, 3, 1), actor_id=ACTOR)
    assert refused.value.code == "not_coordinator"


@pytest.mark.parametrize(
    "day", [date(2026, 2, 11), date(2026, 1, 31), date(2031, 2, 1)], ids=["before-notice", "before-start", "at-term"]
)
def test_it_takes_effect_within_the_group_and_after_its_notice(day: date) -> None:
    whole, commune = houses(2)
    membership = proposed(started(whole), commune)
    notified(membership, no_need="Aucun")
    with scope.authority(whole.id), pytest.raises(Refusal) as refused:
        accept_membership(membership.id, day, actor_id=ACTOR)
    assert refused.value.field == "effective_on"


@pytest.mark.parametrize(
    ("launched", "named"), [(date(2026, 4, 1), True), (date(2026, 3, 1), True), (date(2026, 2, 28), False)], ids=str
)
def test_a_member_enters_the_frameworks_named_or_not(launched: date, named: bool) -> None:
    whole, commune = houses(2)
    group = started(whole)
    framework = a_framework(Circle(group, [whole]), launched_on=launched)
    joined(group, commune, date(2026, 3, 1))
    with scope.authority(whole.id):
        assert FrameworkMember.objects.get(framework=framework, member=commune).identified_at_launch is named


def test_a_founding_member_is_one_from_the_first_day() -> None:
    whole, commune = houses(2)
    group = founded(whole, starts_on=date(2026, 3, 1), ends_on=date(2031, 3, 1))
    joined(group, commune, date(2026, 3, 1))
    with scope.authority(whole.id):
        start_group(
            group.id, signed_on=date(2026, 3, 10), starts_on=date(2026, 4, 1), ends_on=date(2031, 4, 1),
            stream=BytesIO(b"%PDF"), name="c.pdf", actor_id=ACTOR,
        )  # fmt: skip
        days = set(Membership.objects.filter(group=group).values_list("effective_on", flat=True))
    assert days == {date(2026, 4, 1)}


def test_no_move_leaves_the_group_but_its_term() -> None:
    assert [one.verb for one in MEMBERSHIP if one.origin == MembershipState.MEMBER] == ["end_groups"]


def test_no_other_service_ends_or_removes_a_membership() -> None:
    """What writes the state « ended », or takes a row away, is one service: a commune finds no other door."""
    folder = Path(str(services.__file__)).parent
    ending = {
        path.stem
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "MembershipState.ENDED"
    }
    removing = {path.stem for path in folder.glob("*.py") if "Membership.objects" in path.read_text()} & {
        path.stem for path in folder.glob("*.py") if ".delete()" in path.read_text()
    }
    assert ending == {"end_groups"}
    assert removing == set()


def test_a_member_does_not_leave_by_the_database_either() -> None:
    whole, commune = houses(2)
    membership = joined(started(whole), commune)
    with scope.authority(commune.id):
        assert Membership.objects.filter(id=membership.id).update(state="ended") == 0
        assert Membership.objects.filter(id=membership.id).delete()[0] == 0
    with scope.authority(whole.id):
        assert Membership.objects.get(id=membership.id).state == "member"
