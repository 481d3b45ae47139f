"""A first text of a committee's minutes, from what the platform knows of it: the secretary corrects and completes."""

from collections.abc import Sequence
from typing import NamedTuple

from parvis.kit.money import NARROW
from parvis.pooling.rules.words import listed, several


class Seat(NamedTuple):
    """A member at the meeting: present, excused or absent; `delegate` is who came for it."""

    name: str
    presence: str
    delegate: str = ""


def draft_minutes(seats: Sequence[Seat], agenda: Sequence[str], decisions: Sequence[str]) -> str:
    """Plain text in French, one paragraph a part: who came, each item to be filled in, the decisions."""
    parts = [_who(seats)]
    parts += [f"{rank}. {item}\n…" for rank, item in enumerate(agenda, 1)]
    parts.append("Décisions\n" + (_numbered(decisions) or "Le comité n’a pris aucune décision."))
    return "\n\n".join(parts)


def _who(seats: Sequence[Seat]) -> str:
    present = [one for one in seats if one.presence == "present"]
    lines = [f"Présents{NARROW}: {several(len(present), 'membre')} sur {len(seats)}"]
    lines += [f"- {one.name}, représentée par {one.delegate}" for one in present]
    for presence, word in (("excused", "Excusés"), ("absent", "Absents")):
        names = [one.name for one in seats if one.presence == presence]
        if names:
            lines.append(f"{word}{NARROW}: {listed(names)}")
    return "\n".join(lines)


def _numbered(items: Sequence[str]) -> str:
    return "\n".join(f"{rank}. {item}" for rank, item in enumerate(items, 1))
