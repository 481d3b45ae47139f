"""Two agents call an instalment at once, one creditor calls from several groups: one set, one series of numbers."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import IntegrityError, connection

from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import JointProcurement, Statement
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.services import held_year as holding
from parvis.pooling.services import write_statements as writing
from parvis.pooling.services.call_instalment import call_instalment
from parvis.pooling.services.credit_statement import credit_statement
from tests.pooling.pooling_world import Circle, a_cost, a_group
from tests.pooling.statement_world import a_called_circle

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AGENTS = 6


def together(jobs: list[Callable[[], object]]) -> Counter[str]:
    """All begin at once, each on a connection of its own; how each ended."""
    barrier = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> str:
        try:
            barrier.wait()
            job()
        except Refusal as refusal:
            return refusal.code
        except IntegrityError:
            return "database"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(jobs)) as pool:
        return Counter(pool.map(run, jobs))


def calling(circle: Circle, group_id: UUID | None = None) -> Callable[[], object]:
    def call() -> object:
        with scope.authority(circle.coordinator.id):
            return call_instalment(group_id or circle.group.id, 2026, 1)

    return call


def numbers(circle: Circle) -> list[str]:
    with scope.authority(circle.coordinator.id):
        return sorted(Statement.objects.values_list("number", flat=True))


def test_agents_who_call_the_same_instalment_make_one_set() -> None:
    circle = a_called_circle()
    assert together([calling(circle)] * AGENTS) == {"done": 1, "called": AGENTS - 1}
    assert numbers(circle) == [f"2026-{n:04d}" for n in range(1, 6)]


def test_without_the_lock_the_database_alone_keeps_one_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: they do meet, and what is refused then is no answer for an agent."""

    def not_held(group_id: UUID) -> JointProcurement:
        return group_in_reach(group_id)

    monkeypatch.setattr(holding, "held_group", not_held)
    monkeypatch.setattr(writing, "next_number", racing_number)
    circle = a_called_circle()
    ended = together([calling(circle)] * AGENTS)
    assert ended["database"] > 0
    assert len(numbers(circle)) == 5


def racing_number(year: int) -> str:
    """As the service counts, without waiting for the others."""
    return f"{year}-{Statement.objects.filter(authority_id=scope.current_authority(), year=year).count() + 1:04d}"


def test_two_groups_of_one_creditor_share_one_series_of_numbers() -> None:
    circle = a_called_circle()
    others = [a_group(circle.houses, name=f"Groupement {n}") for n in range(3)]
    for one in others:
        a_cost(one, "base", 1_000_00, "shared")
    ended = together([calling(circle), *(calling(circle, one.group.id) for one in others)])
    assert ended == {"done": 4}
    assert numbers(circle) == [f"2026-{n:04d}" for n in range(1, 21)]


def test_a_statement_is_cancelled_once() -> None:
    circle = a_called_circle(1)
    with scope.authority(circle.coordinator.id):
        one = Statement.objects.get(debtor=circle.member)

    def cancel() -> object:
        with scope.authority(circle.coordinator.id):
            return credit_statement(one.id, "Erreur")

    assert together([cancel] * AGENTS) == {"done": 1, "not_now": AGENTS - 1}
