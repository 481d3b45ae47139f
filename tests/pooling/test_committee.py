"""A committee from its planning to its minutes: who may, when, what leaves by mail, what a decision changes."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from io import BytesIO

import pytest
from django.http import Http404
from icalendar import Calendar

from parvis.audit import facade as audit
from parvis.kit import clock, scope
from parvis.kit.clock import PARIS
from parvis.kit.errors import Refusal
from parvis.notifications import facade as notifications
from parvis.notifications.models import Message
from parvis.pooling import tasks
from parvis.pooling.models import Attendance, CommitteeMeeting, CostItem, CostKey, Paper, Presence, Statement
from parvis.pooling.rules.key_terms import KeyChange, KeyTerms
from parvis.pooling.selectors.key_versions import changes_of
from parvis.pooling.services.call_meeting import call_meeting
from parvis.pooling.services.cancel_meeting import cancel_meeting
from parvis.pooling.services.decide import decide
from parvis.pooling.services.file_minutes import file_minutes
from parvis.pooling.services.new_key_version import new_key_version
from parvis.pooling.services.plan_meeting import plan_meeting
from parvis.pooling.services.record_attendance import Came, record_attendance
from parvis.pooling.services.save_meeting import save_meeting
from tests.pooling.committee_world import (
    AGENDA,
    MEETS_AT,
    NOW,
    Committee,
    a_committee,
    called,
    everybody_came,
    held,
    minuted,
    planned,
)
from tests.world import an_authority

pytestmark = pytest.mark.django_db
LATER = MEETS_AT + timedelta(hours=1)
NEW_YEAR = date(2027, 1, 1)


@pytest.fixture
def world() -> object:
    with clock.frozen_at(NOW):
        yield a_committee()


def test_a_planned_committee_keeps_its_agenda_in_order_and_tells_nobody(world: Committee) -> None:
    meeting = planned(world)
    with scope.authority(world.circle.member.id):
        assert [one.title for one in CommitteeMeeting.objects.get().items.all()] == list(AGENDA)
    assert notifications.messages(subject_id=meeting.id) == []


def test_an_item_too_long_leaves_no_committee_behind(world: Committee) -> None:
    with world.coordinator():
        with pytest.raises(Refusal) as no:
            plan_meeting(world.circle.group.id, "Comité", MEETS_AT, "Mairie", ["Un", "x" * 201])
        assert (no.value.code, CommitteeMeeting.objects.count()) == ("agenda_item_too_long", 0)


def test_french_spaces_stay_in_an_item(world: Committee) -> None:
    with world.coordinator():
        meeting = plan_meeting(world.circle.group.id, "Comité", MEETS_AT, "Mairie", ["Budget\u202f: 2\u00a0%  "])
        assert meeting.items.get().title == "Budget\u202f: 2\u00a0%"


def test_a_saved_committee_takes_another_agenda_and_leaves_blank_lines_out(world: Committee) -> None:
    meeting = planned(world)
    with world.coordinator():
        save_meeting(meeting.id, "Comité", MEETS_AT, "Mairie", ["  Un   point ", "", "Deux"], actor_id=world.actor.id)
        assert [one.title for one in meeting.items.all()] == ["Un point", "Deux"]


def test_another_member_neither_plans_nor_calls(world: Committee) -> None:
    meeting = planned(world)
    with scope.authority(world.circle.member.id):
        with pytest.raises(Refusal) as plan:
            plan_meeting(world.circle.group.id, "Comité", MEETS_AT, "Mairie", AGENDA)
        with pytest.raises(Refusal) as call:
            call_meeting(meeting.id)
    assert (plan.value.code, call.value.code) == ("not_coordinator", "not_coordinator")


def test_who_has_no_seat_does_not_know_of_it(world: Committee) -> None:
    meeting, stranger = planned(world), an_authority("ailleurs")
    with scope.authority(stranger.id), pytest.raises(Http404):
        call_meeting(meeting.id)


def test_a_call_writes_to_each_member_with_the_agenda_and_a_file_for_its_calendar(world: Committee) -> None:
    meeting = called(world)
    sent = notifications.messages(subject_id=meeting.id)
    assert sorted(one.to for one in sent) == sorted(person.email for person in world.people)
    letter = Message.objects.get(to=world.people[1].email)
    assert "2. Accord-cadre" in letter.text
    assert f"/{world.circle.member.slug}/mutualisation/groupements/{world.circle.group.id}/comite/" in letter.text
    event = Calendar.from_ical(bytes(letter.attached_contents[0])).walk("VEVENT")[0]
    assert event.decoded("dtstart").astimezone(PARIS) == MEETS_AT
    assert str(event["location"]) == "Salle des fêtes"
    with world.coordinator():
        assert set(Attendance.objects.values_list("presence", flat=True)) == {Presence.EXPECTED}
        assert Attendance.objects.count() == 3


def test_a_called_committee_is_neither_called_again_nor_changed(world: Committee) -> None:
    meeting = called(world)
    with world.coordinator():
        with pytest.raises(Refusal) as again:
            call_meeting(meeting.id)
        with pytest.raises(Refusal) as changed:
            save_meeting(meeting.id, "Comité", MEETS_AT, "Mairie", AGENDA)
    assert (again.value.code, changed.value.code) == ("wrong_state", "wrong_state")


def test_a_committee_without_agenda_or_in_the_past_is_not_called(world: Committee) -> None:
    meeting = planned(world)
    with world.coordinator():
        with clock.frozen_at(LATER), pytest.raises(Refusal) as late:
            call_meeting(meeting.id)
        save_meeting(meeting.id, "Comité", MEETS_AT, "Mairie", [])
        with pytest.raises(Refusal) as empty:
            call_meeting(meeting.id)
    assert (late.value.code, empty.value.code) == ("past", "no_agenda")


def test_who_came_is_noted_from_the_hour_on_and_by_name(world: Committee) -> None:
    meeting = called(world)
    coordinator, commune, other = world.circle.houses
    with world.coordinator():
        with pytest.raises(Refusal) as early:
            record_attendance(meeting.id, everybody_came(world))
        with clock.frozen_at(LATER):
            for came, code in (
                ({coordinator.id: Came(Presence.PRESENT, "Noé")}, "presence_missing"),
                (everybody_came(world) | {commune.id: Came(Presence.PRESENT, " ")}, "delegate_missing"),
                ({house.id: Came(Presence.ABSENT) for house in world.circle.houses}, "nobody_came"),
            ):
                with pytest.raises(Refusal) as no:
                    record_attendance(meeting.id, came)
                assert no.value.code == code
            record_attendance(meeting.id, everybody_came(world) | {other.id: Came(Presence.EXCUSED, "oubli")})
        rows = {one.member_id: (one.presence, one.delegate) for one in Attendance.objects.all()}
    assert early.value.code == "too_early"
    assert rows[other.id] == ("excused", "")
    assert rows[commune.id] == ("present", "Élu Mulhouse")


def test_attendance_is_corrected_until_the_minutes_are_filed(world: Committee) -> None:
    meeting = held(world)
    with world.coordinator(), clock.frozen_at(LATER):
        record_attendance(meeting.id, everybody_came(world))
        file_minutes(meeting.id, "Tout est dit.")
        with pytest.raises(Refusal) as over:
            record_attendance(meeting.id, everybody_came(world))
    assert over.value.code == "wrong_state"


def a_key_change(reference_year: int = 2022, weight: Fraction = Fraction(1, 4)) -> KeyChange:
    return KeyChange("shared", KeyTerms("Shared", "weighted", reference_year, weight))


def test_a_decision_makes_the_next_version_of_a_key_from_a_day(world: Committee) -> None:
    meeting = held(world)
    with world.coordinator():
        made = decide(
            meeting.id, "key", "Un quart.", effective_on=NEW_YEAR, key=a_key_change(), actor_id=world.actor.id
        )
        versions = list(CostKey.objects.filter(code="shared").order_by("version"))
        assert [(one.version, one.in_force_on, one.weight_denominator) for one in versions] == [
            (1, date(2026, 1, 1), 2), (2, NEW_YEAR, 4)]  # fmt: skip
        assert versions[1].decision_id == made.id
        assert [str(one) for one in changes_of([made])[made.id][1]] == [
            "Part des téléservices\u202f: 25\u00a0% (avant\u202f: 50\u00a0%)"]  # fmt: skip
        facts = [one.kind for one in audit.facts([meeting.id, world.circle.group.id])]
    assert {"meeting.decided", "key.versioned"} <= set(facts)


def test_a_decision_never_reaches_back_into_a_year_whose_balance_is_called(world: Committee) -> None:
    meeting = held(world)
    group = world.circle.group
    with world.coordinator():
        CostItem.objects.create(
            group=group, circle_id=group.id, kind="base", label="Socle 2026", year=2026, from_on=date(2026, 1, 1),
            until_on=NEW_YEAR, ht_cents=1, vat_cents=0, final_ht_cents=1, final_vat_cents=0, key_code="shared",
            state="closed",
        )  # fmt: skip
        Statement.objects.create(
            group=group, circle_id=group.id, number="2026-1", debtor=world.circle.member, year=2026, kind="closing",
            issued_on=NEW_YEAR, due_on=NEW_YEAR, ht_cents=1, vat_cents=0, ttc_cents=1,
        )  # fmt: skip
        with pytest.raises(Refusal) as no:
            decide(meeting.id, "key", "Un quart.", effective_on=NEW_YEAR - timedelta(days=1), key=a_key_change())
        assert decide(meeting.id, "key", "Un quart.", effective_on=NEW_YEAR, key=a_key_change()).kind == "key"
    assert (no.value.code, no.value.field) == ("closed_cost", "in_force_on")
    assert "Socle 2026" in no.value.message


@pytest.mark.parametrize(
    ("change", "day", "code"),
    [
        (a_key_change(weight=Fraction(1, 2)), NEW_YEAR, "nothing_changes"),
        (a_key_change(reference_year=2023), NEW_YEAR, "missing_population"),
        (a_key_change(), date(2026, 1, 1), "not_after_last"),
        (a_key_change(), date(2030, 1, 1), "out_of_term"),
        (a_key_change(), None, "day_missing"),
        (KeyChange("nothing", KeyTerms("?", "population", 2022)), NEW_YEAR, "unknown_key"),
        (KeyChange("shared", KeyTerms("Une", "single_payer", 2022)), NEW_YEAR, "payer_missing"),
        (None, NEW_YEAR, "key_missing"),
    ],
    ids=["same", "population", "before-last", "after-term", "no-day", "unknown", "no-payer", "no-key"],
)
def test_a_decision_on_a_key_that_makes_no_sense_changes_nothing(
    world: Committee, change: KeyChange | None, day: date | None, code: str
) -> None:
    meeting = held(world)
    with world.coordinator():
        with pytest.raises(Refusal) as no:
            decide(meeting.id, "key", "Un quart.", effective_on=day, key=change)
        assert (no.value.code, meeting.decisions.count(), CostKey.objects.count()) == (code, 0, 2)


def test_a_first_version_of_a_key_needs_no_decision(world: Committee) -> None:
    with world.coordinator():
        key = new_key_version(
            world.circle.group.id, "own", KeyTerms("Population", "population", 2022), in_force_on=date(2026, 1, 1)
        )
    assert (key.version, key.decision_id) == (1, None)


def test_filed_minutes_are_mailed_with_the_decisions_and_their_file_is_read_by_members(world: Committee) -> None:
    meeting = held(world)
    with world.coordinator():
        decide(meeting.id, "project", "Ouvrir l’état civil en ligne.", actor_id=world.actor.id)
        file_minutes(meeting.id, "Compte rendu.", file=("signe.pdf", BytesIO(b"%PDF-1.7 signed")))
    letter = Message.objects.get(to=world.people[1].email, title__startswith="Compte rendu")
    assert "- Ouvrir l’état civil en ligne." in letter.text
    with scope.authority(world.circle.member.id):
        assert CommitteeMeeting.objects.get().minutes == "Compte rendu."
        assert Paper.objects.get(subject_id=meeting.id).kind == "minutes"


def test_minutes_are_filed_only_after_the_attendance_and_not_empty(world: Committee) -> None:
    meeting = called(world)
    with world.coordinator(), pytest.raises(Refusal) as early:
        file_minutes(meeting.id, "Trop tôt.")
    other = held(world, MEETS_AT + timedelta(days=1))
    with world.coordinator(), pytest.raises(Refusal) as empty:
        file_minutes(other.id, "  \n")
    assert (early.value.code, empty.value.code) == ("wrong_state", "text_missing")


def test_a_called_committee_is_cancelled_with_a_reason_and_leaves_the_calendars(world: Committee) -> None:
    meeting = called(world)
    with world.coordinator():
        with pytest.raises(Refusal) as silent:
            cancel_meeting(meeting.id)
        cancel_meeting(meeting.id, "Salle indisponible", actor_id=world.actor.id)
    letter = Message.objects.get(to=world.people[2].email, title__contains="annulé")
    event = Calendar.from_ical(bytes(letter.attached_contents[0])).walk("VEVENT")[0]
    assert silent.value.code == "reason_missing"
    assert (str(event["status"]), int(event["sequence"])) == ("CANCELLED", 1)
    assert "Salle indisponible" in letter.text


def test_a_planned_committee_is_cancelled_without_a_word_to_anybody(world: Committee) -> None:
    meeting = planned(world)
    with world.coordinator():
        assert cancel_meeting(meeting.id).state == "cancelled"
    assert notifications.messages(subject_id=meeting.id) == []


def test_the_coordinator_is_reminded_once_a_month_from_october_until_two_are_called(world: Committee) -> None:
    def reminders() -> int:
        return Message.objects.filter(title__startswith="Il manque").count()

    counts = []
    minuted(world)
    for day in (datetime(2026, 9, 30, 7, tzinfo=PARIS), datetime(2026, 10, 1, 7, tzinfo=PARIS),
                datetime(2026, 10, 2, 7, tzinfo=PARIS), datetime(2026, 11, 2, 7, tzinfo=PARIS)):  # fmt: skip
        with clock.frozen_at(day):
            tasks.watch_committees(0)
        counts.append(reminders())
    with clock.frozen_at(datetime(2026, 11, 20, 7, tzinfo=PARIS)):
        called(world, datetime(2026, 12, 15, 14, tzinfo=PARIS))
    with clock.frozen_at(datetime(2026, 12, 1, 7, tzinfo=PARIS)):
        tasks.watch_committees(0)
    assert [*counts, reminders()] == [0, 1, 1, 2, 2]
    assert set(Message.objects.filter(title__startswith="Il manque").values_list("to", flat=True)) == {
        world.actor.email
    }
