"""The operator creates authorities and agents, and reads nobody's files: 403 on every desk page there is."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from parvis.authorities.rules import PREROGATIVES, Role
from tests.world import an_agent, an_authority, signed_in

SAMPLE = UUID("01a00000-0000-7000-8000-000000000000")


def test_no_prerogative_but_its_own() -> None:
    assert {name for name, roles in PREROGATIVES.items() if Role.OPERATOR in roles} == {"platform.operate"}


def _patterns(found: list[Any]) -> Iterator[URLPattern]:
    for one in found:
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns)
        else:
            yield one


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
    gates = {p: getattr(p.callback, "gate", "") for p in _patterns(get_resolver("parvis.site.urls").url_patterns)}
    desks = [p for p, gate in gates.items() if gate in PREROGATIVES and gate != "platform.operate"]
    assert desks
    for pattern in desks:
        route = str(pattern.pattern)
        for name, value in _arguments(pattern).items():
            for written in (f"<slug:{name}>", f"<uuid:{name}>", f"<int:{name}>", f"<str:{name}>", f"<{name}>"):
                route = route.replace(written, str(value))
        for ask in (client.get, client.post):
            assert ask(f"/{route}").status_code in {403, 405}, route
