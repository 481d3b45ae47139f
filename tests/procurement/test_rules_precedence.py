"""The one to open: last in time per company and envelope; earlier ones superseded; late ones closed."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from parvis.procurement.contracts import EnvelopeRef, SubmissionView
from parvis.procurement.rules import Sorting, to_open

T = datetime(2026, 12, 1, 11, tzinfo=UTC)
APPLICATION = EnvelopeRef("application")


def bids(*lots: int | None) -> frozenset[EnvelopeRef]:
    return frozenset(EnvelopeRef("bid", lot) for lot in lots)


def deposit(number: int, company: str, microseconds: int, envelopes: frozenset[EnvelopeRef]) -> SubmissionView:
    return SubmissionView(str(number), company, number, T + timedelta(microseconds=microseconds), envelopes)


def opened(sorting: Sorting) -> dict[str, frozenset[EnvelopeRef]]:
    return {one.id: one.envelopes for one in sorting.to_open}


def test_last_in_time_is_opened_and_a_late_one_does_not_replace_it() -> None:
    whole = bids(None) | {APPLICATION}
    sorting = to_open([deposit(1, "a", -9, whole), deposit(2, "a", 0, whole), deposit(3, "a", 1, whole)], T)
    assert opened(sorting) == {"2": whole}
    assert (sorting.superseded, sorting.late) == (("1",), ("3",))


def test_companies_do_not_replace_each_other() -> None:
    sorting = to_open([deposit(1, "a", -9, bids(1)), deposit(2, "b", -8, bids(1))], T)
    assert opened(sorting) == {"1": bids(1), "2": bids(1)}


def test_a_lot_deposited_again_alone_leaves_the_other_lot_standing() -> None:
    sorting = to_open(
        [deposit(1, "a", -9, bids(1, 2) | {APPLICATION}), deposit(2, "a", -8, bids(2) | {APPLICATION})], T
    )
    assert opened(sorting) == {"1": bids(1), "2": bids(2) | {APPLICATION}}
    assert sorting.superseded == ()


def test_same_stamp_the_register_decides() -> None:
    sorting = to_open([deposit(2, "a", -9, bids(1)), deposit(1, "a", -9, bids(1))], T)
    assert opened(sorting) == {"2": bids(1)}


def test_the_stamp_counts_before_the_rank() -> None:
    sorting = to_open([deposit(1, "a", -1, bids(1)), deposit(2, "a", -9, bids(1))], T)
    assert opened(sorting) == {"1": bids(1)}


SUBMISSIONS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.integers(-5, 3),
        st.sets(st.sampled_from([APPLICATION, *bids(1, 2, 3)]), min_size=1),
    ),
    max_size=15,
).map(lambda rows: [deposit(n, who, at, frozenset(what)) for n, (who, at, what) in enumerate(rows, 1)])


@given(SUBMISSIONS, st.randoms())
def test_nothing_is_lost_nothing_opened_twice(submissions: list[SubmissionView], random: Random) -> None:
    sorting = to_open(submissions, T)
    ids = [*opened(sorting), *sorting.superseded, *sorting.late]
    assert sorted(ids) == sorted(one.id for one in submissions)
    by_id = {one.id: one for one in submissions}
    assert all(by_id[one].stamp_utc > T for one in sorting.late)
    assert all(by_id[one].stamp_utc <= T for one in [*opened(sorting), *sorting.superseded])
    chosen = [(by_id[one].company, envelope) for one, envelopes in opened(sorting).items() for envelope in envelopes]
    wanted = {(one.company, envelope) for one in submissions if one.stamp_utc <= T for envelope in one.envelopes}
    assert len(chosen) == len(set(chosen))
    assert set(chosen) == wanted
    for one, envelopes in opened(sorting).items():
        mine = (by_id[one].stamp_utc, by_id[one].number)
        same = [r for r in submissions if r.company == by_id[one].company and r.stamp_utc <= T]
        assert all((r.stamp_utc, r.number) <= mine for r in same if r.envelopes & envelopes)
    shuffled = list(submissions)
    random.shuffle(shuffled)
    assert to_open(shuffled, T) == sorting
