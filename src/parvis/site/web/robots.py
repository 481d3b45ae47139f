from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

# What a link opens for one person, or what takes a slot, is no page for a search engine.
RULES = """User-agent: *
Disallow: /*/rendez-vous/creneau/
Disallow: /*/rendez-vous/suivi/
Disallow: /rendez-vous/attente/
Disallow: /rendez-vous/offre/
Disallow: /api/
Disallow: /demo/
"""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(RULES, content_type="text/plain; charset=utf-8")
