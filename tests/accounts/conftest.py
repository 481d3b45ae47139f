from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _rooms_below(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.rooms_below"
