"""The one to open: the last in time of each company, whole; earlier ones superseded; late ones closed."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from parvis.procurement.contracts import SubmissionView
from parvis.procurement.rules import Sorting, to_open

T = datetime(2026, 12, 1, 11, tzinfo=UTC)


def deposit(number: int, company: str, microseconds: int, deadline: datetime = T) -> SubmissionView:
    return SubmissionView(str(number), company, number, T + timedelta(microseconds=microseconds), deadline)


def test_last_in_time_is_opened_and_a_late_one_does_not_replace_it() -> None:
    sorting = to_open([deposit(1, "a", -9), deposit(2, "a", 0), deposit(3, "a", 1)])
    assert sorting == Sorting(to_open=("2",), superseded=("1",), late=("3",))


def test_companies_do_not_replace_each_other() -> None:
    assert to_open([deposit(1, "a", -9), deposit(2, "b", -8)]).to_open == ("1", "2")


def test_same_stamp_the_register_decides() -> None:
    assert to_open([deposit(2, "a", -9), deposit(1, "a", -9)]).to_open == ("2",)


def test_the_stamp_counts_before_the_rank() -> None:
    sorting = to_open([deposit(1, "a", -1), deposit(2, "a", -9)])
    assert (sorting.to_open, sorting.superseded) == (("1",), ("2",))


def test_each_is_held_against_the_deadline_it_was_promised() -> None:
    postponed = T + timedelta(days=1)
    sorting = to_open([deposit(1, "a", 1), deposit(2, "b", 1, postponed)])
    assert (sorting.to_open, sorting.late) == (("2",), ("1",))


SUBMISSIONS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(-5, 3)), max_size=15).map(
    lambda rows: [deposit(n, who, at) for n, (who, at) in enumerate(rows, 1)]
)


@given(SUBMISSIONS, st.randoms())
def test_nothing_is_lost_and_each_company_in_time_has_one_to_open(
    submissions: list[SubmissionView], random: Random
) -> None:
    sorting = to_open(submissions)
    ids = [*sorting.to_open, *sorting.superseded, *sorting.late]
    assert sorted(ids) == sorted(one.id for one in submissions)
    by_id = {one.id: one for one in submissions}
    assert all(by_id[one].stamp_utc > T for one in sorting.late)
    assert all(by_id[one].stamp_utc <= T for one in [*sorting.to_open, *sorting.superseded])
    companies = [by_id[one].company for one in sorting.to_open]
    assert sorted(companies) == sorted({one.company for one in submissions if one.stamp_utc <= T})
    for opened in (by_id[one] for one in sorting.to_open):
        for other in (by_id[one] for one in sorting.superseded):
            if other.company == opened.company:
                assert (other.stamp_utc, other.number) < (opened.stamp_utc, opened.number)
    shuffled = list(submissions)
    random.shuffle(shuffled)
    assert to_open(shuffled) == sorting
