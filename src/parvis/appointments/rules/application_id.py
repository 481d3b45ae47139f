"""The number that the national site gives at the end of a pre-application: one per person, ten letters or digits."""

import re
import unicodedata
from types import MappingProxyType

LENGTH = 10
_SHAPE = re.compile(r"[A-Z0-9]{10}")
_ASCII_UPPER = {small: small - 32 for small in range(ord("a"), ord("z") + 1)}
_SOFT_HYPHEN = "\u00ad"

# Signs read one for the other on paper or on a screen. Both are used in real numbers, so neither is ever corrected.
LOOK_ALIKES = MappingProxyType({"O": "0", "0": "O", "I": "1", "1": "I", "S": "5", "5": "S", "B": "8", "8": "B"})


def normalise(text: str) -> str:
    """What a person typed or pasted, without spaces, dashes or invisible signs, in capitals.

    Nothing else changes: the result may not be a number at all (`is_application_id`). Letters outside a to z stay as
    they are, since capitals of some would be other letters (ı, ſ, ß).
    """
    return "".join(sign for sign in text if not _separates(sign)).translate(_ASCII_UPPER)


def is_application_id(text: str) -> bool:
    """Whether the text is written as the national service wants it: call `normalise` before."""
    return _SHAPE.fullmatch(text) is not None


def doubtful_signs(application_id: str) -> tuple[str, ...]:
    """The signs of a number that are often read as another one, each once, in order: what a person should look at."""
    return tuple(dict.fromkeys(sign for sign in application_id if sign in LOOK_ALIKES))


def _separates(sign: str) -> bool:
    # Zs and co. are spaces, Pd dashes, Cf the invisible signs that a page or a PDF adds when one copies from it.
    return sign.isspace() or sign in ("\u2212", _SOFT_HYPHEN) or unicodedata.category(sign) in ("Pd", "Cf")
