"""A group of six with two costs of the coordinator to call, and the verbs of its statements."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from parvis.authorities.models import Authority
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import CostItem, Payment, Statement
from parvis.pooling.selectors.today import today
from parvis.pooling.services.call_instalment import call_instalment
from parvis.pooling.services.note_payment import note_payment
from tests.pooling.pooling_world import Circle, a_cost, a_group, address, with_eservices


def a_called_circle(*ranks: int, **fields: Any) -> Circle:
    """Base and hosting of the worked example; these instalments of 2026 called by the coordinator."""
    made = a_group(**fields)
    with_eservices(made)
    a_cost(made, "base", 38_750_00, "shared")
    a_cost(made, "hosting", 14_990_00, "shared")
    with scope.authority(made.coordinator.id):
        for rank in ranks:
            call_instalment(made.group.id, 2026, rank)
    return made


def statement_rows(circle: Circle, whole: Authority, here: Authority) -> dict[str, Any]:
    """`@statement`: the first instalment of 2027 that `here` calls from `whole`, with a `@payment` of one euro."""
    with scope.authority(here.id):
        CostItem.objects.create(
            group=circle.group, circle_id=circle.group.id, kind="acquisition", label="Portail", year=2027,
            from_on=date(2027, 1, 1), until_on=date(2028, 1, 1), ht_cents=1_000_00, vat_cents=200_00, key_code="users",
            users=[str(whole.id), str(here.id)],
        )  # fmt: skip
        [made] = call_instalment(circle.group.id, 2027, 1)
        note_payment(made.id, 1_00, today())
        paid = Payment.objects.get(statement=made)
    return {"statement": made.id, "payment": paid.id}


def close(circle: Circle, change_cents: int = 0, *, of: Authority | None = None) -> None:
    """Every cost of an authority, the coordinator's unless said, closed at its estimate and this change."""
    owner = of or circle.coordinator
    with scope.authority(owner.id):
        for cost in CostItem.objects.filter(authority_id=owner.id):
            cost.final_ht_cents, cost.final_vat_cents = cost.ht_cents + change_cents, cost.vat_cents
            cost.state = "closed"
            cost.save()


def called_from(circle: Circle, debtor: Authority) -> list[Statement]:
    with scope.authority(debtor.id):
        return list(Statement.objects.filter(debtor=debtor).order_by("number"))


def refused(verb: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as caught:
        verb()
    return caught.value.code


def releves(circle: Circle, house: Authority, *parts: Any) -> str:
    return address(house, "groupements", circle.group.id, "releves", *parts)
