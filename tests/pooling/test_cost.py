"""A cost from its first estimate to its final amount: who writes it, until when, and what proves it."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.http import Http404

from parvis.audit.facade import facts
from parvis.eservices.models import EService
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import CostItem, Statement
from parvis.pooling.services.close_cost import close_cost
from parvis.pooling.services.record_cost import record_cost
from parvis.pooling.services.remove_cost import remove_cost
from parvis.pooling.services.save_cost import save_cost
from tests.pooling.cost_world import ACTOR, BASE, called, single_payer_keys, written
from tests.pooling.pooling_world import Circle, a_cost, a_framework, a_group, an_order, with_eservices
from tests.world import an_authority

pytestmark = pytest.mark.django_db


def test_an_estimate_is_written() -> None:
    circle = a_group()
    item = written(circle)
    with scope.authority(circle.member.id):
        row = CostItem.objects.get(id=item.id)
        assert (row.ht_cents, row.vat_cents, row.key_code, row.year) == (38_750_00, 7_750_00, "shared", 2026)
        assert (row.state, row.authority_id) == ("estimated", circle.coordinator.id)
    with scope.authority(circle.coordinator.id):
        [fact] = facts([item.id])
    assert (fact.kind, fact.data["by_hand"], fact.data["ht_cents"]) == ("cost.recorded", True, 38_750_00)


def test_vat_is_the_invoice_s_when_it_is_known() -> None:
    circle = a_group()
    assert written(circle, replace(BASE, vat_cents=7_750_01)).vat_cents == 7_750_01
    assert written(circle, replace(BASE, ht_cents=33, vat_rate=550)).vat_cents == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"kind": "gold"}, "unknown_kind", id="kind"),
        pytest.param({"label": "  "}, "no_label", id="label"),
        pytest.param({"until_on": date(2026, 1, 1)}, "backwards", id="backwards"),
        pytest.param({"until_on": date(2027, 1, 2)}, "several_years", id="two years"),
        pytest.param({"ht_cents": 0}, "no_amount", id="nothing"),
        pytest.param({"vat_cents": -1}, "no_amount", id="negative tax"),
        pytest.param({"kind": "maintenance"}, "no_eservice", id="no e-service"),
        pytest.param({"kind": "own"}, "no_payer", id="no payer"),
        pytest.param({"from_on": date(2025, 1, 1), "until_on": date(2025, 2, 1)}, "out_of_term", id="before"),
        pytest.param({"from_on": date(2030, 1, 1), "until_on": date(2030, 2, 1)}, "out_of_term", id="after"),
        pytest.param({"key": "golden"}, "unknown_key", id="key"),
        pytest.param({"users": (UUID(int=1),)}, "not_member", id="a stranger"),
        pytest.param({"kind": "own", "payer_id": UUID(int=1)}, "not_member", id="paid by a stranger"),
        pytest.param({"users": (UUID(int=1),), "eservice_id": UUID(int=2)}, "two_ways", id="both"),
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, Any], code: str) -> None:
    circle = a_group()
    single_payer_keys(circle)
    with pytest.raises(Refusal) as found:
        written(circle, replace(BASE, **changes))
    assert found.value.code == code
    with scope.authority(circle.coordinator.id):
        assert not CostItem.objects.exists()


def test_an_unknown_e_service_is_not_there() -> None:
    with pytest.raises(Http404):
        written(a_group(), replace(BASE, kind="maintenance", eservice_id=UUID(int=2)))


def test_nothing_is_written_in_a_group_that_has_not_started() -> None:
    circle = a_group(state="preparing")
    with pytest.raises(Refusal) as found:
        written(circle)
    assert found.value.code == "not_started"


def test_a_cost_of_one_member_and_of_the_agglomeration() -> None:
    circle = a_group()
    single_payer_keys(circle)
    own = written(circle, replace(BASE, kind="own", payer_id=circle.member.id))
    whole = written(circle, replace(BASE, kind="appointments", payer_id=circle.member.id))
    assert (own.payer_id, own.key_code) == (circle.member.id, "own")
    assert (whole.payer_id, whole.key_code) == (None, "agglomeration")


def test_a_cost_of_an_e_service_and_of_a_project() -> None:
    circle = a_group()
    with_eservices(circle)
    with scope.authority(circle.member.id):
        service = EService.objects.filter(authority_id=circle.member.id).first()
    assert service is not None
    offered = written(circle, replace(BASE, kind="maintenance", eservice_id=service.id))
    project = written(circle, replace(BASE, kind="acquisition", users=(circle.houses[3].id, circle.houses[2].id)))
    assert (offered.eservice_id, offered.users) == (service.id, [])
    assert project.users == sorted(str(one.id) for one in circle.houses[2:4])


def test_a_commune_writes_what_it_pays_itself() -> None:
    circle = a_group()
    item = written(circle, house=circle.member)
    assert item.authority_id == circle.member.id
    with scope.authority(circle.coordinator.id), pytest.raises(Refusal) as found:
        save_cost(item.id, BASE)
    assert found.value.code == "not_yours"
    assert circle.member.name in found.value.message


def test_a_prospect_writes_nothing() -> None:
    circle = a_group()
    stranger = an_authority("sausheim", name="Sausheim")
    with scope.authority(stranger.id), pytest.raises(Http404):
        record_cost(circle.group.id, BASE)


def test_an_estimate_changes_until_something_is_called() -> None:
    circle = a_group()
    item = written(circle)
    with scope.authority(circle.coordinator.id):
        save_cost(item.id, replace(BASE, ht_cents=40_000_00), actor_id=ACTOR)
        assert CostItem.objects.get(id=item.id).vat_cents == 8_000_00
        assert facts([item.id])[-1].data["before"]["ht_cents"] == 38_750_00
    called(item)
    for verb in (lambda: save_cost(item.id, BASE), lambda: remove_cost(item.id)):
        with scope.authority(circle.coordinator.id), pytest.raises(Refusal) as found:
            verb()
        assert found.value.code == "called"


def test_an_estimate_is_taken_back() -> None:
    circle = a_group()
    item = written(circle)
    with scope.authority(circle.coordinator.id):
        remove_cost(item.id, actor_id=ACTOR)
        assert not CostItem.objects.exists()
        assert facts([item.id])[-1].kind == "cost.removed"


def an_order_cost(circle: Circle) -> CostItem:
    a_framework(circle)
    order = an_order(circle, circle.coordinator, "BASE", state="issued")
    return a_cost(circle, "base", order.ht_cents, "shared", order=order)


def test_what_an_order_costs_stays_what_was_ordered() -> None:
    circle = a_group()
    item = an_order_cost(circle)
    with scope.authority(circle.coordinator.id):
        kept = replace(BASE, label="Socle", ht_cents=item.ht_cents)
        assert save_cost(item.id, kept).label == "Socle"
        with pytest.raises(Refusal, match="bon de commande"):
            save_cost(item.id, replace(kept, ht_cents=item.ht_cents + 1))
        with pytest.raises(Refusal, match="bon de commande"):
            remove_cost(item.id)


def test_a_cost_is_closed_with_its_proof() -> None:
    circle = a_group()
    item = written(circle)
    with scope.authority(circle.coordinator.id):
        closed = close_cost(item.id, ht_cents=38_000_00, vat_cents=7_600_00, proof=" Facture F-12 ", actor_id=ACTOR)
        assert (closed.state, closed.final_ht_cents, closed.final_vat_cents) == ("closed", 38_000_00, 7_600_00)
        assert (closed.proof, closed.ht_cents) == ("Facture F-12", 38_750_00)
        assert closed.closed_on is not None
        assert facts([item.id])[-1].data["estimated"] == [38_750_00, 7_750_00]
        for verb in (lambda: save_cost(item.id, BASE), lambda: remove_cost(item.id)):
            with pytest.raises(Refusal) as found:
                verb()
            assert found.value.code == "not_now"


@pytest.mark.parametrize(
    ("amounts", "proof", "code"),
    [
        pytest.param((-1, 0), "Facture", "no_amount", id="negative"),
        pytest.param((0, 1), "Facture", "no_amount", id="tax on nothing"),
        pytest.param((1, 0), " ", "no_proof", id="no proof"),
    ],
)
def test_a_cost_is_not_closed_without_reason(amounts: tuple[int, int], proof: str, code: str) -> None:
    circle = a_group()
    item = written(circle)
    with scope.authority(circle.coordinator.id), pytest.raises(Refusal) as found:
        close_cost(item.id, ht_cents=amounts[0], vat_cents=amounts[1], proof=proof)
    assert found.value.code == code


def test_a_year_whose_balance_is_called_takes_no_more_costs() -> None:
    circle = a_group()
    item = written(circle)
    with scope.authority(circle.coordinator.id):
        Statement.objects.create(
            group=circle.group, circle_id=circle.group.id, number="2026-0001", debtor=circle.member, year=2026,
            kind="closing", issued_on=date(2027, 1, 10), due_on=date(2027, 2, 10), ht_cents=1, vat_cents=0, ttc_cents=1,
        )  # fmt: skip
    with pytest.raises(Refusal) as found:
        written(circle)
    assert found.value.code == "closed_year"
    with scope.authority(circle.coordinator.id), pytest.raises(Refusal) as found:
        close_cost(item.id, ht_cents=1, vat_cents=0, proof="Facture")
    assert found.value.code == "closed_year"
    written(circle, replace(BASE, from_on=date(2027, 1, 1), until_on=date(2028, 1, 1)))
