"""Every commune and its agreement for the agglomeration; for a commune, its own."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.authorities.facade import AuthorityView, authorities, desk_page
from parvis.pooling.models import AgreementState, SharingAgreement
from parvis.pooling.rules.agreement import ONE_DAY, after_months, next_renewal
from parvis.pooling.selectors.agreements import (
    agreement_to_show,
    agreements_by_commune,
    agreements_of,
    in_force_or_to_come,
    missing_deliberations,
)
from parvis.pooling.selectors.today import today
from parvis.pooling.web.agreements.words import day_words, days_left_words, state_words
from parvis.pooling.web.frame import crumbs

# Named in addresses: what each view keeps is in `_views_of`.
VIEWS = ("toutes", "sans", "preparation", "en-vigueur", "a-suivre", "terminees")
SOON_MONTHS = 6


@require_safe
@desk_page("pooling.read")
def agreements(request: Any) -> HttpResponse:
    house = request.authority
    if house.kind != "agglomeration":
        return _own(request)
    text = request.GET.get("q", "").strip()[:100]
    rows = [one for one in _rows(house) if text.casefold() in one.commune.name.casefold()]
    asked = request.GET.get("vue", "")
    view = asked if asked in VIEWS else "toutes"
    base, more = reverse("agreements", args=[house.slug]), {"q": text} if text else {}
    labels = {
        "toutes": _("Toutes les communes"), "sans": _("Sans convention"), "preparation": _("En préparation"),
        "en-vigueur": _("En vigueur"), "a-suivre": _("À suivre"), "terminees": _("Terminées"),
    }  # fmt: skip
    context = {
        "crumbs": crumbs(house, (_("Conventions"), "")),
        "text": text,
        "view": view,
        "view_label": labels[view],
        "base_url": base,
        "tabs_items": [
            (labels[key], f"{base}?{urlencode({'vue': key, **more})}", key == view, sum(key in r.views for r in rows))
            for key in VIEWS
        ],
        "rows": [one for one in rows if view in one.views],
        "may_prepare": request.actor.may("pooling.coordinate", house.id),
        "new_url": reverse("agreement_new", args=[house.slug]),
        "communes": len(rows),
    }
    return render(request, "pooling/agreements/list.html", context)


def _own(request: Any) -> HttpResponse:
    """Straight to the commune's agreement; a page that says how one comes about while it has none."""
    house = request.authority
    found = agreement_to_show(agreements_of(house.id))
    if found is not None:
        return HttpResponseRedirect(reverse("agreement", args=[house.slug, found.id]))
    return render(request, "pooling/agreements/none.html", {"crumbs": crumbs(house, (_("Convention"), ""))})


@dataclass(frozen=True, slots=True)
class Row:
    """A commune and the agreement that counts for it; `views`: the saved views it belongs to."""

    commune: AuthorityView
    agreement: SharingAgreement | None
    state: tuple[str, str, str]
    days: str
    next: str
    left: str
    url: str
    views: frozenset[str]


def _rows(house: AuthorityView) -> list[Row]:
    held = agreements_by_commune()
    communes = [one for one in authorities() if one.kind == "commune"]
    return [_row(house, one, held.get(one.id, [])) for one in communes]


def _row(house: AuthorityView, commune: AuthorityView, rows: list[SharingAgreement]) -> Row:
    shown = agreement_to_show(rows)
    # One that was given up, or is over, leaves the commune without: the button to prepare the next one stands there.
    none = shown is None or not (in_force_or_to_come(shown) or shown.state == AgreementState.DRAFT)
    if shown is None:
        views = frozenset({"toutes", "sans"})
        return Row(commune, None, (_("Sans convention"), "", "info"), "", "", "", "", views)
    return Row(
        commune, shown, state_words(shown), _days(shown), _next(shown), days_left_words(shown),
        reverse("agreement", args=[house.slug, shown.id]),
        frozenset({"toutes", *_views(shown), *({"sans"} if none else ())}),
    )  # fmt: skip


def _views(agreement: SharingAgreement) -> set[str]:
    if agreement.state == AgreementState.DRAFT:
        return {"preparation"}
    if not in_force_or_to_come(agreement):
        return {"terminees"}
    soon = after_months(today(), SOON_MONTHS)
    follow = agreement.state == AgreementState.NOTICE or (agreement.ends_on or date.max) <= soon
    return {"en-vigueur", "a-suivre"} if follow else {"en-vigueur"}


def _days(agreement: SharingAgreement) -> str:
    if agreement.signed_on is None or agreement.starts_on is None or agreement.ends_on is None:
        return ""
    if agreement.ends_on <= agreement.starts_on:
        return _("jamais entrée en vigueur")
    running = agreement.state == AgreementState.RUNNING
    words = _("du {first} au {last} au plus tard") if running else _("du {first} au {last}")
    return words.format(first=day_words(agreement.starts_on), last=day_words(agreement.ends_on - ONE_DAY))


def _next(agreement: SharingAgreement) -> str:
    """What comes next for it, and when."""
    if agreement.state == AgreementState.DRAFT:
        missing = missing_deliberations(agreement)
        count = {2: _("Deux délibérations à joindre"), 1: _("Une délibération à joindre")}
        return count.get(len(missing), _("À signer"))
    if not in_force_or_to_come(agreement) or agreement.starts_on is None or agreement.ends_on is None:
        return ""
    if today() < agreement.starts_on:
        return _("Entre en vigueur le {day}").format(day=day_words(agreement.starts_on))
    renewal = next_renewal(agreement.starts_on, agreement.ends_on, today())
    if renewal is not None and agreement.state == AgreementState.RUNNING:
        return _("Reconduction le {day}").format(day=day_words(renewal))
    return _("Finit le {day}").format(day=day_words(agreement.ends_on - ONE_DAY))
