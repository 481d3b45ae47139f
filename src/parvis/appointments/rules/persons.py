"""Who comes, and how to reach them: what is asked of each person, and in which words it is kept."""

import re
from dataclasses import dataclass

import phonenumbers

from parvis.appointments.rules.reasons import is_numbered

# What is asked of the desk for one person: code -> words of the page.
CASES = {
    "first": "Une première demande",
    "renewal": "Un renouvellement",
    "loss": "Un remplacement après une perte",
    "theft": "Un remplacement après un vol",
    "change": "Un changement d’état civil ou d’adresse",
}
WHEELCHAIR = "Fauteuil roulant"
SIGN_LANGUAGE = "Langue des signes"
_BETWEEN = " · "
# Letters, and the full stop of an initial; at most four words.
_WORD = r"[^\W\d_]+\.?"
_NAME = re.compile(rf"{_WORD}([ \u00a0’'-]{{1,2}}{_WORD}){{0,3}}")
# Room for the two words above in the 300 signs of a booking's needs.
OTHER_NEEDS_LENGTH = 240


@dataclass(frozen=True, slots=True)
class Needs:
    wheelchair: bool = False
    sign_language: bool = False
    other: str = ""


def has_cases(code: str) -> bool:
    """Whether a reason asks what each person demands."""
    return is_numbered(code)


def written_needs(needs: Needs) -> str:
    """One line for the desk; `needs_of` reads it back."""
    words = [WHEELCHAIR if needs.wheelchair else "", SIGN_LANGUAGE if needs.sign_language else "", needs.other.strip()]
    return _BETWEEN.join(one for one in words if one)


def needs_of(text: str) -> Needs:
    parts = [one for one in text.split(_BETWEEN) if one]
    rest = [one for one in parts if one not in (WHEELCHAIR, SIGN_LANGUAGE)]
    return Needs(WHEELCHAIR in parts, SIGN_LANGUAGE in parts, _BETWEEN.join(rest))


def name_for_letters(name: str) -> str:
    """The name, or "" where it holds what no first name does: letters go to addresses that nobody proved to be theirs,
    and must not carry a stranger's sentence or link.
    """
    return name if len(name) <= 40 and _NAME.fullmatch(name) else ""


def contact_number(typed: str) -> str | None:
    """E.164 of a telephone where a desk can call somebody, landline or mobile, as people type it (national form:
    France). None when it is no number.
    """
    try:
        number = phonenumbers.parse(typed, "FR")
    except phonenumbers.NumberParseException:
        return None
    # Possible is enough: numbers of the demo are given to nobody, and a wrong one harms only who typed it.
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
