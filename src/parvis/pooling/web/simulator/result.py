"""A simulation as its pages show it, for agents and for whoever has the link."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from parvis.authorities.facade import AuthorityView
from parvis.kit.money import NARROW, euros
from parvis.pooling.rules import Row
from parvis.pooling.rules.simulation_words import difference, share, summary, whole
from parvis.pooling.rules.words import of
from parvis.pooling.selectors.simulations import Simulation

TAXES = {"ttc": "TTC", "ht": "HT"}


def result_context(
    sim: Simulation, house: AuthorityView, wanted: str, why_url: Callable[[str], str], *, yours: bool
) -> dict[str, Any]:
    """What simulator/result.html reads. `wanted`: the SIREN whose amounts are explained; `yours`: the reader acts for
    `house`.
    """
    explained = sim.row(wanted) or sim.row(house.siren) or (sim.rows[0] if sim.rows else None)
    return {
        "sim": sim,
        "taxes": TAXES[sim.measure],
        "sentences": sentences(sim, house, yours=yours),
        "whole": whole(sim.total_before, sim.total_after, TAXES[sim.measure]),
        "rows": [_row(sim, row, house, why_url) for row in sim.rows],
        "bars": [(row.name, row.before, row.after, euros(row.before), euros(row.after)) for row in sim.rows],
        "total_difference": difference(sim.total_after - sim.total_before),
        "explained": explained,
        "whys": sim.why(explained.siren) if explained else (),
        "house": house,
        "yours": yours,
    }


def sentences(sim: Simulation, house: AuthorityView, *, yours: bool) -> list[str]:
    """What it comes to for this authority, then for each newcomer."""
    taxes, year = TAXES[sim.measure], sim.ground.year
    mine, found = sim.row(house.siren), []
    if mine is not None:
        whose = _("Votre part") if yours else _("La part {of_name}").format(of_name=house.of_name)
        found.append(summary(whose, mine.before, mine.after, taxes, year))
    for row in sim.rows:
        if row.siren in sim.joined and row.siren != house.siren:
            whose = _("La part {of_name}").format(of_name=of(row.name))
            found.append(summary(whose, row.before, row.after, taxes, year))
    return found


def left_words(sim: Simulation) -> str:
    """Says whose costs they are, when the year has none yet."""
    ground = sim.ground
    if ground.costs_of is None or ground.costs_of == ground.year:
        return ""
    return _("{year} n’a pas encore de coûts{narrow}: ceux de {costs_of} sont repris tels quels.").format(
        year=ground.year, narrow=NARROW, costs_of=ground.costs_of
    )


def _row(sim: Simulation, row: Row, house: AuthorityView, why_url: Callable[[str], str]) -> dict[str, Any]:
    return {
        "name": row.name, "before": row.before, "after": row.after, "difference": difference(row.difference),
        "share_before": share(row.before, sim.total_before), "share_after": share(row.after, sim.total_after),
        "joined": row.siren in sim.joined, "mine": row.siren == house.siren, "why_url": why_url(row.siren),
    }  # fmt: skip
