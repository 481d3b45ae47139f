"""A simulation for spreadsheets: UTF-8 with a mark, semicolons and decimal commas, as French ones expect."""

from django.utils.translation import gettext as _

from parvis.kit.sheets import decimal_comma, sheet
from parvis.pooling.selectors.simulations import Simulation


def simulation_csv(sim: Simulation) -> str:
    """One line for each member and cost, in euros, then one for the member's total."""
    taxes = sim.measure.upper()
    amounts = (_("Avant"), _("Après"), _("Différence"))
    rows = [(_("Membre"), "SIREN", _("Exercice"), _("Coût"), *(f"{one} {taxes}" for one in amounts))]
    for row in sim.rows:
        head = (row.name, row.siren, str(sim.ground.year))
        for one in row.costs:
            if one.before or one.after:
                rows.append((*head, one.label, *map(decimal_comma, (one.before, one.after, one.difference))))
        rows.append((*head, _("Ensemble"), *map(decimal_comma, (row.before, row.after, row.difference))))
    return sheet(rows)
