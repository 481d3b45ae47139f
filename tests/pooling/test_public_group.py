"""What everybody reads of a group, and what nobody but its members does."""

import json
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from parvis.authorities.models import Authority
from parvis.eservices.models import EService, EServiceUse
from parvis.kit import clock, scope
from parvis.pooling.models import CostItem, FrameworkAgreement, JointProcurement
from tests.pooling.group_world import a_need, proposed
from tests.pooling.pooling_world import Circle, a_framework, a_group, houses

pytestmark = pytest.mark.django_db


def page(house: Authority, *parts: object) -> str:
    return "/".join(["", house.slug, "groupements", *map(str, parts), ""])


def data(circle: Circle) -> dict[str, object]:
    answer = Client().get(page(circle.coordinator, f"{circle.group.id}.json").removesuffix("/"))
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return dict(json.loads(answer.content))


def a_cost(circle: Circle, **fields: object) -> None:
    """A shareable e-service, bought and used by Mulhouse and Illzach."""
    with scope.authority(circle.coordinator.id):
        CostItem.objects.create(
            group=circle.group, circle_id=circle.group.id, kind="acquisition", label="Démarches", year=2026,
            from_on=date(2026, 1, 1), until_on=date(2027, 1, 1), ht_cents=7_350_00, vat_cents=1_470_00,
            key_code="users", users=[str(one.id) for one in circle.houses[1:3]], **fields,
        )  # fmt: skip


def test_everybody_reads_who_buys_what_for_how_much() -> None:
    circle = a_group(houses(3))
    framework = a_framework(circle)
    with scope.authority(circle.coordinator.id):
        FrameworkAgreement.objects.filter(id=framework.id).update(used_cents=400_000_00)
    for house in circle.houses:
        assert circle.group.name in Client().get(page(house)).content.decode()
        words = Client().get(page(house, circle.group.id)).content.decode()
        for said in ("Mulhouse", "Illzach", "Lignes Claires", "400\u00a0000,00\u00a0€", "25\u00a0%"):
            assert said in words, said


@pytest.mark.parametrize("public", [True, False], ids=["shown", "not-shown"])
def test_a_group_that_is_not_shown_is_nowhere(public: bool) -> None:
    circle = a_group(houses(2), public=public)
    expected = 200 if public else 404
    assert Client().get(page(circle.member, circle.group.id)).status_code == expected
    json_page = page(circle.member, f"{circle.group.id}.json").removesuffix("/")
    assert Client().get(json_page).status_code == expected
    assert (circle.group.name in Client().get(page(circle.member)).content.decode()) is public


def test_it_is_shown_by_its_members_only() -> None:
    circle = a_group(houses(3)[:2])
    other = Authority.objects.get(slug="illzach")
    assert Client().get(page(other, circle.group.id)).status_code == 404
    proposed(circle.group, other)
    assert Client().get(page(other, circle.group.id)).status_code == 404
    assert "Illzach" not in Client().get(page(circle.member, circle.group.id)).content.decode()


def test_needs_and_prospects_are_nobody_elses_business() -> None:
    circle = a_group(houses(2))
    a_need(circle.group, circle.member, "Un besoin que seuls les membres lisent")
    assert "seuls les membres" not in Client().get(page(circle.member, circle.group.id)).content.decode()
    assert "seuls les membres" not in json.dumps(data(circle), ensure_ascii=False)


def test_open_data_has_its_licence_and_exact_figures() -> None:
    circle = a_group(houses(3))
    a_framework(circle)
    found = data(circle)
    assert found["licence"]["id"] == "etalab-2.0"  # type: ignore[index]
    assert found["frameworks"] == [
        {
            "reference": "AC-2026-01", "title": "Guichet en ligne",
            "contractor": {"name": "Lignes Claires", "siret": "73282932000074"}, "starts_on": "2026-02-01",
            "last_day": "2030-01-31", "minimum_excl_vat": 10_000_000, "maximum_excl_vat": 160_000_000,
            "used_excl_vat": 0, "used_before_the_platform_excl_vat": 0, "used_before_the_platform_until": None,
        }
    ]  # fmt: skip
    assert [one["name"] for one in found["members"]] == ["Grande Vallée", "Illzach", "Mulhouse"]  # type: ignore[attr-defined]
    assert found["last_day"] == "2029-12-31"


def test_shares_are_shown_once_the_year_is_closed() -> None:
    circle = a_group(houses(3))
    a_cost(circle)
    assert data(circle)["closed_years"] == []
    with scope.authority(circle.coordinator.id):
        CostItem.objects.update(state="closed", final_ht_cents=7_350_00, final_vat_cents=1_470_00)
    assert data(circle)["closed_years"] == [], "more may come until the year is over"
    with clock.frozen_at(datetime(2027, 1, 4, 9, tzinfo=UTC)):
        [year] = data(circle)["closed_years"]  # type: ignore[misc]
        words = Client().get(page(circle.member, circle.group.id)).content.decode()
    parts = {one["name"]: one["excl_vat"] for one in year["members"]}
    assert (year["year"], year["total_excl_vat"], sum(parts.values())) == (2026, 7_350_00, 7_350_00)
    assert parts["Grande Vallée"] == 0
    assert parts["Mulhouse"] == 6_420_36
    assert "6\u00a0420,36\u00a0€" in words


def test_e_services_in_common_are_those_of_two_members() -> None:
    circle = a_group(houses(3))
    made = {}
    with scope.authority(circle.coordinator.id):
        for code, name in (("a", "Signaler un souci"), ("b", "Réserver une salle")):
            made[code] = EService.objects.create(
                code=code, name=name, summary="En ligne.", theme="surroundings", offered_from=date(2026, 2, 1)
            )
    for house, codes in zip(circle.houses[1:], ("ab", "a"), strict=True):
        with scope.authority(house.id):
            for code in codes:
                EServiceUse.objects.create(service=made[code], from_on=date(2026, 2, 1))
    assert data(circle)["shared_eservices"] == [{"name": "Signaler un souci", "members": ["Illzach", "Mulhouse"]}]


def test_without_any_group_the_page_says_what_will_be_there() -> None:
    [house] = houses(1)
    assert "Aucun achat en commun pour le moment" in Client().get(page(house)).content.decode()
    with scope.authority(house.id):
        assert not JointProcurement.objects.exists()
