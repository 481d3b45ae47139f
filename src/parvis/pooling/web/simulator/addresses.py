"""Where each button of a simulation leads: the address of the page says what it shows."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from parvis.pooling.rules.scenario import Scenario, write


def address(request: Any, group_id: UUID, scenario: Scenario, name: str = "simulator", **more: str) -> str:
    """One of the simulator's pages with this scenario; `more`: what else its query string says."""
    where = reverse(name, args=[request.authority.slug, group_id])
    return with_query(where, write(scenario), urlencode(more))


def shared_address(slug: str, key: str) -> str:
    """The whole address of the public page."""
    return f"{settings.PUBLIC_URL}{reverse('public_simulation', args=[slug, key])}"


def with_query(where: str, *queries: str) -> str:
    query = "&".join(filter(None, queries))
    return f"{where}?{query}" if query else where
