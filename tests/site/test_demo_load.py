"""One load of the whole demo, by the real verbs: what a visitor then finds, and what a second load does not change."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

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


def told(_text: str) -> None:
    """The progress lines are not looked at here."""


def test_a_visitor_finds_everything_and_a_second_load_changes_nothing() -> None:
    where = load("dijon", told)
    for house in (where.city, where.village):
        with scope.authority(house.id):
            stages_are_as_told(house)
            deposits_are_whole()
    phrases_open_the_shares(where)
    printed = who_signs_in(where)
    assert all(agent.phrase in printed for agent in cast.AGENTS)
    assert cast.PASSWORD in printed
    report = audit.verify_log()
    assert report.whole, [fault.text for fault in report.faults]
    assert report.waiting == 0
    before = counted(where)
    lines: list[str] = []
    assert load("dijon", lines.append) == where
    assert counted(where) == before
    assert len(lines) == 1


def counted(where: Seats) -> tuple[int, int, int]:
    with scope.authority(where.city.id):
        return Authority.objects.count(), Consultation.objects.count(), audit.verify_log().lines


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
