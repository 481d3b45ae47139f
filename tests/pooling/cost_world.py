"""Costs as their verbs write them."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from parvis.authorities.models import Authority
from parvis.kit import scope
from parvis.pooling.models import CostItem, CostKey, ShareRun
from parvis.pooling.rules.cost_terms import CostTerms
from parvis.pooling.services.offer_eservice import Offered, offer_eservice
from parvis.pooling.services.record_cost import record_cost
from tests.pooling.pooling_world import START, Circle

ACTOR = UUID(int=5)
BASE = CostTerms("base", "Socle 2026", date(2026, 1, 1), date(2027, 1, 1), 38_750_00)


def written(circle: Circle, terms: CostTerms = BASE, house: Authority | None = None) -> CostItem:
    """A cost written by hand, by the coordinator unless another is named."""
    with scope.authority((house or circle.coordinator).id):
        return record_cost(circle.group.id, terms, actor_id=ACTOR)


def single_payer_keys(circle: Circle) -> None:
    """The two other usual keys, which `a_group` leaves out."""
    for code, payer in (("own", None), ("agglomeration", circle.coordinator)):
        with scope.authority(circle.coordinator.id):
            CostKey.objects.create(
                group=circle.group, circle_id=circle.group.id, code=code, name=code.title(), formula="single_payer",
                reference_year=2022, in_force_on=START, payer=payer,
            )  # fmt: skip


def called(item: CostItem, **record: Any) -> ShareRun:
    """As if an instalment had been called on it."""
    with scope.authority(item.authority_id):
        run: ShareRun = ShareRun.objects.create(
            cost=item, circle_id=item.circle_id, purpose="instalment", record=record, digest=record.get("digest", "0")
        )
    return run


def cost_rows(circle: Circle, here: Authority) -> dict[str, Any]:
    """Costs that the commune `here` pays, and an e-service that it offers."""
    kept, removable = written(circle, house=here), written(circle, replace(BASE, label="De trop"), here)
    with scope.authority(here.id):
        use = offer_eservice(circle.group.id, Offered(here.id, START, name="Carte de pêche"), actor_id=ACTOR)
    return {"cost": kept.id, "removable_cost": removable.id, "eservice_use": use.id}
