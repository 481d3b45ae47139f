"""The forecourt: the agglomeration's home, and each authority's own."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.authorities.facade import AuthorityView, agglomeration, authorities, authority_page
from parvis.portal.cards import cards
from parvis.procurement.facade import Filters, open_counts, search_published, trial_is_open

SHOWN = 6


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """The agglomeration's home; under an authority's own host name, that authority's."""
    own: AuthorityView | None = getattr(request, "host_authority", None)
    if own is not None:
        return authority_home(request, authority=own.slug)
    found = search_published(Filters(), per_page=SHOWN)
    counts = open_counts()
    everyone = authorities()
    whole = agglomeration()
    context = {
        "whole": whole,
        "cards": cards(found.lines),
        "total": found.total,
        "houses": [(house, counts.get(house.id, 0)) for house in everyone if whole is None or house.id != whole.id],
        "whole_open": counts.get(whole.id, 0) if whole else 0,
        "offers": offers(),
        "all_url": reverse("all_consultations"),
        "search_url": reverse("search"),
    }
    return render(request, "portal/home.html", context)


@require_safe
@authority_page
def authority_home(request: Any) -> HttpResponse:
    house: AuthorityView = request.authority
    found = search_published(Filters(authority_id=house.id), per_page=SHOWN)
    past = search_published(Filters(authority_id=house.id, when="closed"), per_page=1)
    whole = agglomeration()
    base = reverse("consultations", args=[house.slug])
    context = {
        "house": house,
        "whole": whole if whole and whole.id != house.id else None,
        "cards": cards(found.lines),
        "total": found.total,
        "past": past.total,
        "list_url": base,
        "past_url": f"{base}?etat=closed",
        "all_url": reverse("all_consultations"),
        "offers": offers(),
    }
    return render(request, "portal/authority.html", context)


def offers() -> list[tuple[str, str, str]]:
    """What Parvis does today, and nothing that it does not do yet: (label, what it is for, address)."""
    trial = (
        _("Essayer un dépôt"),
        _("Sans engagement, à toute heure, avec vos propres fichiers."),
        reverse("try_a_deposit"),
    )
    return [
        *([trial] if trial_is_open() else []),
        (
            _("Comprendre le scellement"),
            _("Comment vos plis restent fermés jusqu’à l’ouverture."),
            reverse("how_sealing_works"),
        ),
        (_("Vérifier un récépissé"), _("Même des années après, même sans compte."), reverse("verify_receipt")),
    ]
