"""A simulation for whoever has its link: read only, no account, out of search engines."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from parvis.authorities.facade import authority_page
from parvis.pooling.rules.scenario import Scenario
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.selectors.simulation_links import SharedSimulation, simulation_of
from parvis.pooling.selectors.simulations import ground_of, simulation
from parvis.pooling.web.simulator.result import left_words, result_context


@never_cache
@require_safe
@authority_page
def public_simulation(request: Any, key: str) -> HttpResponse:
    """Raises Http404 for a key of another authority, or one that we did not write."""
    shared = simulation_of(key)
    if shared is None or shared.authority_id != request.authority.id:
        raise Http404(_("Ce lien n’ouvre aucune simulation. Copiez-le en entier, ou demandez-en un autre."))
    response = _expired(request, shared) if shared.expired else _page(request, shared)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _expired(request: Any, shared: SharedSimulation) -> HttpResponse:
    return render(request, "pooling/simulator/expired.html", {"until": shared.until}, status=410)


def _page(request: Any, shared: SharedSimulation) -> HttpResponse:
    ground = ground_of(group_in_reach(shared.group_id), shared.scenario.year)
    sim = simulation(ground, Scenario(ground.year, shared.scenario.measure, shared.scenario.wishes))
    context = {
        **result_context(
            sim, request.authority, request.GET.get("pourquoi", ""), lambda siren: f"?pourquoi={siren}#pourquoi",
            yours=False,
        ),
        "group": ground.group, "until": shared.until, "costs_words": left_words(sim),
    }  # fmt: skip
    return render(request, "pooling/simulator/shared.html", context)
