"""The transition tables, as a lawyer would read them."""

from enum import StrEnum

import pytest

from parvis.procurement.states import (
    CONSULTATION,
    SESSION,
    TABLES,
    ConsultationState,
    EnvelopeState,
    SessionState,
    SubmissionState,
    Transition,
    Who,
    allowed,
    destinations,
    moves,
)

ALL = [move for table in TABLES.values() for move in table]
C, P = ConsultationState, SubmissionState


@pytest.mark.parametrize("move", ALL, ids=lambda move: f"{move.origin}-{move.verb}-{move.to}")
def test_each_move_says_who_and_when(move: Transition) -> None:
    assert move.who
    assert all(isinstance(one, Who) for one in move.who)
    assert move.condition.endswith(".")


@pytest.mark.parametrize("kind", TABLES)
def test_every_state_can_be_reached_from_nothing(kind: type[StrEnum]) -> None:
    reached: set[StrEnum | None] = {None}
    for _ in kind:
        reached |= {move.to for move in TABLES[kind] if move.origin in reached}
    assert reached - {None} == set(kind)
    assert {type(move.to) for move in TABLES[kind]} == {kind}


def test_no_move_is_written_twice() -> None:
    keys = [(type(move.to), move.origin, move.verb, move.to) for move in ALL]
    assert len(keys) == len(set(keys))


def reachable(states: set[ConsultationState], without: str) -> set[StrEnum]:
    found: set[StrEnum] = set(states)
    for _ in ConsultationState:
        found |= {move.to for move in CONSULTATION if move.origin in found and move.verb != without}
    return found


@pytest.mark.parametrize(
    ("verb", "never"),
    [("publish_consultation", C.PUBLISHED), ("start_opening", C.OPENING), ("close_opening", C.OPENED)],
)
def test_no_way_round_a_verb(verb: str, never: ConsultationState) -> None:
    assert never not in reachable({C.DRAFT}, without=verb)


@pytest.mark.parametrize("state", list(C))
def test_bids_are_received_as_long_as_the_consultation_stands(state: ConsultationState) -> None:
    assert allowed(state, "seal_submission") is (state in {C.PUBLISHED, C.OPENING, C.OPENED, C.AWARDED})
    assert allowed(state, "open_envelopes") is (state is C.OPENING)
    assert allowed(state, "save_draft") is (state is C.DRAFT)


def test_nothing_leaves_the_last_states() -> None:
    for state in (C.CANCELLED, C.DISCONTINUED, P.RETURNED, SessionState.CLOSED, EnvelopeState.UNREADABLE):
        assert moves(state) == ()


@pytest.mark.parametrize("state", [P.LATE, P.SUPERSEDED])
def test_late_and_superseded_submissions_are_never_opened(state: SubmissionState) -> None:
    assert not allowed(state, "open_envelopes")
    assert {move.to for move in moves(state)} == {P.RETURNED}


def test_an_opened_submission_is_only_ever_replaced() -> None:
    assert [(move.verb, move.to) for move in moves(P.OPENED)] == [("supersede_submission", P.SUPERSEDED)]


def test_equal_words_of_different_tables_are_not_confused() -> None:
    assert not allowed(C.OPENED, "open_envelopes")
    assert allowed(EnvelopeState("sealed"), "open_envelopes")
    assert set(destinations(EnvelopeState.SEALED, "open_envelopes")) == {EnvelopeState.OPENED, EnvelopeState.UNREADABLE}
    assert destinations(C.DRAFT, "start_opening") == ()


def test_a_session_ends_only_by_closing() -> None:
    assert {move.verb for move in SESSION if move.to is SessionState.CLOSED} == {"close_opening"}
