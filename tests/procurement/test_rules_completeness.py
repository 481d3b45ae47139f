"""What a draft lacks: each hole named by its field, before the keys or before publication."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.kit.calendar import Calendar
from parvis.procurement.contracts import CriterionView, CustodianView, Deadline, DraftView, LotView
from parvis.procurement.rules import (
    Options,
    before_keys,
    completeness,
    deadline_fit,
    earliest_deadline,
    paris_deadline,
    procedures,
)

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
WHOLE = DraftView(
    title="Rénovation de la salle polyvalente",
    reference="2026-T-001",
    object="Toiture, menuiseries et peinture de la salle polyvalente.",
    procedure="open",
    nature="works",
    lots=(LotView(1, "Toiture"), LotView(2, "Peinture")),
    cpv="45214210",
    place_nuts="FRF12",
    estimated_cents=12_000_000,
    duration_months=8,
    criteria=(CriterionView("Prix", 6000), CriterionView("Valeur technique", 4000)),
    documents_count=2,
    deadline_utc=datetime(2026, 4, 8, 10, tzinfo=UTC),
    questions_until=datetime(2026, 3, 30, 10, tzinfo=UTC),
    contact_name="Service des marchés",
    contact_email="marches@commune.example",
    envelopes=("application", "bid"),
    opening_order="applications_first",
    custodians=(CustodianView("Présidente", True, True), CustodianView("A", True), CustodianView("B", True)),
    keys_threshold=2,
    keys_made=True,
    keys_rehearsed=True,
)
MULHOUSE = Calendar(alsace_moselle=True, good_friday=True)


def test_a_whole_draft_lacks_nothing() -> None:
    assert completeness(WHOLE, now_utc=NOW, calendar=MULHOUSE) == []


HOLES: list[tuple[dict[str, Any], str, str]] = [
    ({"title": "  "}, "title", "keys"),
    ({"reference": ""}, "reference", "keys"),
    ({"reference": "n° 4"}, "reference", "keys"),
    ({"object": ""}, "object", "publication"),
    ({"nature": None}, "nature", "publication"),
    ({"procedure": ""}, "procedure", "keys"),
    ({"procedure": "auction"}, "procedure", "keys"),
    ({"technique": "lottery"}, "technique", "publication"),
    ({"technique": "purchase_orders"}, "framework_max_cents", "publication"),
    ({"technique": "purchase_orders", "framework_max_cents": 0}, "framework_max_cents", "publication"),
    (
        {"technique": "purchase_orders", "framework_max_cents": 5, "framework_min_cents": 6},
        "framework_min_cents",
        "publication",
    ),
    ({"lots": (LotView(1, "Toiture"),)}, "lots", "keys"),
    ({"cpv": ""}, "cpv", "publication"),
    ({"cpv": "45"}, "cpv", "publication"),
    ({"place_nuts": ""}, "place_nuts", "publication"),
    ({"place_nuts": "68"}, "place_nuts", "publication"),
    ({"estimated_cents": None}, "estimated_cents", "publication"),
    ({"estimated_cents": 0}, "estimated_cents", "publication"),
    ({"duration_months": None}, "duration_months", "publication"),
    ({"duration_months": 0}, "duration_months", "publication"),
    ({"criteria": ()}, "criteria", "publication"),
    ({"criteria": (CriterionView("Prix", 9999),)}, "criteria", "publication"),
    ({"criteria": (CriterionView(" ", 10_000),)}, "criteria", "publication"),
    ({"criteria": (CriterionView("Prix", 10_000), CriterionView("Prix", 10_000, 3))}, "criteria", "publication"),
    ({"criteria": (CriterionView("Prix", 10_000), CriterionView("Prix", 90, 2))}, "criteria", "publication"),
    ({"documents_count": 0}, "documents_count", "publication"),
    ({"deadline_utc": None}, "deadline_utc", "publication"),
    ({"questions_until": WHOLE.deadline_utc}, "questions_until", "publication"),
    ({"contact_name": ""}, "contact_name", "publication"),
    ({"contact_email": "marches@commune"}, "contact_email", "publication"),
    ({"envelopes": ()}, "envelopes", "keys"),
    ({"procedure": "restricted"}, "envelopes", "keys"),
    ({"opening_order": None}, "opening_order", "keys"),
    ({"custodians": ()}, "custodians", "keys"),
    ({"custodians": (*WHOLE.custodians[:2], CustodianView("B", False))}, "custodians", "keys"),
    ({"keys_threshold": 3}, "custodians", "keys"),
    ({"keys_threshold": None}, "keys_threshold", "keys"),
    ({"keys_threshold": 0}, "keys_threshold", "keys"),
    ({"keys_made": False}, "keys_made", "publication"),
    ({"keys_rehearsed": False}, "keys_rehearsed", "publication"),
]


@pytest.mark.parametrize(("change", "field", "before"), HOLES)
def test_each_hole_is_found_alone(change: dict[str, Any], field: str, before: str) -> None:
    missing = completeness(replace(WHOLE, **change))
    assert [(one.field, one.before) for one in missing] == [(field, before)]
    assert missing[0].message.endswith(".")


@given(st.sets(st.sampled_from([one.name for one in fields(DraftView)])))
def test_any_half_filled_draft_is_answered_with_fields_that_exist(kept: set[str]) -> None:
    draft = DraftView(**{name: getattr(WHOLE, name) for name in kept})
    names = {one.name for one in fields(DraftView)}
    missing = completeness(draft, now_utc=NOW, calendar=MULHOUSE)
    assert {one.field for one in missing} <= names
    assert before_keys(draft) == [one for one in missing if one.before == "keys"]
    if not {"title", "deadline_utc", "criteria"} <= kept:
        assert missing


@pytest.mark.parametrize("code", [one.code for one in procedures()])
def test_each_procedure_can_be_made_complete(code: str) -> None:
    envelopes = {one.code: one.envelopes for one in procedures()}[code]
    draft = replace(WHOLE, procedure=code, envelopes=envelopes)
    assert completeness(draft, now_utc=NOW, calendar=MULHOUSE) == []


def test_a_single_envelope_needs_no_order() -> None:
    assert completeness(replace(WHOLE, envelopes=("bid",), opening_order=None)) == []


def test_one_of_two_is_allowed_one_of_one_is_not() -> None:
    two, one = WHOLE.custodians[:2], WHOLE.custodians[:1]
    assert completeness(replace(WHOLE, custodians=two, keys_threshold=1)) == []
    assert [m.field for m in completeness(replace(WHOLE, custodians=one, keys_threshold=1))] == ["custodians"]


@pytest.mark.parametrize(
    ("local", "calendar", "right"),
    [
        ("2026-04-07T12:00", MULHOUSE, True),
        ("2026-04-06T23:59", MULHOUSE, False),
        ("2026-04-03T12:00", Calendar(), True),
        ("2026-04-02T23:59", Calendar(), False),
        # 00:30 in Paris on the 3rd is still the 2nd in UTC: the day of Paris counts.
        ("2026-04-03T00:30", Calendar(), True),
    ],
)
def test_the_deadline_respects_the_law(local: str, calendar: Calendar, right: bool) -> None:
    draft = replace(WHOLE, deadline_utc=paris_deadline(datetime.fromisoformat(local)), questions_until=None)
    missing = completeness(draft, now_utc=NOW, calendar=calendar)
    assert [one.field for one in missing] == ([] if right else ["deadline_utc"])


def test_urgency_brings_the_deadline_forward() -> None:
    draft = replace(WHOLE, deadline_utc=NOW + timedelta(days=16), questions_until=None)
    assert [one.field for one in completeness(draft, now_utc=NOW, calendar=MULHOUSE)] == ["deadline_utc"]
    assert completeness(replace(draft, urgent=True), now_utc=NOW, calendar=MULHOUSE) == []


def test_a_past_deadline() -> None:
    draft = replace(WHOLE, deadline_utc=NOW, questions_until=None)
    assert "déjà passée" in completeness(draft, now_utc=NOW)[0].message


def test_adapted_asks_for_more_than_a_day() -> None:
    draft = replace(WHOLE, procedure="adapted", questions_until=None, deadline_utc=NOW + timedelta(hours=23))
    assert [one.field for one in completeness(draft, now_utc=NOW, calendar=MULHOUSE)] == ["deadline_utc"]


def test_advice_on_a_last_day_that_is_not_whole() -> None:
    earliest = earliest_deadline(NOW.date(), "open", Options(), MULHOUSE)
    noon = paris_deadline(datetime.fromisoformat("2026-04-07T12:00"))
    midnight = paris_deadline(datetime.fromisoformat("2026-04-07T23:59"))
    assert [one.code for one in deadline_fit(noon, earliest)] == ["last_day_not_whole"]
    assert deadline_fit(midnight, earliest) == []
    assert deadline_fit(noon + timedelta(days=1), earliest) == []


@pytest.mark.parametrize(
    ("days", "urgent", "right"), [(7, False, True), (6, False, False), (5, True, True), (4, True, False)]
)
def test_questions_end_before_the_last_answers(days: int, urgent: bool, right: bool) -> None:
    deadline = datetime(2026, 6, 30, 10, tzinfo=UTC)
    advice = deadline_fit(deadline, Deadline(None, None, ()), deadline - timedelta(days=days), urgent=urgent)
    assert [one.code for one in advice] == ([] if right else ["questions_too_late"])
