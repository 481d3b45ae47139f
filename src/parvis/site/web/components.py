"""Every component in each of its states, on one page, for those who build pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.kit.showcase import showcase_context


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Mounted in the demo and the tests only; `?cadre=desk` or `session` shows them in the other frames."""
    return render(request, "kit/components.html", showcase_context(request.GET.get("cadre", "base")))
