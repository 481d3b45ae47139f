"""The forecourt: the agglomeration's home, and each authority's own."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.appointments.facade import places
from parvis.authorities.facade import AuthorityView, agglomeration, authorities, authority_page
from parvis.pooling.facade import public_groups
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
        "doors": doors(),
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
        "doors": doors(house),
        "places": places(authority_id=house.id),
        "offers": offers(),
        "groups_url": reverse("public_groups", args=[house.slug]) if public_groups() else "",
    }
    return render(request, "portal/authority.html", context)


def doors(house: AuthorityView | None = None) -> list[tuple[str, str, str]]:
    """What most people come for, first on the page: (label, what it is for, address)."""
    if house is None:
        whole = agglomeration()
        meet = (
            _("Prendre un rendez-vous"),
            _("Carte d’identité, passeport et autres : toutes les mairies comparées, sans compte."),
            reverse("find_appointment"),
        )
        buy = (
            _("Répondre à un marché public"),
            _("Les consultations en cours, leurs documents, le dépôt scellé de vos plis."),
            reverse("all_consultations"),
        )
        return [meet, *([_find(whole)] if whole else []), buy]
    here = places(authority_id=house.id)
    meet = (
        _("Prendre un rendez-vous"),
        _("%(places)s\u202f: sans compte, en quelques minutes.") % {"places": _listed([one.name for one in here])}
        if here
        else _("Dans les mairies voisines : celle-ci n’en prend pas en ligne."),
        reverse("appointments", args=[house.slug]),
    )
    buy = (
        _("Répondre à un marché public"),
        _("Les consultations en cours et le dépôt scellé de vos plis."),
        reverse("consultations", args=[house.slug]),
    )
    return [meet, *([_find(house)] if here else []), buy]


def _find(house: AuthorityView) -> tuple[str, str, str]:
    """The links of somebody's appointments leave by mail, whichever place they are at."""
    return (
        _("Retrouver mon rendez-vous"),
        _("Pour le déplacer ou l’annuler\u202f: nous vous envoyons son lien."),
        reverse("find_booking", args=[house.slug]),
    )


def _listed(names: list[str]) -> str:
    """« la mairie », « la mairie, la piscine et 2 autres lieux »."""
    if len(names) > 3:
        names = [*names[:2], _("%(n)s autres lieux") % {"n": len(names) - 2}]
    if len(names) == 1:
        return names[0]
    return _("%(first)s et %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


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
