"""The operator creates authorities and agents, and reads nobody's files: 403 on every desk page there is."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from parvis.authorities.rules import PREROGATIVES, RESERVED_SLUGS, Role
from tests.world import an_agent, an_authority, signed_in

SAMPLE = UUID("01a00000-0000-7000-8000-000000000000")


def test_no_prerogative_but_its_own() -> None:
    assert {name for name, roles in PREROGATIVES.items() if Role.OPERATOR in roles} == {"platform.operate"}


def _routes(found: list[Any], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address as it is written, with its prefixes."""
    for one in found:
        route = before + str(one.pattern).lstrip("^")
        if isinstance(one, URLResolver):
            yield from _routes(one.url_patterns, route)
        else:
            yield route, one


def _arguments(pattern: URLPattern) -> dict[str, Any]:
    kinds = {"UUIDConverter": SAMPLE, "IntConverter": 1}
    found = {name: kinds.get(type(kind).__name__, "x") for name, kind in pattern.pattern.converters.items()}
    return {**found, "authority": "valbruche"}


@pytest.mark.django_db
def test_every_desk_page_answers_403(settings: Any) -> None:
    settings.ROOT_URLCONF = "parvis.site.urls"
    an_authority()
    whole = an_authority("agglo", kind="agglomeration")
    client = signed_in(an_agent(whole, "operator"), whole, "operator")
    found = list(_routes(get_resolver("parvis.site.urls").url_patterns))
    gates = {route: getattr(pattern.callback, "gate", "") for route, pattern in found}
    desks = [(r, p) for r, p in found if gates[r] in PREROGATIVES and gates[r] != "platform.operate"]
    assert desks
    for route, pattern in desks:
        for name, value in _arguments(pattern).items():
            for written in (f"<slug:{name}>", f"<uuid:{name}>", f"<int:{name}>", f"<str:{name}>", f"<{name}>"):
                route = route.replace(written, str(value))
        for ask in (client.get, client.post):
            assert ask(f"/{route}").status_code in {403, 405}, route


def test_no_authority_can_take_an_address_of_the_platform() -> None:
    routes = [route for route, _pattern in _routes(get_resolver("parvis.site.urls").url_patterns)]
    firsts = {route.partition("/")[0].partition(".")[0] for route in routes}
    taken = {first for first in firsts if first and "<" not in first and "(" not in first}
    assert taken - RESERVED_SLUGS == set()
