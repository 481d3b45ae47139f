"""Populations of the members: recorded by the coordinator, pasted from a table, corrected with a trace."""

from uuid import UUID

import pytest

from parvis.audit.facade import facts
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import DatedPopulation
from parvis.pooling.rules.populations import Counted, Place, read_pasted
from parvis.pooling.services.record_population import record_population
from tests.pooling.cost_world import ACTOR
from tests.pooling.pooling_world import a_group

A, B = UUID(int=1), UUID(int=2)
PLACES = [Place(A, "L’Île-Haute", "111111111", "68001"), Place(B, "Le Val", "222222222", "68002")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Membre;2021;2022\nL’Île-Haute;1 200;1 250\nLe Val;90;\n", id="semicolons"),
        pytest.param("\ufeffCommune\t2021\t2022\r\nl'île haute\t1200\t1\u202f250\r\n\r\n222222222\t90\r\n", id="tabs"),
        pytest.param('Code,2021,2022\n68001,"1200",1250\n68002,90,', id="commas and codes"),
    ],
)
def test_a_pasted_table_is_read(text: str) -> None:
    found = read_pasted(text, PLACES, "totale")
    assert found.problems == ()
    assert set(found.counted) == {
        Counted(A, "totale", 2021, 1200), Counted(A, "totale", 2022, 1250), Counted(B, "totale", 2021, 90),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "une ligne par membre", id="nothing"),
        pytest.param("Membre;2022", "une ligne par membre", id="title alone"),
        pytest.param("Membre;an\nLe Val;1", "première ligne", id="no year"),
        pytest.param("Le Val;90\nL’Île-Haute;1200", "première ligne", id="no title"),
        pytest.param("Membre;2022\nAilleurs;90", "Ailleurs", id="stranger"),
        pytest.param("Membre;2022\nLe Val;-5", "-5", id="negative"),
        pytest.param("Membre;2022\nLe Val;9,5", "9,5", id="decimals"),
    ],
)
def test_what_is_not_understood_is_said(text: str, words: str) -> None:
    found = read_pasted(text, PLACES, "totale")
    assert found.counted == ()
    assert words in found.problems[0]


@pytest.mark.django_db
def test_figures_are_recorded_and_corrected_with_a_trace() -> None:
    circle = a_group()
    first, second = circle.houses[:2]
    given = [Counted(first.id, "totale", 2022, 276_825), Counted(second.id, "totale", 2023, 106_341)]
    with scope.authority(circle.coordinator.id):
        assert record_population(circle.group.id, given, source="Insee 2025", actor_id=ACTOR) == 2
        assert record_population(circle.group.id, given, source="Insee 2025", actor_id=ACTOR) == 0
        given = [Counted(second.id, "totale", 2023, 106_342)]
        assert record_population(circle.group.id, given, source="Insee 2025", actor_id=ACTOR) == 1
        assert DatedPopulation.objects.get(member=second, year=2023).inhabitants == 106_342
        last = facts([circle.group.id])[-1]
    assert last.data["changed"] == [[str(second.id), "totale", 2023, 106_341, 106_342]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("counted", "source", "code"),
    [
        pytest.param([("totale", 2023, 5)], " ", "no_source", id="source"),
        pytest.param([], "Insee", "nothing", id="nothing"),
        pytest.param([("autre", 2023, 5)], "Insee", "unknown_kind", id="kind"),
        pytest.param([("totale", 23, 5)], "Insee", "impossible_year", id="year"),
        pytest.param([("totale", 2023, -5)], "Insee", "impossible_number", id="number"),
    ],
)
def test_an_impossible_figure_is_refused(counted: list[tuple[str, int, int]], source: str, code: str) -> None:
    circle = a_group()
    given = [Counted(circle.member.id, *one) for one in counted]
    with scope.authority(circle.coordinator.id), pytest.raises(Refusal) as found:
        record_population(circle.group.id, given, source=source)
    assert found.value.code == code


@pytest.mark.django_db
def test_only_the_coordinator_records_and_only_of_members() -> None:
    circle = a_group()
    given = [Counted(circle.member.id, "totale", 2023, 5)]
    with scope.authority(circle.member.id), pytest.raises(Refusal) as found:
        record_population(circle.group.id, given, source="Insee")
    assert found.value.code == "not_coordinator"
    with scope.authority(circle.coordinator.id), pytest.raises(Refusal) as found:
        record_population(circle.group.id, [Counted(UUID(int=9), "totale", 2023, 5)], source="Insee")
    assert found.value.code == "not_member"
