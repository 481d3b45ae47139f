"""What to bring, case by case."""

from datetime import date

import pytest

from parvis.appointments.rules.documents import PersonCase, documents
from parvis.appointments.rules.persons import CASES, Needs, contact_number, needs_of, written_needs

DAY = date(2026, 11, 23)
ALWAYS = {"number", "photo", "address"}

TABLE = [
    ("id-card", PersonCase("first"), ALWAYS | {"other_title", "birth", "hosted"}),
    ("id-card", PersonCase("renewal"), ALWAYS | {"present_title", "hosted"}),
    ("id-card", PersonCase("loss"), ALWAYS | {"other_title", "birth", "loss", "stamp_card", "hosted"}),
    ("id-card", PersonCase("theft"), ALWAYS | {"other_title", "birth", "theft", "stamp_card", "hosted"}),
    ("id-card", PersonCase("change"), ALWAYS | {"present_title", "change", "hosted"}),
    ("passport", PersonCase("first"), ALWAYS | {"other_title", "birth", "stamp_passport_adult", "hosted"}),
    ("passport", PersonCase("change"), ALWAYS | {"present_title", "change", "free_change", "hosted"}),
    (
        "passport", PersonCase("renewal", minor=True),
        ALWAYS | {"present_title", "stamp_passport_minor", "child_comes", "guardian_title", "parents_apart"},
    ),
    (
        "id-card-passport", PersonCase("loss"),
        ALWAYS | {"other_title", "birth", "loss", "stamp_card", "stamp_passport_adult", "hosted"},
    ),
    ("title-collection", PersonCase(), {"collection_in_person", "collection_old"}),
    ("title-collection", PersonCase(minor=True), {"collection_minor", "collection_old"}),
    ("id-card", PersonCase(), ALWAYS | {"hosted"}),
    ("social", PersonCase(), set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "person", "wanted"),
    [pytest.param(*row, id=f"{row[0]} {row[1].case or '-'} {row[1].minor}") for row in TABLE],
)
def test_each_case_has_its_papers(code: str, person: PersonCase, wanted: set[str]) -> None:
    found = documents(code, [person], DAY)
    assert {one.key for one in found} == wanted
    assert len(found) == len(wanted), "a paper is listed once"


def test_a_paper_says_for_whom_when_it_is_not_for_everybody() -> None:
    people = [
        PersonCase("renewal", name="Camille"),
        PersonCase("loss", name="Dominique"),
        PersonCase("first", minor=True),
    ]
    whose = {one.key: one.for_whom for one in documents("id-card-passport", people, DAY)}
    assert whose["photo"] == ""
    assert whose["present_title"] == "Pour Camille"
    assert whose["other_title"] == "Pour Dominique et la personne 3"
    assert whose["stamp_passport_adult"] == "Pour Camille et Dominique"
    assert whose["guardian_title"] == "Pour qui accompagne l’enfant"
    assert whose["hosted"] == "Si vous êtes hébergé chez quelqu’un"


def test_what_no_official_text_said_is_marked_to_be_confirmed() -> None:
    found = [one for code in ("id-card", "passport", "title-collection") for case in CASES for one in documents(code, [PersonCase(case)], DAY)]  # fmt: skip  # noqa: E501
    assert [one for one in found if one.confirmed] == []
    assert all(one.source and one.why for one in found)


@pytest.mark.parametrize(
    "needs",
    [
        pytest.param(Needs(), id="nothing"),
        pytest.param(Needs(True, False, ""), id="wheelchair"),
        pytest.param(Needs(True, True, "mal voyant · poussette"), id="all, with our own separator"),
    ],
)
def test_needs_are_read_back_as_they_were_written(needs: Needs) -> None:
    assert needs_of(written_needs(needs)) == needs


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("03 89 00 00 00", "+33389000000"), ("06.39.98.00.01", "+33639980001"), ("+41 79 123 45 67", "+41791234567"),
        ("0389", None), ("bonjour", None), ("", None),
    ],
)  # fmt: skip
def test_a_contact_number_may_be_a_landline(typed: str, number: str | None) -> None:
    assert contact_number(typed) == number
