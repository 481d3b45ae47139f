"""One load of the whole demo, by the real verbs: what a visitor then finds, and what a second load does not change."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from parvis.appointments.facade import free_slots, places, reasons
from parvis.appointments.models import BookedPerson, Booking, Occupancy, Place, Waiting
from parvis.audit import facade as audit
from parvis.authorities.facade import agglomeration
from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from parvis.procurement.models import Consultation, CustodianKey, KeyShare, OpeningSession, Submission
from parvis.procurement.selectors.drafts import missing_entry, missing_for_publication
from parvis.procurement.selectors.keys import rehearsal_state
from parvis.procurement.selectors.opening import sort_submissions
from parvis.procurement.selectors.submissions import receipt_file
from parvis.sealing.age import open_bytes, open_with_passphrase
from parvis.sealing.canonical import parse_canonical, share_commitment, unb64
from parvis.sealing.receipt import Trust, outcome, verify
from parvis.site.demo import cast
from parvis.site.demo.load import load
from parvis.site.demo.people import Seats
from parvis.site.demo.table import who_signs_in
from tests.world import an_authority

pytestmark = pytest.mark.django_db

SOON = timedelta(days=12)


@pytest.fixture(autouse=True)
def _in_the_morning() -> Iterator[None]:
    """Any day, at an hour when a day of the desk has a past and a future."""
    with clock.frozen_at(clock.now().astimezone(clock.PARIS).replace(hour=10, minute=40)):
        yield


def told(_text: str) -> None:
    """The progress lines are not looked at here."""


def test_a_visitor_finds_everything_and_a_second_load_changes_nothing() -> None:
    where = load("dijon", told)
    for house in (where.city, where.village):
        with scope.authority(house.id):
            stages_are_as_told(house)
            deposits_are_whole()
    phrases_open_the_shares(where)
    appointments_are_lived(where)
    those_who_wait_have_no_choice(where)
    printed = who_signs_in(where)
    assert all(agent.phrase in printed for agent in cast.AGENTS)
    assert cast.PASSWORD in printed
    assert all(
        text in printed for text in ("/rendez-vous/", "/api/ants", "X-HUB-RDV-AUTH-TOKEN", "/demo/coordination/")
    )
    report = audit.verify_log()
    assert report.whole, [fault.text for fault in report.faults]
    assert report.waiting == 0
    before = counted(where)
    lines: list[str] = []
    assert load("dijon", lines.append) == where
    assert counted(where) == before
    assert len(lines) == 1


def counted(where: Seats) -> tuple[int, ...]:
    with scope.authority(where.city.id):
        return (
            Booking.objects.count(),
            Authority.objects.count(),
            Consultation.objects.count(),
            audit.verify_log().lines,
        )


def stages_are_as_told(house: object) -> None:
    now, rows = clock.now(), list(Consultation.objects.all())
    assert Counter(row.state for row in rows) == {"draft": 4, "published": 3, "opened": 1}
    drafts = [row for row in rows if row.state == "draft"]
    assert sum(bool(missing_entry(row, house)) for row in drafts) == 1  # type: ignore[arg-type]
    assert sum(rehearsal_state(row.id) is not None for row in drafts) == 2
    assert sum(not missing_for_publication(row, house) for row in drafts) == 1  # type: ignore[arg-type]
    left = sorted(row.deadline - now for row in rows if row.state == "published")
    assert left[0] < timedelta() < left[1] < timedelta(days=5) < left[2]
    session = OpeningSession.objects.get()
    assert session.consultation.deadline < session.started_at <= session.closed_at < now


def deposits_are_whole() -> None:
    for submission in Submission.objects.select_related("consultation"):
        assert submission.stamp > submission.consultation.published_at
        assert submission.completed_at is not None
        checks = verify(receipt_file(submission), Trust(platform_key=audit.public_key()))
        assert outcome(checks) != "failed", checks
    waiting = Consultation.objects.get(state="published", deadline__lt=clock.now())
    sorting = sort_submissions(waiting)
    assert (len(sorting.to_open), len(sorting.superseded), len(sorting.late)) in {(2, 1, 1), (2, 0, 0)}


def phrases_open_the_shares(where: Seats) -> None:
    """The printed words open the custodian's file, and its identity every share given to it."""
    with scope.authority(where.village.id):
        key = CustodianKey.objects.get()
        text = open_with_passphrase(key.sealed_by_passphrase, cast.VILLAGE_CLERK.phrase).decode()
        identity = text.strip().splitlines()[-1]
        shares = list(KeyShare.objects.filter(custodian=key))
        for share in shares:
            content = parse_canonical(open_bytes(bytes(share.sealed), identity))
            assert share_commitment(unb64(content["share"])) == share.commitment
        assert len(shares) > 10


def appointments_are_lived(where: Seats) -> None:
    """The past is closed, today is under way in the city, each appointment has its seats and each person a number."""
    now = clock.now()
    numbers: list[str] = []
    states: Counter[str] = Counter()
    for place in Place.objects.all():
        with scope.authority(place.authority_id):
            rows = list(Booking.objects.filter(place=place).select_related("agenda", "reason"))
            taken = Counter(Occupancy.objects.filter(place=place).values_list("booking_id", flat=True))
            numbers += (
                BookedPerson.objects.filter(booking__in=rows)
                .exclude(application_id="")
                .values_list("application_id", flat=True)
            )
        states += Counter(row.state for row in rows)
        assert all(row.booked_at < now for row in rows), place.name
        yesterday = now - timedelta(hours=18)
        assert {row.state for row in rows if row.ends_at < yesterday} <= {"served", "no_show", "cancelled"}
        for row in rows:
            wanted = row.persons if row.agenda.collective else row.reason.units
            freed = row.state == "cancelled" or row.source == "walk_in"
            assert taken[row.id] == (0 if freed else wanted), (place.name, row.state)
    assert set(states) == {"booked", "cancelled", "served", "no_show", "arrived", "called"}
    assert 350 < sum(states.values()) < 900
    assert all(re.fullmatch(r"DEMO[0-9]{6}", number) for number in numbers)
    assert max(Counter(numbers).values()) == 1
    with scope.authority(where.city.id):
        today = Booking.objects.filter(
            place__name=f"Mairie {where.city.of_name}", starts_at__date=now.astimezone(clock.PARIS).date()
        )
        assert set(today.values_list("state", flat=True)) >= {"booked", "served", "arrived", "called"}
        assert today.filter(source="walk_in").count() == 3
        assert set(Booking.objects.values_list("source", flat=True)) == {"online", "hub", "desk", "walk_in"}


def those_who_wait_have_no_choice(where: Seats) -> None:
    with scope.authority(where.agglomeration.id):
        assert Waiting.objects.filter(state="waiting", confirmed_at__isnull=False).count() == 4
    now = clock.now()
    free = {
        place.name: len(free_slots([reason.id for reason in reasons(place_ids=[place.id])], 1, now, now + SOON))
        for place in (*places(authority_id=where.town.id), *places(authority_id=where.village.id))
    }
    full, village = free.values()
    assert full < 3 < village


def test_another_agglomeration_s_database_is_refused() -> None:
    an_authority("ailleurs", kind="agglomeration")
    with pytest.raises(CommandError, match="Ailleurs"):
        call_command("load_demo", "--agglomeration", "m2a")
    found = agglomeration()
    assert found is not None
    assert found.slug == "ailleurs"
    assert Authority.objects.count() == 1


def test_invented_people_never_enter_a_real_platform(settings: object) -> None:
    settings.LOCAL = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="PARVIS_ENV=demo"):
        call_command("load_demo")
    assert not Authority.objects.exists()
