"""An authority's stylesheet and coat of arms: small files that browsers keep."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from parvis.authorities.selectors import authority_by_slug, look_mark
from parvis.kit.coat import coat_svg
from parvis.kit.theme import theme_css

_YEAR = 365 * 24 * 3600
# A coat is only ever drawn: nothing in it may load, run or be framed.
_DRAWING_ONLY = "default-src 'none'; style-src 'none'; sandbox"


def _theme(slug: str) -> str:
    found = authority_by_slug(slug)
    if found is None:
        raise Http404(_("Cette collectivité n’est pas sur cette plateforme."))
    return theme_css(found.accent)


def _coat(slug: str) -> str:
    found = authority_by_slug(slug)
    if found is None:
        raise Http404(_("Cette collectivité n’est pas sur cette plateforme."))
    return found.logo or coat_svg(found.name, found.accent)


def _answer(request: HttpRequest, content: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    if request.GET.get("v") == look_mark(content):
        patch_cache_control(response, public=True, max_age=_YEAR, immutable=True)
    else:
        patch_cache_control(response, public=True, max_age=300)
    return response


@require_safe
@condition(etag_func=lambda request, slug: f'"{look_mark(_theme(slug))}"')
def theme(request: HttpRequest, slug: str) -> HttpResponse:
    return _answer(request, _theme(slug), "text/css; charset=utf-8")


@require_safe
@condition(etag_func=lambda request, slug: f'"{look_mark(_coat(slug))}"')
def coat(request: HttpRequest, slug: str) -> HttpResponse:
    response = _answer(request, _coat(slug), "image/svg+xml; charset=utf-8")
    response["Content-Security-Policy"] = _DRAWING_ONLY
    return response
