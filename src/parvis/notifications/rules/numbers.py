"""Mobile numbers: written E.164 (+33612345678) in the tables, shown in groups to people."""

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

# France with its overseas, and the neighbours whose inhabitants come to our desks. No further: a form that texts the
# whole world is used to call numbers that charge the sender.
SERVED = frozenset(
    {"FR", "GP", "BL", "MF", "GF", "MQ", "RE", "YT", "PM", "NC", "PF", "WF"}
    | {"BE", "LU", "DE", "CH", "LI", "IT", "ES", "MC", "AD"}
)  # fmt: skip
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_FICTION = "+3363998"  # 06 39 98 00 00 to 99 99, given to nobody: the numbers of the demo


def mobile_number(typed: str) -> str | None:
    """E.164 of a mobile number as people type it (national form: France); None when it is none that we serve."""
    try:
        number = phonenumbers.parse(typed, "FR")
    except phonenumbers.NumberParseException:
        return None
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if written.startswith(_FICTION) and phonenumbers.is_possible_number(number):
        return written
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _MOBILE:
        return None
    return written if phonenumbers.region_code_for_number(number) in SERVED else None


def shown_number(written: str) -> str:
    """« 06 12 34 56 78 » for France, « +41 79 123 45 67 » for elsewhere; what is no number is given back unchanged."""
    try:
        number = phonenumbers.parse(written, "FR")
    except phonenumbers.NumberParseException:
        return written
    french = number.country_code == phonenumbers.country_code_for_region("FR")
    style = PhoneNumberFormat.NATIONAL if french else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style).replace(" ", "\u00a0")
