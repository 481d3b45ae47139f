from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.authorities.facade import desk_page
from parvis.pooling.web.frame import crumbs


@require_safe
@desk_page("pooling.read")
def pooling(request: Any) -> HttpResponse:
    return render(request, "pooling/home.html", {"crumbs": crumbs(request.authority)})
