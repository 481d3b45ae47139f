"""Where no address service is configured: the communes of this platform, found by name or by postcode."""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

from parvis.appointments.geocoding.port import Located
from parvis.authorities.facade import AuthorityView, authorities

LONGEST = 200
_SHORT_FORMS = {"st": "saint", "ste": "sainte"}
# Words that ask for nothing more than the commune.
_IDLE = {"cedex", "france"}


@dataclass(frozen=True, slots=True)
class _Commune:
    label: str
    words: list[str]
    postcode: str
    latitude: float
    longitude: float


class CommuneFinder:
    """Knows no street: an address is taken for its commune, and the label says so."""

    def locate(self, text: str, limit: int) -> list[Located]:
        words = _words(text[:LONGEST])
        postcodes = [word for word in words if re.fullmatch(r"\d{5}", word)]
        named = [word for word in words if word not in postcodes and word not in _IDLE]
        known = [commune for one in authorities() if (commune := _commune(one)) is not None]
        here = [one for one in known if one.postcode in postcodes[-1:]]
        found = _by_name(named, here) or here or _by_name(named, known)
        return [_located(one, named) for one in found[:limit]]


def _commune(one: AuthorityView) -> _Commune | None:
    if one.kind != "commune" or one.latitude is None or one.longitude is None:
        return None
    label = f"{one.name} ({one.postcode})" if one.postcode else one.name
    return _Commune(label, _words(one.name), one.postcode, one.latitude, one.longitude)


def _words(text: str) -> list[str]:
    """Lower case, without accents, cut at hyphens, apostrophes and spaces; St and Ste in full."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return [_SHORT_FORMS.get(word, word) for word in re.findall(r"[a-z0-9]+", plain)]


def _by_name(words: list[str], communes: list[_Commune]) -> list[_Commune]:
    """Those whose whole name is written, the last written first, as in a postal address; or else those whose name
    holds the words, begun at least.
    """
    if not words:
        return []
    whole = [(place, one) for one in communes if (place := _end_of_name(one.words, words)) is not None]
    if whole:
        names = [one.words for _place, one in whole]
        return [one for _place, one in sorted(whole, key=lambda pair: -pair[0]) if not _part_of(one.words, names)]
    begun = [(place, one) for one in communes if (place := _begun_at(words, one.words)) is not None]
    return [one for _place, one in sorted(begun, key=lambda pair: (pair[0], pair[1].label))]


def _end_of_name(name: list[str], words: list[str]) -> int | None:
    """Where the name, written whole, ends among the words; the last place if it is there twice."""
    size = len(name)
    ends = [end for end in range(size, len(words) + 1) if words[end - size : end] == name]
    return max(ends, default=None)


def _part_of(name: list[str], names: list[list[str]]) -> bool:
    """« Fontaine » within « Fontaine-lès-Dijon »."""
    return any(len(other) > len(name) and _end_of_name(name, other) is not None for other in names)


def _begun_at(words: list[str], name: list[str]) -> int | None:
    """The first word of the name that the words begin, all the words in a row: « stein », « saint ap », « le bas »."""
    for start in range(len(name) - len(words) + 1):
        row = name[start : start + len(words)]
        if all(full.startswith(part) for part, full in zip(words, row, strict=True)):
            return start
    return None


def _located(one: _Commune, words: list[str]) -> Located:
    only_the_commune = not words or _begun_at(words, one.words) is not None
    label = (
        one.label
        if only_the_commune
        else _("{commune}\u202f: seule la commune est reconnue, pas l’adresse").format(commune=one.label)
    )
    return Located(label, one.latitude, one.longitude)
