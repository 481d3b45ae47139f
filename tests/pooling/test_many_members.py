"""Forty members, sixty orders: no page asks the database once a member."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.kit import scope
from parvis.pooling.models import AnswerKind
from parvis.pooling.services.answer_order import answer_order
from parvis.pooling.services.call_instalment import call_instalment
from tests.pooling.order_world import informed
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
MOST = 60
IN_THE_GROUP = (
    "", "membres", "suivi", "accords-cadres", "commandes", "factures", "couts", "couts/populations",
    "couts/teleservices", "simulateur", "releves", "comite",
)  # fmt: skip


def test_no_page_asks_once_a_member() -> None:
    more = [an_authority(f"commune-{n}", name=f"Commune {n}", kind="commune", population=1000 + n) for n in range(34)]
    circle = a_group([*houses(6), *more])
    with_eservices(circle)
    framework = a_framework(circle)
    for kind in ("base", "hosting", "support"):
        a_cost(circle, kind, 38_750_00, "shared")
    for house in circle.houses[1:31]:
        an_order(circle, house, "JOUR", state="issued")
        an_order(circle, house, "JOUR", state="informed")
    order = informed(circle, circle.member.id, circle.prices["JOUR"])
    for house in circle.houses[2:]:
        with scope.authority(house.id):
            answer_order(order.id, AnswerKind.SEEN)
    with scope.authority(circle.coordinator.id):
        call_instalment(circle.group.id, 2026, 1)
    client, group = a_client(circle.coordinator, "coordinator"), circle.group.id
    pages = [address(circle.coordinator, *part) for part in ((), ("conventions",), ("groupements",))]
    pages += [address(circle.coordinator, "groupements", group, *filter(None, [one])) for one in IN_THE_GROUP]
    pages += [
        address(circle.coordinator, "groupements", group, "accords-cadres", framework.id),
        address(circle.coordinator, "groupements", group, "commandes", order.id),
        f"/{circle.coordinator.slug}/groupements/{group}/",
    ]
    asked = {}
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200, page
        asked[page] = len(queries)
    assert {page: count for page, count in asked.items() if count > MOST} == {}
