"""The SIRET: 14 digits, of which the first nine are the company's SIREN."""

from stdnum.exceptions import ValidationError
from stdnum.fr import siret

SIRET_LENGTH = 14


class BadSiret(Exception):
    """`kind` is "letters", "short", "long" or "checksum"; `digits` how many digits were found."""

    def __init__(self, kind: str, digits: int) -> None:
        super().__init__(kind)
        self.kind = kind
        self.digits = digits


def parse_siret(text: str) -> str:
    """The 14 digits, whatever spaces, dots or dashes were typed between them. Raises BadSiret."""
    compact = "".join(c for c in text if not c.isspace() and c not in ".-\u2011\u2013")
    digits = sum(c in "0123456789" for c in compact)
    if digits != len(compact) or not compact:
        raise BadSiret("letters", digits)
    if digits != SIRET_LENGTH:
        raise BadSiret("short" if digits < SIRET_LENGTH else "long", digits)
    try:
        return str(siret.validate(compact))
    except ValidationError as error:
        raise BadSiret("checksum", digits) from error
