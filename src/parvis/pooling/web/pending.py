"""Holds the addresses of pages being written; gone when the last of them is."""

from typing import Any

from django.http import HttpResponse

from parvis.authorities.facade import desk_page


@desk_page("pooling.read")
def pending(request: Any, **_where: Any) -> HttpResponse:
    return HttpResponse("")
