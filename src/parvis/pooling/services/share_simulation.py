from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.rules.scenario import Scenario, write
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.selectors.simulation_links import last_day, simulation_key
from parvis.pooling.services.held_member import require_membership


def share_simulation(group_id: UUID, scenario: Scenario, *, actor_id: UUID) -> tuple[str, date]:
    """A key that opens this simulation of the group to whoever holds it, and its last day. It shows the amounts of
    every member: the fact says who opened them, and nothing else is kept.

    `scenario` says its year, so that the link shows the same costs whenever it is read.
    A prospect reads the group and may not show it. Raises Http404, Refusal: empty_scenario, not_member.
    """
    if not scenario.wishes:
        message = _("Ajoutez d’abord un changement\u202f: il n’y a encore rien à montrer.")
        raise Refusal("empty_scenario", message)
    with transaction.atomic():
        group = group_in_reach(group_id)
        require_membership(group)
        until = last_day()
        key = simulation_key(group.id, scope.current_authority(), scenario, until)
        data = {"scenario": write(scenario), "until": until.isoformat()}
        audit.record("simulation.shared", subject=group.id, data=data, actor=actor_id)
    return key, until
