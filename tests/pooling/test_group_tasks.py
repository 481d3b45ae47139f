"""The coordinator's duties: dated by facts, proved by the platform, noted by hand; and the disputes."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest

from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.notifications.models import Message
from parvis.pooling.models import CoordinatorTask, Dispute, JointProcurement, Paper, PaperKind
from parvis.pooling.rules.tasks import DUTIES, Facts, due, months_after, proven
from parvis.pooling.selectors.coordinator_tasks import TaskRow, coordinator_tasks
from parvis.pooling.services.add_task import add_task
from parvis.pooling.services.attach_paper import attach_paper
from parvis.pooling.services.close_dispute import close_dispute
from parvis.pooling.services.complete_task import complete_task
from parvis.pooling.services.open_dispute import open_dispute
from parvis.pooling.services.remind_groups import remind_groups
from parvis.pooling.services.reopen_task import reopen_task
from parvis.pooling.services.save_task import save_task
from parvis.procurement.models import Award, Consultation
from tests.pooling.group_world import ACTOR, FILE, consolidated, joined, started
from tests.pooling.pooling_world import Circle, a_framework, houses
from tests.world import an_agent

SIGNED, NOTIFIED = date(2026, 5, 4), date(2026, 5, 11)
ALL = Facts(
    3, date(2026, 1, 2), date(2026, 2, 2), date(2026, 3, 5), date(2026, 4, 20), SIGNED, NOTIFIED, date(2026, 5, 12)
)


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("needs", None), ("documents", None), ("procedure", None), ("board", date(2026, 3, 5)), ("signature", None),
        ("legality", None), ("notification", SIGNED), ("award_notice", date(2026, 6, 3)), ("handover", NOTIFIED),
        ("essential_data", date(2026, 7, 11)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_duty_is_due_by_what_has_happened(code: str, day: date | None) -> None:
    found = due(code, ALL)
    assert (found.on if found else None) == day
    assert due(code, Facts()) is None
    assert found is None or found.because


def test_only_what_the_platform_saw_is_proved() -> None:
    assert {one.code for one in DUTIES if proven(one.code, ALL)} == {
        "needs", "documents", "procedure", "board", "signature", "notification", "handover",
    }  # fmt: skip
    assert not any(proven(one.code, Facts(needs=5)) for one in DUTIES)


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2026, 12, 31), 2, date(2027, 2, 28)), (date(2026, 5, 11), 2, date(2026, 7, 11)),
        (date(2028, 8, 31), -6, date(2028, 2, 29)), (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
    ids=["short-month", "plain", "back-to-a-leap-day", "back-over-new-year"],
)  # fmt: skip
def test_months_end_where_the_month_ends(day: date, months: int, found: date) -> None:
    assert months_after(day, months) == found


def rows(group: JointProcurement) -> dict[str, TaskRow]:
    with scope.authority(group.authority_id):
        return {one.task.code or one.task.label: one for one in coordinator_tasks(group)}


@pytest.mark.django_db
def test_the_consultation_and_its_award_date_and_prove_the_duties() -> None:
    whole, commune = houses(2)
    group = started(whole)
    joined(group, commune)
    assert rows(group)["needs"].done is None
    made = consolidated(group)
    assert rows(group)["needs"].seen
    deadline = datetime(2026, 11, 2, 11, tzinfo=UTC)
    with scope.authority(whole.id):
        draft = Consultation.objects.filter(id=made.consultation_id)
        draft.update(
            state="published", procedure="open", deadline=deadline, published_at=datetime(2026, 9, 28, 9, tzinfo=UTC)
        )
        row = draft.get()
    found = rows(group)
    assert (found["procedure"].done.on, found["board"].due.on) == (date(2026, 9, 28), date(2026, 11, 2))
    with scope.authority(whole.id):
        Award.objects.create(
            consultation=row, reference="2026-S-1", title="Guichet", contractor_name="Lignes Claires",
            contractor_siret="73282932000074", decided_on=date(2026, 11, 9), signed_on=date(2026, 11, 16),
            duration_months=48, framework_min_cents=0, framework_max_cents=100, recorded_by=ACTOR,
        )  # fmt: skip
    found = rows(group)
    assert found["board"].done.on == date(2026, 11, 9)
    assert found["notification"].due.on == date(2026, 11, 16)
    assert found["award_notice"].due.on == date(2026, 12, 16)
    assert found["essential_data"].due is None


@pytest.mark.django_db
def test_a_framework_entered_by_hand_proves_what_came_before_and_its_papers_the_rest() -> None:
    [whole] = houses(1)
    group = started(whole)
    framework = a_framework(Circle(group, [whole]))
    found = rows(group)
    assert {code for code, one in found.items() if one.seen} == {
        "needs", "documents", "procedure", "board", "signature", "notification",
    }  # fmt: skip
    assert found["essential_data"].due.on == date(2026, 4, 1)
    with scope.authority(whole.id):
        attach_paper(
            framework.id, group.id, PaperKind.CONTRACT, "CCAP", BytesIO(FILE), owner_id=whole.id, name="ccap.pdf"
        )
    assert rows(group)["handover"].seen


@pytest.mark.django_db
def test_a_duty_is_noted_dated_and_taken_up_again() -> None:
    [whole] = houses(1)
    group = started(whole)
    with scope.authority(whole.id):
        task = CoordinatorTask.objects.get(group=group, code="legality")
        save_task(task.id, due_on=date(2026, 1, 31), note="Par la préfecture", actor_id=ACTOR)
    assert rows(group)["legality"].late
    with scope.authority(whole.id):
        complete_task(task.id, date(2026, 1, 30), actor_id=ACTOR)
    assert (rows(group)["legality"].done.on, rows(group)["legality"].late) == (date(2026, 1, 30), False)
    with scope.authority(whole.id):
        reopen_task(task.id, actor_id=ACTOR)
        with pytest.raises(Refusal) as refused:
            complete_task(task.id, date(2999, 1, 1), actor_id=ACTOR)
    assert refused.value.field == "done_on"
    assert rows(group)["legality"].done is None


@pytest.mark.django_db
def test_members_read_the_tasks_and_change_none() -> None:
    whole, commune = houses(2)
    group = started(whole)
    joined(group, commune)
    with scope.authority(whole.id):
        task = add_task(group.id, "Relire le bordereau", actor_id=ACTOR)
    with scope.authority(commune.id):
        assert CoordinatorTask.objects.get(id=task.id).label == "Relire le bordereau"
        with pytest.raises(Refusal) as refused:
            complete_task(task.id, actor_id=ACTOR)
        with pytest.raises(Refusal):
            add_task(group.id, "Autre", actor_id=ACTOR)
    assert refused.value.code == "not_coordinator"


@pytest.mark.django_db
def test_a_late_task_and_a_near_term_are_told_once() -> None:
    whole, commune = houses(2)
    an_agent(whole, "coordinator", "Claude Coordination")
    an_agent(commune, "referent", "Rita Référente")
    group = started(whole)
    joined(group, commune)
    with scope.authority(whole.id):
        add_task(group.id, "Relire le bordereau", date(2030, 8, 5), actor_id=ACTOR)
        before = Message.objects.count()
        with clock.frozen_at(datetime(2030, 7, 28, 12, tzinfo=UTC)):
            assert remind_groups() == 0
        for day in range(3):
            with clock.frozen_at(datetime(2030, 8, 1, 12, tzinfo=UTC) + timedelta(days=day)):
                assert remind_groups() == (2 if day == 0 else 0)
        with clock.frozen_at(datetime(2030, 8, 6, 12, tzinfo=UTC)):
            assert remind_groups() == 1
        titles = [one.title for one in Message.objects.order_by("id")][before:]
    words = sorted(" ".join(title.split()) for title in titles)
    ending = "Le groupement « Services numériques » finit le vendredi 31 janvier 2031"
    assert words == ["En retard : Relire le bordereau", ending, ending, "À faire : Relire le bordereau"]


@pytest.mark.django_db
def test_a_dispute_has_its_papers_and_its_outcome() -> None:
    whole, commune = houses(2)
    group = started(whole)
    joined(group, commune)
    with scope.authority(whole.id):
        made = open_dispute(
            group.id, subject="Retard", opponent="Lignes Claires", opened_on=date(2026, 6, 1), account="Un mois.",
            files=[("lettre.pdf", BytesIO(FILE))], actor_id=ACTOR,
        )  # fmt: skip
    with scope.authority(commune.id):
        assert Paper.objects.get(subject_id=made.id).kind == "dispute"
        with pytest.raises(Refusal) as other:
            close_dispute(made.id, closed_on=date(2026, 7, 1), outcome="Réglé", actor_id=ACTOR)
    with scope.authority(whole.id):
        with pytest.raises(Refusal) as early:
            close_dispute(made.id, closed_on=date(2026, 5, 1), outcome="Réglé", actor_id=ACTOR)
        with pytest.raises(Refusal) as silent:
            close_dispute(made.id, closed_on=date(2026, 7, 1), outcome=" ", actor_id=ACTOR)
        close_dispute(made.id, closed_on=date(2026, 7, 1), outcome="Un avoir.", actor_id=ACTOR)
        with pytest.raises(Refusal) as again:
            close_dispute(made.id, closed_on=date(2026, 7, 1), outcome="Un avoir.", actor_id=ACTOR)
        assert Dispute.objects.get().state == "closed"
    codes = [one.value.code for one in (other, early, silent, again)]
    assert codes == ["not_coordinator", "dates", "invalid", "not_now"]
