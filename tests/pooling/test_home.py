"""The first page of pooling says what waits, and what one pays this year."""

import pytest

from parvis.kit import scope
from parvis.pooling.selectors.waiting_here import waiting_here
from parvis.pooling.services.call_instalment import call_instalment
from tests.pooling.pooling_world import (
    a_client,
    a_cost,
    a_framework,
    a_group,
    address,
    an_order,
    houses,
    with_eservices,
)
from tests.world import an_authority

pytestmark = pytest.mark.django_db


def test_a_member_sees_what_waits_for_it_alone() -> None:
    circle = a_group(houses(3))
    with_eservices(circle)
    a_framework(circle)
    a_cost(circle, "base", 38_750_00, "shared")
    with scope.authority(circle.coordinator.id):
        call_instalment(circle.group.id, 2026, 1)
    order = an_order(circle, circle.member, state="issued")
    with scope.authority(circle.member.id):
        mine = [one.what for one in waiting_here()]
    assert any(order.number in one for one in mine)
    assert any("relevé 2026-" in one for one in mine)
    with scope.authority(circle.houses[2].id):
        assert not any(order.number in one.what for one in waiting_here())


def test_the_page_says_the_part_of_the_year() -> None:
    circle = a_group()
    with_eservices(circle)
    a_framework(circle)
    a_cost(circle, "base", 38_750_00, "shared")
    page = a_client(circle.member).get(address(circle.member)).content.decode()
    # 12 108,30 € of the example and a fifth of VAT.
    assert "14\u00a0529,96\u00a0€" in page
    assert circle.group.name in page


def test_an_authority_without_a_group_is_taught() -> None:
    house = an_authority("autre-rive")
    page = a_client(house).get(address(house)).content.decode()
    assert "Vous n’êtes dans aucun groupement" in page
    assert "Votre commune n’a pas encore de convention" in page
