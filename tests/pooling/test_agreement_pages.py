"""The pages of sharing agreements, as each side sees them."""

import pytest
from django.test import Client

from parvis.authorities.facade import authority
from parvis.kit import scope
from parvis.pooling.models import SharingAgreement
from tests.pooling.agreement_world import (
    PREPARED,
    SIGNED,
    STARTS,
    Sides,
    at,
    two_sides,
    with_deliberations,
)  # fmt: skip
from tests.pooling.pooling_world import a_client, address

pytestmark = pytest.mark.django_db


def coordinator(sides: Sides) -> Client:
    return a_client(sides.whole, "coordinator")


def conventions(house: object, *parts: object) -> str:
    return address(house, "conventions", *parts)  # type: ignore[arg-type]


def test_from_the_list_to_a_signed_agreement() -> None:
    sides = two_sides()
    client = coordinator(sides)
    with at(PREPARED):
        page = client.get(conventions(sides.whole)).content.decode()
        assert "Sans convention" in page
        assert "?commune=illzach" in page
        made = client.post(conventions(sides.whole, "nouvelle"), {"commune": "illzach", "starts_on": "2027-01-01"})
        assert made.status_code == 302
        [draft] = agreements(sides)
        assert "joindre la délibération de Grande Vallée et Illzach" in client.get(made.url).content.decode()
    with_deliberations(sides, draft)
    with at(SIGNED):
        form = {"signed_on": "2026-12-01", "starts_on": "2027-01-01"}
        done = client.post(conventions(sides.whole, draft.id, "signature"), form, follow=True)
    assert "s’ouvre de lui-même le 1er janvier 2027" in done.content.decode()
    assert authority(sides.commune.id).procurement_from == STARTS


def agreements(sides: Sides) -> list[SharingAgreement]:
    with scope.authority(sides.whole.id):
        return list(SharingAgreement.objects.all())
