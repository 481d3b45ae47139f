"""The worked example through the database: members, populations and e-services as rows."""

from datetime import date

import pytest

from parvis.kit import scope
from parvis.pooling.models import Membership
from parvis.pooling.rules import order_vat
from parvis.pooling.selectors.shares import year_shares
from parvis.pooling.services.close_cost import close_cost
from tests.pooling.cost_world import single_payer_keys
from tests.pooling.pooling_world import a_cost, a_group, with_eservices
from tests.world import an_authority

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


@pytest.mark.parametrize("vat_mode", ["recharge", "direct"])
def test_parts_make_the_invoices_through_the_rows(vat_mode: str) -> None:
    """Members who join in mid-year, projects, one payer, every rate: the sums are those of the costs."""
    circle = a_group(vat_mode=vat_mode)
    with_eservices(circle)
    single_payer_keys(circle)
    with scope.authority(circle.coordinator.id):
        for month, house in enumerate(circle.houses[3:], start=4):
            Membership.objects.filter(group=circle.group, member=house).update(effective_on=date(2026, month, 17))
    a_cost(circle, "base", 38_750_01, "shared", vat_cents=7_750_03)
    a_cost(circle, "hosting", 14_990_07, "shared", vat_cents=order_vat(14_990_07, 550))
    a_cost(circle, "acquisition", 7_350_11, "users", users=[str(one.id) for one in circle.houses[1:5]])
    a_cost(circle, "own", 333_33, "own", payer=circle.houses[2])
    a_cost(circle, "appointments", 999_99, "agglomeration")
    with scope.authority(circle.member.id):
        shares = year_shares(circle.group, 2026)
    assert not [one.problem for one in shares.costs if one.problem]
    for one in shares.costs:
        assert one.split is not None
        assert sum(one.split.ht.values()) == one.item.ht_cents
        if one.split.cost.vat_way == "recharge":
            assert sum(one.split.vat.values()) == one.item.vat_cents
        else:
            rate = one.split.cost.vat_rate
            assert one.split.vat == {siren: order_vat(cents, rate) for siren, cents in one.split.ht.items()}
        assert sum(one.split.shares.values()) == 1
    ways = {one.item.kind: one.split.cost.vat_way for one in shares.costs if one.split}
    # No single rate makes 7,750.03: that VAT is shared as on its invoice.
    assert ways["base"] == "recharge"
    assert ways["hosting"] == vat_mode
    assert shares.total.ht == sum(one.item.ht_cents for one in shares.costs)
    assert sum(shares.of_kind(siren, kind).ttc for siren in shares.totals for kind in shares.kinds) == shares.total.ttc
    assert sum(shares.total_of_kind(kind).ttc for kind in shares.kinds) == shares.total.ttc


def test_a_project_counts_its_members_alone() -> None:
    circle = a_group()
    with_eservices(circle)
    ids = [str(one.id) for one in circle.houses[2:4]]
    a_cost(circle, "acquisition", 28_797_00, "users", users=ids)
    with scope.authority(circle.member.id):
        [one] = year_shares(circle.group, 2026).costs
    assert one.split is not None
    assert one.split.ht == {circle.houses[2].siren: 15_362_00, circle.houses[3].siren: 13_435_00}


def test_a_closed_cost_is_shared_on_what_it_came_to() -> None:
    circle = a_group()
    with_eservices(circle)
    item = a_cost(circle, "base", 38_750_00, "shared")
    with scope.authority(circle.coordinator.id):
        close_cost(item.id, ht_cents=100_01, vat_cents=20_00, proof="Facture")
    with scope.authority(circle.member.id):
        shares = year_shares(circle.group, 2026)
    assert (shares.total.ht, shares.total.vat) == (100_01, 20_00)


def test_a_cost_without_answer_is_said_and_not_counted() -> None:
    circle = a_group()
    with_eservices(circle)
    a_cost(circle, "base", 38_750_00, "shared")
    a_cost(circle, "own", 100_00, "own")
    with scope.authority(circle.member.id):
        shares = year_shares(circle.group, 2026)
    problem = next(one for one in shares.costs if one.item.kind == "own")
    assert (problem.split, problem.code) == (None, "no_key_in_force")
    assert shares.total.ht == 38_750_00
    assert shares.why(problem, circle.member.siren) == ()


def test_whoever_a_cost_names_is_in_the_book() -> None:
    """Also one that only is invited to the group: it takes no part before it is a member."""
    circle = a_group()
    with_eservices(circle)
    stranger = an_authority("sausheim", name="Sausheim")
    a_cost(circle, "acquisition", 100_00, "users", users=[str(stranger.id), str(circle.member.id)])
    a_cost(circle, "base", 50_00, "shared")
    with scope.authority(circle.member.id):
        shares = year_shares(circle.group, 2026)
    project = next(one for one in shares.costs if one.item.kind == "acquisition")
    assert project.split is not None
    assert project.split.ht == {circle.member.siren: 100_00}
    assert stranger.siren not in shares.members
