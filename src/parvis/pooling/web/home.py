"""The first page of pooling: what waits, one's agreement, one's groups and what one pays there this year."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from parvis.authorities.facade import authorities, desk_page
from parvis.pooling.rules.agreement import ONE_DAY
from parvis.pooling.selectors.agreements import LIVE, agreement_to_show, agreements_by_commune, agreements_of
from parvis.pooling.selectors.frameworks import consumption, frameworks_of, in_term
from parvis.pooling.selectors.groups import IN_IT, GroupRow, groups_here
from parvis.pooling.selectors.joinable import joinable_groups
from parvis.pooling.selectors.shares import year_shares
from parvis.pooling.selectors.today import today
from parvis.pooling.selectors.waiting_here import waiting_here
from parvis.pooling.web.agreements.words import day_words, state_words
from parvis.pooling.web.frame import crumbs

# What one reads at once; the rest is in each group.
SHOWN = 10


@require_safe
@desk_page("pooling.read")
def pooling(request: Any) -> HttpResponse:
    house = request.authority
    due = [
        {"what": one.what, "url": reverse(one.page, args=[house.slug, *one.ids]), "by": one.by, "late": one.late}
        for one in waiting_here()
    ]
    *above, (here, _url) = crumbs(house)
    context = {
        "crumbs": [*above, (here, "")],
        "due": due[:SHOWN],
        "more": max(0, len(due) - SHOWN),
        "agreement": _agreements(house) if house.kind == "agglomeration" else _own_agreement(house),
        "agreements_url": reverse("agreements", args=[house.slug]),
        "groups": [_group(house, row) for row in groups_here()],
        "groups_url": reverse("groups", args=[house.slug]),
        "joinable": len(joinable_groups()),
    }
    return render(request, "pooling/home.html", context)


def _agreements(house: Any) -> dict[str, Any]:
    """Of the agglomeration with its communes: how many are covered."""
    rows = agreements_by_commune()
    communes = [one for one in authorities() if one.kind == "commune"]
    live = sum(any(row.state in LIVE for row in rows.get(one.id, [])) for one in communes)
    none = len(communes) - live
    text = ngettext(
        "%(live)s commune sur %(all)s a une convention en vigueur.",
        "%(live)s communes sur %(all)s ont une convention en vigueur.",
        live,
    ) % {"live": live, "all": len(communes)}
    more = ngettext("%(num)s n’en a pas.", "%(num)s n’en ont pas.", none) % {"num": none}
    return {"text": text, "more": more if none else "", "status": None}


def _own_agreement(house: Any) -> dict[str, Any]:
    found = agreement_to_show(agreements_of(house.id))
    if found is None:
        text = _("Votre commune n’a pas encore de convention avec l’agglomération.")
        return {"text": text, "more": _("L’agglomération la prépare avec vous."), "status": None}
    text = _("Convention {number}").format(number=found.number)
    more = ""
    if found.state in LIVE and found.ends_on is not None:
        more = _("Elle prend fin le {day} au plus tard.").format(day=day_words(found.ends_on - ONE_DAY))
    return {"text": text, "more": more, "status": state_words(found)}


def _group(house: Any, row: GroupRow) -> dict[str, Any]:
    """One group: the framework in term, and the part of the year of `house`, if it is a member."""
    group, year = row.group, today().year
    part = year_shares(group, year).amounts(house.siren).ttc if row.own.state in IN_IT else 0
    framework = next((one for one in frameworks_of(group.id) if in_term(one, today())), None)
    return {
        "row": row,
        "url": reverse("group", args=[house.slug, group.id]),
        "year": year,
        "part": part,
        "costs_url": reverse("group_costs", args=[house.slug, group.id]),
        "framework": framework,
        "used": consumption(framework) if framework else None,
    }
