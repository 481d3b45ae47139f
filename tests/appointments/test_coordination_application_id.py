import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.appointments.rules.application_id import LOOK_ALIKES, doubtful_signs, is_application_id, normalise

NUMBERS = st.from_regex(r"\A[A-Z0-9]{10}\Z")
SEPARATORS = st.text(
    "  \u00a0\u202f\u2009\t\n\r-\u2010\u2011\u2012\u2013\u2014\u2212\u200b\ufeff\u00ad\u2060", max_size=3
)


@given(st.text())
def test_normalising_twice_is_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def letters_and_digits(text: str) -> list[str]:
    return [sign for sign in text if unicodedata.category(sign)[0] in "LN"]


@given(st.text())
def test_no_letter_is_lost_and_only_a_to_z_change(text: str) -> None:
    assert letters_and_digits(normalise(text)) == [
        sign.upper() if sign.isascii() else sign for sign in letters_and_digits(text)
    ]


@given(NUMBERS, st.lists(SEPARATORS, min_size=11, max_size=11), st.booleans())
def test_a_number_is_found_however_it_is_spaced(number: str, between: list[str], small: bool) -> None:
    typed = between[0] + "".join(sign + gap for sign, gap in zip(number, between[1:], strict=True))
    assert normalise(typed.lower() if small else typed) == number


@given(st.text(alphabet="ABCxyz019OI -ſıßéÀ²½Ⅷ０Ａ٣_.", min_size=8, max_size=13))
def test_what_is_taken_for_a_number_holds_ten_plain_signs(text: str) -> None:
    if is_application_id(normalise(text)):
        assert len([c for c in text if c.isascii() and c.isalnum()]) == 10
        assert all(c.isascii() for c in text)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ab12-cd34-ef", "AB12CD34EF"),
        (" AB 12 CD 34 EF \n", "AB12CD34EF"),
        ("AB12\u2011CD34\u00adEF\u200b", "AB12CD34EF"),
        ("o0i1s5b8zz", "O0I1S5B8ZZ"),
    ],
)
def test_as_people_type_it(typed: str, found: str) -> None:
    assert normalise(typed) == found
    assert is_application_id(found)


@pytest.mark.parametrize(
    "text",
    [
        "", "AB12CD34E", "AB12CD34EFG", "ab12cd34ef", "AB12CD34EF\n", "AB12CD34É9", "AB12CD34E٣", "AB12.CD34EF",
        "ＡB12CD34EF", "ıB12CD34EF",
    ],
)  # fmt: skip
def test_what_is_no_number(text: str) -> None:
    assert not is_application_id(text)


@given(NUMBERS)
def test_doubtful_signs_are_said_and_never_changed(number: str) -> None:
    assert normalise(number) == number
    doubtful = doubtful_signs(number)
    assert set(doubtful) == {sign for sign in number if sign in LOOK_ALIKES}
    assert len(doubtful) == len(set(doubtful))
    assert all(LOOK_ALIKES[LOOK_ALIKES[sign]] == sign for sign in doubtful)
