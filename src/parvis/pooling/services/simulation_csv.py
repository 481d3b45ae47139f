"""A simulation for spreadsheets: UTF-8 with a mark, semicolons and decimal commas, as French ones expect."""

import csv
import io

from django.utils.translation import gettext as _

from parvis.pooling.selectors.simulations import Simulation


def simulation_csv(sim: Simulation) -> str:
    """One line for each member and cost, in euros, then one for the member's total."""
    taxes = sim.measure.upper()
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    amounts = (_("Avant"), _("Après"), _("Différence"))
    writer.writerow((_("Membre"), "SIREN", _("Exercice"), _("Coût"), *(f"{one} {taxes}" for one in amounts)))
    for row in sim.rows:
        head = (_harmless(row.name), row.siren, str(sim.ground.year))
        for one in row.costs:
            if one.before or one.after:
                writer.writerow((*head, _harmless(one.label), *map(_plain, (one.before, one.after, one.difference))))
        writer.writerow((*head, _("Ensemble"), *map(_plain, (row.before, row.after, row.difference))))
    return "\ufeff" + text.getvalue()


def _plain(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100},{abs(cents) % 100:02d}"


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@"} else cell
