"""Code lists with French labels, where one is installed; without one, codes are typed and only their form counts."""

from functools import cache
from pathlib import Path

from django.conf import settings

from parvis.procurement.rules import CodeList, code_list


def _list(name: str) -> CodeList | None:
    places: list[Path] = [settings.DATA / "sdk" / name]
    if settings.LOCAL:
        places.append(settings.ROOT.parent / "shared" / "data" / name)
    return next((code_list(place) for place in places if place.is_file()), None)


def cpv_list() -> CodeList | None:
    """The CPV of the eForms SDK put in the data folder (sdk/cpv_fr.csv), or None."""
    return _list("cpv_fr.csv")


@cache
def _departments(codes: CodeList) -> tuple[tuple[str, str], ...]:
    found = [
        (entry.code, entry.label) for entry in codes.entries if entry.code.startswith("FR") and len(entry.code) == 5
    ]
    return tuple(sorted(found, key=lambda pair: pair[1]))


def department_choices() -> tuple[tuple[str, str], ...]:
    """(NUTS 3 code, name) of the French departments by name; empty without the list (sdk/nuts_fr.csv)."""
    codes = _list("nuts_fr.csv")
    return _departments(codes) if codes else ()
