"""The home page of an authority leads to what it buys with others, once that is shown to everybody."""

import pytest
from django.test import Client

from tests.pooling.pooling_world import a_group, houses
from tests.world import an_authority

pytestmark = pytest.mark.django_db
LINK = "/groupements/"


def test_members_lead_to_their_groups() -> None:
    circle = a_group(houses(2))
    for house in circle.houses:
        assert f'"/{house.slug}{LINK}"' in Client().get(f"/{house.slug}/").content.decode()


def test_others_do_not() -> None:
    a_group(houses(2), public=False)
    stranger = an_authority("autre-rive")
    for slug in (stranger.slug, "mulhouse"):
        assert LINK not in Client().get(f"/{slug}/").content.decode()
