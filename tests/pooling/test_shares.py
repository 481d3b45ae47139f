"""The worked example through the database: members, populations and e-services as rows."""

import pytest

from parvis.kit import scope
from parvis.pooling.selectors.shares import year_shares
from tests.pooling.pooling_world import a_cost, a_group, with_eservices

pytestmark = pytest.mark.django_db


def test_the_worked_example_to_the_cent() -> None:
    circle = a_group()
    with_eservices(circle)
    a_cost(circle, "base", 38_750_00, "shared")
    a_cost(circle, "hosting", 14_990_00, "shared")
    with scope.authority(circle.member.id):
        shares = year_shares(circle.group, 2026)
    parts = {one.item.kind: [one.split.ht[h.siren] for h in circle.houses] for one in shares.costs if one.split}
    assert parts == {
        "base": [1_596_683, 1_210_830, 333_261, 295_243, 261_396, 177_587],
        "hosting": [617_659, 468_396, 128_919, 114_211, 101_118, 68_697],
    }
    assert shares.total.ht == 53_740_00
    assert shares.total.vat == 10_748_00
