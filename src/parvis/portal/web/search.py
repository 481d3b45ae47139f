"""One search over all that is public: authorities and consultations."""

import unicodedata

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from parvis.authorities.facade import AuthorityView, authorities, platform_page
from parvis.portal.cards import cards
from parvis.procurement.facade import Filters, ListPage, search_published

LONGEST = 200


@require_safe
@platform_page
def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:LONGEST]
    page = request.GET.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
    found = search_published(Filters(text=text, when="all"), number) if text else ListPage()
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "text": text,
        "found": found,
        "cards": cards(found.lines),
        "houses": _matching(authorities(), text) if text else [],
        "prefix": f"?{query.urlencode()}&page=",
        "all_url": reverse("all_consultations"),
    }
    return render(request, "portal/search.html", context)


def _matching(houses: list[AuthorityView], text: str) -> list[AuthorityView]:
    """Authorities whose name or postcode holds every word, case and accents apart."""
    words = _folded(text).split()
    return [house for house in houses if all(word in _folded(f"{house.name} {house.postcode}") for word in words)]


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("-", " "))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
