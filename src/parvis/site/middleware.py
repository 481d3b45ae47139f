from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from parvis.authorities.facade import authority_by_host

Next = Callable[[HttpRequest], HttpResponse]


def host_authority(get_response: Next) -> Next:
    """An authority with its own host name is at home there: `request.host_authority` says which one, or None."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.host_authority = authority_by_host(request.get_host().partition(":")[0])  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
