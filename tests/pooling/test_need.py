"""Needs: stated by each, summed by all, locked once a consultation has them."""

from datetime import date

import pytest
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import CoordinatorTask, GroupConsultation, Need
from parvis.pooling.rules.needs import Asked, gather, propose
from parvis.pooling.rules.tasks import DUTIES
from parvis.pooling.services.accept_membership import accept_membership
from parvis.pooling.services.consolidate import consolidate
from parvis.pooling.services.remove_need import remove_need
from parvis.pooling.services.save_need import save_need
from parvis.procurement.models import Consultation, ConsultationBuyer
from tests.pooling.group_world import ACTOR, a_need, consolidated, founded, joined, notified, proposed, started
from tests.pooling.pooling_world import houses


def asked(number: int, kind: str = "base", label: str = "Socle", cents: int | None = 100, quantity: int = 1) -> Asked:
    return Asked(str(number), f"m{number % 3}", f"Membre {number % 3}", kind, label, quantity, "an", cents)


def test_needs_of_one_label_are_one_line_whoever_writes_it() -> None:
    lines = gather([asked(1, label="Socle  de base"), asked(2, label="socle de Base", cents=None, quantity=3)])
    assert [(one.label, one.quantity, one.estimated_cents, one.unknown) for one in lines] == [
        ("Socle de base", 4, 100, 1)
    ]
    assert lines[0].members == ("Membre 1", "Membre 2")


@given(st.lists(st.tuples(st.sampled_from(["base", "hosting"]), st.integers(0, 10**9), st.integers(1, 50))))
def test_gathering_loses_nothing(rows: list[tuple[str, int, int]]) -> None:
    needs = [asked(n, kind, cents=cents, quantity=quantity) for n, (kind, cents, quantity) in enumerate(rows)]
    lines = gather(needs)
    assert sum(one.estimated_cents for one in lines) == sum(cents for _kind, cents, _quantity in rows)
    assert sum(one.quantity for one in lines) == sum(quantity for _kind, _cents, quantity in rows)
    assert sorted(one.id for line in lines for one in line.asked) == sorted(one.id for one in needs)
    assert gather(reversed(needs)) == tuple(
        type(one)(one.kind, one.label, one.unit, one.quantity, one.estimated_cents, one.unknown, one.asked[::-1])
        for one in lines
    )


def test_a_proposal_says_how_it_was_made() -> None:
    found = propose(gather([asked(1, cents=1_000_000_00), asked(2, label="Autre", cents=None)]))
    assert (found.estimated_cents, found.min_cents, found.max_cents, found.months) == (
        1_000_000_00, 100_000_00, 1_250_000_00, 48,
    )  # fmt: skip
    assert any("1 besoin n’a pas d’estimation" in line for line in found.because)


@pytest.mark.parametrize(("left", "months"), [(None, 48), (60, 48), (30, 30), (0, 1)], ids=str)
def test_a_framework_does_not_outlive_its_group(left: int | None, months: int) -> None:
    assert propose((), left).months == months


def test_without_estimates_the_maximum_is_not_made_up() -> None:
    assert propose(gather([asked(1, cents=None)])).max_cents is None


@pytest.mark.django_db
def test_a_need_is_its_members_own() -> None:
    whole, commune, other = houses(3)
    group = started(whole)
    joined(group, commune)
    joined(group, other)
    need = a_need(group, commune, "Paiement en ligne")
    with scope.authority(other.id):
        assert Need.objects.get(id=need.id).label == "Paiement en ligne"
        with pytest.raises(Http404):
            save_need(need.id, {"label": "Autre"}, actor_id=ACTOR)
    with scope.authority(commune.id):
        assert save_need(need.id, {"quantity": 4}, actor_id=ACTOR).quantity == 4
        remove_need(need.id, actor_id=ACTOR)
        assert not Need.objects.filter(id=need.id).exists()


@pytest.mark.django_db
def test_a_stranger_states_nothing() -> None:
    whole, commune = houses(2)
    group = started(whole)
    with pytest.raises(Http404):
        a_need(group, commune)


@pytest.mark.django_db
def test_an_unknown_kind_and_a_quantity_of_nothing_are_refused() -> None:
    whole, commune = houses(2)
    group = started(whole)
    proposed(group, commune)
    with pytest.raises(Refusal) as kind:
        a_need(group, commune, kind="autre")
    with pytest.raises(Refusal) as quantity:
        a_need(group, commune, quantity=0)
    assert (kind.value.code, quantity.value.code) == ("kind", "invalid")


@pytest.mark.django_db
def test_needs_open_a_draft_that_names_everybody() -> None:
    whole, commune, other = houses(3)
    group = started(whole)
    joined(group, commune)
    a_need(group, commune, "Hébergement", kind="hosting", estimated_cents=None)
    proposed(group, other)
    a_need(group, other, "Pas encore membre")
    made = consolidated(group, max_cents=1_600_000_00, min_cents=100_000_00)
    assert [one["label"] for one in made.needs] == ["Démarches en ligne", "Hébergement"]
    with scope.authority(whole.id):
        draft = Consultation.objects.get(id=made.consultation_id)
        assert (draft.framework, draft.framework_min_cents, draft.framework_max_cents, draft.duration_months) == (
            True, 100_000_00, 1_600_000_00, 48,
        )  # fmt: skip
        assert draft.estimated_cents == 10_000_00
        assert "Hébergement" in draft.purpose
        buyers = ConsultationBuyer.objects.filter(consultation=draft)
        assert [(one.buyer_id, one.role) for one in buyers] == [(whole.id, "leader"), (commune.id, "member")]
        tasks = CoordinatorTask.objects.filter(group=group)
        assert {one.consultation_id for one in tasks} == {made.id}
        assert tasks.count() == len(DUTIES)


@pytest.mark.django_db
def test_what_a_consultation_has_is_locked_until_it_is_given_up() -> None:
    whole, commune = houses(2)
    group = started(whole)
    joined(group, commune)
    made = consolidated(group)
    with scope.authority(commune.id):
        need = Need.objects.get()
        with pytest.raises(Refusal) as changed:
            save_need(need.id, {"quantity": 9}, actor_id=ACTOR)
        with pytest.raises(Refusal) as removed:
            remove_need(need.id, actor_id=ACTOR)
    assert (changed.value.code, removed.value.code) == ("taken_up", "taken_up")
    with pytest.raises(Refusal) as again:
        consolidated(group)
    assert again.value.code == "no_need"
    with scope.authority(whole.id):
        Consultation.objects.filter(id=made.consultation_id).update(state="cancelled")
    with scope.authority(commune.id):
        assert save_need(need.id, {"quantity": 9}, actor_id=ACTOR).quantity == 9
    second = consolidated(group)
    with scope.authority(whole.id):
        assert CoordinatorTask.objects.filter(consultation=second).count() == len(DUTIES)


@pytest.mark.django_db
def test_whoever_comes_before_publication_is_named_in_it() -> None:
    whole, commune, late = houses(3)
    group = started(whole)
    joined(group, commune)
    made = consolidated(group)
    membership = proposed(group, late)
    notified(membership, no_need="Aucun")
    with scope.authority(whole.id):
        accept_membership(membership.id, date(2026, 4, 1), actor_id=ACTOR)
        buyers = ConsultationBuyer.objects.filter(consultation_id=made.consultation_id)
        assert {one.buyer_id for one in buyers} == {whole.id, commune.id, late.id}


@pytest.mark.django_db
def test_the_coordinator_alone_consolidates_a_group_that_runs() -> None:
    whole, commune = houses(2)
    group = founded(whole)
    joined(group, commune)
    with pytest.raises(Refusal) as early:
        consolidated(group)
    with scope.authority(commune.id), pytest.raises(Refusal) as other:
        consolidate(group.id, title="Guichet", max_cents=1, actor_id=ACTOR)
    assert (early.value.code, other.value.code) == ("not_running", "not_coordinator")
    with scope.authority(whole.id):
        assert not GroupConsultation.objects.exists()
