"""The address that opens one simulation without an account: the scenario itself, with a keyed signature, never stored.

It cannot be taken back before its last day: the page that makes it says so.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.core import signing

from parvis.pooling.rules.scenario import Scenario, read, write
from parvis.pooling.selectors.today import today

DAYS = 90
_SIGNER = signing.Signer(salt="parvis.pooling.simulation", sep="~")


@dataclass(frozen=True, slots=True)
class SharedSimulation:
    """`authority_id`: who shared it, in whose name the group is read. `until`: the last day of the link."""

    group_id: UUID
    authority_id: UUID
    scenario: Scenario
    until: date

    @property
    def expired(self) -> bool:
        return today() > self.until


def last_day() -> date:
    return today() + timedelta(days=DAYS)


def simulation_key(group_id: UUID, authority_id: UUID, scenario: Scenario, until: date) -> str:
    parts = [group_id.hex, authority_id.hex, until.isoformat(), write(scenario)]
    return _SIGNER.sign_object(parts, compress=True)


def simulation_of(key: str) -> SharedSimulation | None:
    """None for a key that we did not write."""
    try:
        group, house, until, query = _SIGNER.unsign_object(key)
        return SharedSimulation(
            UUID(hex=group), UUID(hex=house), read(query).scenario, date.fromisoformat(until)
        )  # fmt: skip
    except (signing.BadSignature, ValueError, TypeError):
        return None
