from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from parvis.authorities.facade import authority_by_host

Next = Callable[[HttpRequest], HttpResponse]


def host_authority(get_response: Next) -> Next:
    """An authority with its own host name is at home there: `request.host_authority` says which one, or None.

    Only the hosts opened by the operator (OWN_HOSTS) are looked up: the platform's own address can be nobody's.
    """
    own = frozenset(settings.OWN_HOSTS) - {urlsplit(settings.PUBLIC_URL).hostname}

    def middleware(request: HttpRequest) -> HttpResponse:
        host = request.get_host().partition(":")[0]
        request.host_authority = authority_by_host(host) if host in own else None  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def no_zero_byte(get_response: Next) -> Next:
    """PostgreSQL holds no zero byte in a text: such an address is refused, not an error of ours. Raises BadRequest."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("a zero byte in the address")
        return get_response(request)

    return middleware
