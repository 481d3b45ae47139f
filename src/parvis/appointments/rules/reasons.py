"""The reasons that several places share, so that one search compares them. Others are a place's own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SharedReason:
    """`hub`: the national network's word, or "". `numbered`: each person has a pre-application number."""

    code: str
    label: str
    hub: str
    numbered: bool
    minutes: int
    minutes_more: int


# A ready title is handed over to its holder: there is nothing to apply for, so no number, and no quota.
HAND_OVER = "title-collection"
# Usual durations in minutes; each place sets its own.
SHARED = {
    one.code: one
    for one in (
        SharedReason("id-card", "Carte d’identité", "CNI", True, 20, 20),
        SharedReason("passport", "Passeport", "PASSPORT", True, 20, 20),
        SharedReason("id-card-passport", "Carte d’identité et passeport", "CNI-PASSPORT", True, 30, 30),
        SharedReason(HAND_OVER, "Retrait d’un titre prêt", "", False, 10, 5),
    )
}
BY_HUB = {one.hub: one for one in SHARED.values() if one.hub}


def is_numbered(code: str) -> bool:
    return code in SHARED and SHARED[code].numbered
