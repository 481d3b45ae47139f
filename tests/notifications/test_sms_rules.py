"""What a text costs, and which numbers may cost it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from parvis.kit.errors import Refusal
from parvis.notifications import facade
from parvis.notifications.rules.sms import is_gsm


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 459, 3),
        ("a" * 460, 4),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("я" * 134, 2),
        ("я" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 66, 2),
        ("😀" * 67, 3),
    ],
    ids=lambda value: f"{value[0]}x{len(value)}" if isinstance(value, str) else str(value),
)
def test_parts_of_a_text(text: str, parts: int) -> None:
    assert facade.segments(text) == parts


@pytest.mark.parametrize(
    ("written", "leaves"),
    [
        ("Rendez-vous à 10\u00a0h\u00a020\u202f: c’est noté", "Rendez-vous à 10 h 20 : c'est noté"),
        ("«\u202fCœur de ville\u202f» – être là… ça", '"Coeur de ville" - etre là... ca'),
        ("ÀÈÉÊÎÔ naïve", "AEÉEIO naive"),
        ("12 € à régler", "12 € à régler"),
        ("  Straße nº 3 \n", "Straße no 3"),
        ("Être là : Привет", "Être là : Привет"),
    ],
    ids=["spaces", "quotes", "capitals", "euro", "alsace", "other-alphabet"],
)
def test_a_text_leaves_in_plain_letters_when_it_can(written: str, leaves: str) -> None:
    assert facade.sms_text(written) == leaves


@given(st.text(max_size=400))
@example("\u200b x")
@example("\u00a8x")
def test_plain_letters_are_stable_and_never_leave_the_alphabet_of_sms(text: str) -> None:
    plain = facade.sms_text(text)
    assert facade.sms_text(plain) == plain
    assert is_gsm(plain) or not is_gsm(text)


@pytest.mark.parametrize(
    ("typed", "number", "shown"),
    [
        ("06 39 98 00 01", "+33639980001", "06\u00a039\u00a098\u00a000\u00a001"),
        ("06.39.98.00.01", "+33639980001", "06\u00a039\u00a098\u00a000\u00a001"),
        ("0033 6 39 98 00 01", "+33639980001", "06\u00a039\u00a098\u00a000\u00a001"),
        ("+33 (0)6 39 98 00 01", "+33639980001", "06\u00a039\u00a098\u00a000\u00a001"),
        ("+262 692 12 34 56", "+262692123456", "+262\u00a0692\u00a012\u00a034\u00a056"),
        ("+41 79 123 45 67", "+41791234567", "+41\u00a079\u00a0123\u00a045\u00a067"),
    ],
    ids=["spaces", "dots", "zeros", "both-prefixes", "reunion", "swiss"],
)
def test_a_mobile_number_as_people_type_it(typed: str, number: str, shown: str) -> None:
    assert (facade.read_mobile(typed), facade.shown_number(number)) == (number, shown)


@pytest.mark.parametrize(
    "typed",
    ["", "mairie", "03 89 12 34 56", "06 39 98 00", "06 39 98 00 011", "+1 202 555 0123", "+882 16 12 34 56 78"],
    ids=["empty", "word", "landline", "short", "long", "other-continent", "satellite"],
)
def test_a_number_that_gets_no_sms_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Refusal, match="mobile") as refused:
        facade.read_mobile(typed)
    assert (refused.value.code, refused.value.field) == ("bad_mobile", "phone")
