"""What the addresses of the simulator name."""

from datetime import date

from parvis.authorities.models import Authority
from parvis.kit import scope
from parvis.pooling.rules.scenario import Offers, Scenario
from parvis.pooling.selectors.simulation_links import last_day, simulation_key
from tests.pooling.pooling_world import Circle


def simulation_rows(circle: Circle, here: Authority) -> dict[str, str]:
    """`@simulation`: the key of a public link that `here` made."""
    scenario = Scenario(2026, wishes=(Offers(here.siren, date(2026, 1, 1), "Cantine"),))
    with scope.authority(here.id):
        return {"simulation": simulation_key(circle.group.id, here.id, scenario, last_day())}
