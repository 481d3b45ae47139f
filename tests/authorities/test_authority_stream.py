"""The gate of pages that ask an outside system: the authority is known, and no transaction is open."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse

from parvis.authorities.facade import authority_page, authority_stream
from parvis.kit import scope
from tests.world import an_authority

pytestmark = pytest.mark.django_db


def _view(request: Any) -> HttpResponse:
    return HttpResponse(f"{request.authority.slug} {scope.authority_in_scope() is not None}")


@pytest.fixture
def visit() -> HttpRequest:
    request = HttpRequest()
    request.user = AnonymousUser()
    request.session = SimpleNamespace(get=lambda *_: None)  # type: ignore[assignment]
    return request


def test_the_authority_is_known_and_no_scope_is_open(visit: HttpRequest) -> None:
    an_authority("valbruche")
    assert authority_stream(_view)(visit, authority="valbruche").content == b"valbruche False"  # type: ignore[attr-defined]
    assert authority_page(_view)(visit, authority="valbruche").content == b"valbruche True"  # type: ignore[attr-defined]


def test_an_unknown_authority_is_not_found(visit: HttpRequest) -> None:
    with pytest.raises(Http404):
        authority_stream(_view)(visit, authority="nulle-part")
