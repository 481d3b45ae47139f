"""The groups of an authority for everybody, without an account, and as open data."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from parvis.authorities.facade import authority_page
from parvis.kit import clock
from parvis.pooling.models import FrameworkAgreement
from parvis.pooling.rules.ceiling import percent
from parvis.pooling.selectors.public_groups import PublicGroup, PublicYear, public_group, public_groups
from parvis.pooling.web.percent import percent_words

LICENCE = {
    "id": "etalab-2.0",
    "name": "Licence Ouverte 2.0",
    "url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}


@require_safe
@authority_page
def groups(request: Any) -> HttpResponse:
    house = request.authority
    rows = [(public_group(one.id), reverse("public_group", args=[house.slug, one.id])) for one in public_groups()]
    return render(request, "pooling/public/list.html", {"rows": rows, "house": house})


@require_safe
@authority_page
def group(request: Any, group: UUID) -> HttpResponse:
    house, found = request.authority, public_group(group)
    context = {
        "found": found,
        "last_day": last_day(found.group.ends_on),
        "frameworks": [(one, last_day(one.ends_on)) for one in found.frameworks],
        "bars": [_bar(one) for one in found.frameworks],
        "json_url": reverse("public_group_json", args=[house.slug, found.group.id]),
        "licence": LICENCE,
        "house": house,
    }
    return render(request, "pooling/public/group.html", context)


def _bar(one: FrameworkAgreement) -> tuple[str, float, str]:
    used = percent(one.used_cents, one.max_cents)
    return one.reference, used, percent_words(used)


@require_safe
@authority_page
def group_json(request: Any, group: UUID) -> JsonResponse:
    """Open data: amounts in integer euro cents, dates in ISO 8601, last days included."""
    found = public_group(group)
    page = f"{settings.PUBLIC_URL}{reverse('public_group', args=[request.authority.slug, found.group.id])}"
    response = JsonResponse(as_data(found, page), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Access-Control-Allow-Origin"] = "*"
    return response


def as_data(found: PublicGroup, page: str) -> dict[str, Any]:
    group = found.group
    return {
        "licence": LICENCE,
        "page": page,
        "made_at": clock.now().isoformat(timespec="seconds"),
        "currency": "EUR",
        "unit": "cent",
        "id": str(group.id),
        "name": group.name,
        "purpose": group.purpose,
        "state": group.state,
        "signed_on": _iso(group.signed_on),
        "starts_on": _iso(group.starts_on),
        "last_day": _iso(last_day(group.ends_on)),
        "coordinator": {"name": found.coordinator.name, "siren": found.coordinator.siren},
        "members": [
            {"name": one.name, "siren": one.siren, "member_from": _iso(one.effective_on)} for one in found.members
        ],
        "frameworks": [_framework(one) for one in found.frameworks],
        "shared_eservices": [{"name": one.name, "members": list(one.members)} for one in found.services],
        "closed_years": [_year(one) for one in found.years],
    }


def _framework(one: FrameworkAgreement) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "title": one.title,
        "contractor": {"name": one.contractor_name, "siret": one.contractor_siret},
        "starts_on": _iso(one.starts_on),
        "last_day": _iso(last_day(one.ends_on)),
        "minimum_excl_vat": one.min_cents,
        "maximum_excl_vat": one.max_cents,
        "used_excl_vat": one.used_cents,
        "used_before_the_platform_excl_vat": one.earlier_cents,
        "used_before_the_platform_until": _iso(one.earlier_until),
    }


def _year(one: PublicYear) -> dict[str, Any]:
    return {
        "year": one.year,
        "total_excl_vat": one.total.ht,
        "total_vat": one.total.vat,
        "members": [{"name": name, "excl_vat": part.ht, "vat": part.vat} for name, part in one.rows],
    }


def last_day(first_without: date | None) -> date | None:
    return first_without - timedelta(days=1) if first_without else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
