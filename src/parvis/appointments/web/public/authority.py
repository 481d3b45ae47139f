"""The places of one authority and why people come to each."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from parvis.appointments.rules.reasons import SHARED
from parvis.appointments.selectors.places import places, reasons
from parvis.appointments.selectors.search import first_slots
from parvis.appointments.web.public import cards
from parvis.authorities.facade import AuthorityView, authority_page


@require_safe
@cache_control(private=True, no_cache=True)
@authority_page
def appointments(request: Any) -> HttpResponse:
    house: AuthorityView = request.authority
    shown = places(authority_id=house.id)
    offered = reasons(place_ids=[one.id for one in shown])
    first = first_slots(one.id for one in offered)
    rows = [
        {
            "place": place,
            "url": cards.place_url(place),
            "reasons": [
                cards.reason_line(place, one, first.get(one.id)) for one in offered if one.place_id == place.id
            ],
        }
        for place in shown
    ]
    context = {
        "house": house,
        "rows": rows,
        "shared": any(one.code in SHARED for one in offered),
        "whole_url": cards.find_url(pres=house.name) if house.kind == "commune" else reverse("find_appointment"),
    }
    return render(request, "appointments/public/authority.html", context)
