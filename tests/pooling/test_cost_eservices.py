"""E-services written by hand: a member its own, the coordinator those of a member that agrees."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from parvis.audit.facade import facts
from parvis.eservices import facade as eservices
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.selectors.offered import offers_of
from parvis.pooling.services.offer_eservice import Offered, offer_eservice
from parvis.pooling.services.withdraw_eservice import withdraw_eservice
from tests.pooling.cost_world import ACTOR
from tests.pooling.pooling_world import a_group
from tests.world import an_authority

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)


def test_a_member_offers_a_new_one_and_another_joins_it() -> None:
    circle = a_group()
    first, second = circle.houses[1:3]
    with scope.authority(first.id):
        made = offer_eservice(circle.group.id, Offered(first.id, MARCH, name="Carte de pêche"), actor_id=ACTOR)
        again = offer_eservice(circle.group.id, Offered(first.id, MARCH, name="Carte de pêche"), actor_id=ACTOR)
    codes = [one.code for one in eservices.catalogue() if one.authority_id == first.id]
    assert codes == ["carte-de-peche", "carte-de-peche-2"]
    assert made.own
    assert again.service_id != made.service_id
    with scope.authority(second.id):
        joined = offer_eservice(circle.group.id, Offered(second.id, MARCH, made.service_id), actor_id=ACTOR)
        counts = {one.name: one.count for one in offers_of(circle.group, MARCH)}
    assert not joined.own
    assert (counts[first.name], counts[second.name], counts[circle.coordinator.name]) == (2, 1, 0)


def test_the_coordinator_needs_the_member_s_agreement_and_leaves_its_name() -> None:
    circle = a_group()
    given = Offered(circle.member.id, MARCH, name="Carte de pêche")
    with scope.authority(circle.coordinator.id):
        with pytest.raises(Refusal) as found:
            offer_eservice(circle.group.id, given)
        assert (found.value.code, found.value.field) == ("no_agreement", "agreement")
        use = offer_eservice(circle.group.id, replace(given, agreement="Courriel du 3 mars"), actor_id=ACTOR)
        fact = facts([circle.group.id])[-1]
        assert (fact.kind, fact.data["by_coordinator"]) == ("eservice.taken_up", True)
        assert fact.data["agreement"] == "Courriel du 3 mars"
        with pytest.raises(Refusal):
            withdraw_eservice(circle.group.id, use.id, date(2026, 6, 30))
        ended = withdraw_eservice(circle.group.id, use.id, date(2026, 6, 30), agreement="Courriel", actor_id=ACTOR)
        counts = [
            next(one.count for one in offers_of(circle.group, day) if one.member_id == circle.member.id)
            for day in (date(2026, 2, 28), MARCH, date(2026, 6, 30), date(2026, 7, 1))
        ]
    assert ended.until_on == date(2026, 6, 30)
    assert counts == [0, 1, 1, 0]
    with scope.authority(circle.member.id):
        [used, *_] = facts([use.id])
    assert used.kind == "eservice.used"


@pytest.mark.parametrize(
    ("member", "code"),
    [pytest.param("other", "not_yours", id="another member"), pytest.param("stranger", "not_member", id="a stranger")],
)
def test_nobody_writes_for_another(member: str, code: str) -> None:
    circle = a_group()
    house = circle.houses[2] if member == "other" else an_authority("sausheim", name="Sausheim")
    with scope.authority(circle.member.id), pytest.raises(Refusal) as found:
        offer_eservice(circle.group.id, Offered(house.id, MARCH, name="Carte", agreement="Oui"))
    assert found.value.code == code
    assert not eservices.catalogue()


def test_an_e_service_is_named() -> None:
    circle = a_group()
    with scope.authority(circle.member.id), pytest.raises(Refusal) as found:
        offer_eservice(circle.group.id, Offered(circle.member.id, MARCH, name=" "))
    assert found.value.code == "no_eservice"


def test_what_a_member_offers_before_it_joins_does_not_count() -> None:
    circle = a_group()
    with scope.authority(circle.member.id):
        offer_eservice(circle.group.id, Offered(circle.member.id, date(2025, 3, 1), name="Carte de pêche"))
        row = next(one for one in offers_of(circle.group, date(2025, 6, 1)) if one.member_id == circle.member.id)
    assert (row.present, len(row.now), row.count) == (False, 1, 0)
    assert isinstance(row.member_id, UUID)
