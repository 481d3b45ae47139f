"""NUTS codes: the place of performance. A département is 5 characters: FRF12 Haut-Rhin, FRC11 Côte-d'Or."""

import re

from parvis.procurement.rules.text import _

_FORM = re.compile(r"FR([A-Z0-9]{3})", re.ASCII)


def nuts_error(code: str) -> str | None:
    """What is wrong with the form of a French NUTS 3 code. Labels come from cpv.code_list with the NUTS file."""
    if _FORM.fullmatch(code):
        return None
    return _(
        "« %(code)s » n’est pas un code de département NUTS : FR suivi de trois caractères, par exemple FRF12."
    ) % {"code": code}
