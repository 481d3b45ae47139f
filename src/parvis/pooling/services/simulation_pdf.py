"""A simulation on paper, for a council or a committee: what is tried, what it comes to, and that it decides nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from parvis.authorities.facade import AuthorityView
from parvis.kit import clock
from parvis.kit.jinja import date_long
from parvis.kit.money import euros
from parvis.kit.pdf import render_pdf
from parvis.pooling.rules import Row
from parvis.pooling.rules.simulation_words import difference, share, whole
from parvis.pooling.selectors.simulations import Simulation

TEMPLATE = Path(__file__).resolve().parent.parent / "pdf" / "simulation.typ"


def simulation_file(
    sim: Simulation, house: AuthorityView, author: str, sentences: Sequence[str], costs_words: str
) -> bytes:
    """PDF. `sentences`: what it comes to for `house` and the newcomers; `costs_words`: whose year the costs are."""
    return render_pdf(TEMPLATE, simulation_data(sim, house, author, sentences, costs_words))


def simulation_data(
    sim: Simulation, house: AuthorityView, author: str, sentences: Sequence[str], costs_words: str
) -> dict[str, Any]:
    """Ready-made French sentences and amounts; `before` and `after` of a bar are from 0 to 1."""
    taxes = sim.measure.upper()
    most = max((max(row.before, row.after) for row in sim.rows), default=0) or 1
    mine = sim.row(house.siren)
    return {
        "group": sim.ground.group.name,
        "house": house.name,
        "author": author,
        "day": date_long(clock.now()),
        "year": sim.ground.year,
        "taxes": taxes,
        "costs_words": costs_words,
        "steps": [step.text for step in sim.steps if not step.problem] or [_("Aucun changement.")],
        "notes": [step.note for step in sim.steps if step.note],
        "left_out": [*(step.problem for step in sim.steps if step.problem), *sim.left_out],
        "sentences": list(sentences),
        "whole": whole(sim.total_before, sim.total_after, taxes),
        "rows": [_row(sim, row, house, most) for row in sim.rows],
        "total": {
            "before": euros(sim.total_before), "after": euros(sim.total_after),
            "difference": difference(sim.total_after - sim.total_before),
        },
        "costs": [
            {"label": one.label, "before": euros(one.before), "after": euros(one.after),
             "difference": difference(one.difference)}
            for one in (mine.costs if mine else ())
            if one.before or one.after
        ],
    }  # fmt: skip


def _row(sim: Simulation, row: Row, house: AuthorityView, most: int) -> dict[str, Any]:
    return {
        "name": row.name, "before": euros(row.before), "after": euros(row.after),
        "difference": difference(row.difference), "share_before": share(row.before, sim.total_before),
        "share_after": share(row.after, sim.total_after), "joined": row.siren in sim.joined,
        "mine": row.siren == house.siren, "before_part": max(0.0, row.before / most),
        "after_part": max(0.0, row.after / most),
    }  # fmt: skip
