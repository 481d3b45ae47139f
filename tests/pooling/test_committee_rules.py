"""Two committees a year: what a year wants, where it stands, when the coordinator is reminded."""

from datetime import date
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.pooling.rules.agenda import FrameworkUse, GoingOn, propose_agenda
from parvis.pooling.rules.committee import Meeting, Standing, reminder_code, wanted_in, watch, why
from parvis.pooling.rules.key_terms import KeyTerms, changes
from parvis.pooling.rules.minutes_draft import Seat, draft_minutes

START, END = date(2026, 1, 1), date(2030, 1, 1)


@pytest.mark.parametrize(
    ("year", "starts_on", "ends_on", "wanted"),
    [
        (2026, START, END, 2),
        (2025, START, END, 0),
        (2030, START, END, 0),
        (2026, date(2026, 7, 1), END, 2),
        (2026, date(2026, 7, 2), END, 1),
        (2026, date(2026, 12, 31), END, 1),
        (2027, date(2026, 12, 31), END, 2),
        (2029, START, date(2029, 7, 1), 1),
        (2029, START, date(2029, 7, 2), 2),
        (2026, None, None, 0),
        (2026, START, None, 2),
    ],
    ids=[
        "whole-year", "before", "after", "from-1-july", "from-2-july", "last-day", "next-year", "ends-mid-year",
        "ends-after-mid-year", "no-dates", "no-end",
    ],
)  # fmt: skip
def test_a_year_wants_two_or_fewer_when_the_group_does_not_live_it_whole(
    year: int, starts_on: date | None, ends_on: date | None, wanted: int
) -> None:
    assert wanted_in(year, starts_on, ends_on) == wanted


MAY, NOVEMBER = date(2026, 5, 12), date(2026, 11, 24)


@pytest.mark.parametrize(
    ("meetings", "today", "standing", "missing"),
    [
        ([], date(2026, 9, 30), Standing.OPEN, 2),
        ([], date(2026, 10, 1), Standing.LATE, 2),
        ([Meeting(MAY, "minuted"), Meeting(NOVEMBER, "planned")], date(2026, 10, 1), Standing.LATE, 1),
        ([Meeting(MAY, "minuted"), Meeting(NOVEMBER, "cancelled")], date(2026, 10, 1), Standing.LATE, 1),
        ([Meeting(MAY, "minuted"), Meeting(NOVEMBER, "called")], date(2026, 10, 1), Standing.CALLED, 0),
        ([Meeting(MAY, "minuted"), Meeting(NOVEMBER, "held")], date(2026, 11, 25), Standing.MET, 0),
        ([Meeting(MAY, "minuted"), Meeting(NOVEMBER, "called")], date(2027, 1, 4), Standing.MISSED, 0),
        ([Meeting(date(2025, 5, 12), "minuted")] * 2, date(2026, 10, 1), Standing.LATE, 2),
    ],
    ids=["september", "october", "planned", "cancelled", "called", "held", "never-held", "another-year"],
)
def test_where_a_year_stands(meetings: list[Meeting], today: date, standing: Standing, missing: int) -> None:
    seen = watch(meetings, 2026, today, START, END)
    assert (seen.standing, seen.missing) == (standing, missing)


def test_a_reminder_has_the_code_of_its_month_while_the_year_is_late() -> None:
    codes = [reminder_code(watch([], 2026, day, START, END), day) for day in (
        date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31), date(2026, 12, 1))]  # fmt: skip
    assert codes == [None, "committee:2026-10", "committee:2026-10", "committee:2026-12"]


@given(
    st.lists(st.sampled_from(["planned", "called", "held", "minuted", "cancelled"]), max_size=6),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_one_more_committee_never_makes_a_year_worse(states: list[str], today: date) -> None:
    meetings = [Meeting(MAY, state) for state in states]  # type: ignore[arg-type]
    before = watch(meetings, 2026, today, START, END)
    after = watch([*meetings, Meeting(NOVEMBER, "minuted")], 2026, today, START, END)
    assert after.missing <= before.missing
    assert (before.standing, after.standing) != (Standing.MET, Standing.LATE)


def test_the_reason_says_what_was_decided_for_a_short_year() -> None:
    start = date(2026, 9, 1)
    lines = why(watch([], 2026, date(2026, 10, 1), start, END), start, END)
    assert "après le 1er juillet" in lines[1]
    assert "sur 1 à tenir" in lines[2]


def test_an_agenda_goes_from_what_was_decided_to_the_next_date() -> None:
    seen = GoingOn(
        previous_on=MAY, decisions=2, newcomers=["Illzach"], frameworks=[FrameworkUse("AC-1", 12, short=True)],
        announced=1, new_needs=3, year=2026, oldest_population=2022, late_tasks=4, disputes=1, projects=1,
    )  # fmt: skip
    items = propose_agenda(seen)
    assert items[0].startswith("Suites du comité du 12 mai 2026")
    assert "12\u00a0% du maximum commandé, minimum à surveiller" in items[2]
    assert "populations de 2022" in " ".join(items)
    assert "4\u00a0tâches" in " ".join(items)
    assert items[-1] == "Questions diverses et date du prochain comité"


def test_an_agenda_of_a_quiet_group_still_speaks_of_shares_and_keys() -> None:
    assert len(propose_agenda(GoingOn(year=2026))) == 3


def test_a_new_version_says_what_it_changes_and_nothing_else() -> None:
    before = KeyTerms("Partagée", "weighted", 2022)
    after = KeyTerms("Partagée", "weighted", 2023, Fraction(1, 4))
    found = {one.what: (one.before, one.after) for one in changes(before, after)}
    assert found == {"Part des téléservices": ("50\u00a0%", "25\u00a0%"), "Population": ("totale 2022", "totale 2023")}


def test_a_key_that_one_authority_pays_says_who_and_no_population() -> None:
    payer = UUID(int=1)
    found = changes(
        KeyTerms("A", "population", 2022), KeyTerms("A", "single_payer", 2022, payer_id=payer), {payer: "Ill"}
    )
    assert ("Qui paie", "rien", "Ill") in [tuple(one) for one in found]
    assert ("Population", "totale 2022", "rien") in [tuple(one) for one in found]


def test_drafted_minutes_tell_who_came_what_was_said_and_decided() -> None:
    seats = [Seat("Mulhouse", "present", "Aline Maire"), Seat("Illzach", "excused"), Seat("Lutterbach", "absent")]
    text = draft_minutes(seats, ["Clés"], [])
    assert "Présents\u202f: 1\u00a0membre sur 3\n- Mulhouse, représentée par Aline Maire" in text
    assert "Excusés\u202f: Illzach\nAbsents\u202f: Lutterbach" in text
    assert "\n\n1. Clés\n…\n\n" in text
    assert text.endswith("Le comité n’a pris aucune décision.")
