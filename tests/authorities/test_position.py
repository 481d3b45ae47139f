"""Where a town hall stands: both figures or none, on the globe, and told to the other rooms."""

import pytest
from django.db import IntegrityError, transaction

from parvis.authorities.facade import authority
from tests.world import an_authority

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(47.75, None), (None, 7.34), (90.5, 7.0), (-91.0, 7.0), (47.0, 180.5), (47.0, -181.0), (float("nan"), 7.0)],
    ids=["no longitude", "no latitude", "north", "south", "east", "west", "nan"],
)
def test_half_a_position_or_one_off_the_globe_is_refused(latitude: float | None, longitude: float | None) -> None:
    with pytest.raises(IntegrityError, match="both_coordinates_or_none"), transaction.atomic():
        an_authority(latitude=latitude, longitude=longitude)


@pytest.mark.parametrize(("latitude", "longitude"), [(None, None), (47.749928, 7.33623), (-90.0, 180.0)])
def test_the_view_tells_the_position(latitude: float | None, longitude: float | None) -> None:
    told = authority(an_authority(latitude=latitude, longitude=longitude).id)
    assert (told.latitude, told.longitude) == (latitude, longitude)
