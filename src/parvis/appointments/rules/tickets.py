"""The ticket called at a desk: the agenda's letter and the number of the day. It names nobody."""

import re
from collections.abc import Iterable

# Read and said aloud from afar: I, O and Q are too like 1, 0 and O.
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_TICKET = re.compile(r"([A-Z]{1,2})(\d{1,4})")


def letters(rank: int) -> str:
    """The letter of a place's agenda by its rank, from 0; two letters from the 24th on. Raises ValueError below 0 and
    beyond the 552nd.
    """
    if not 0 <= rank < len(LETTERS) * (len(LETTERS) + 1):
        raise ValueError(f"no letter for an agenda of rank {rank}")
    first, second = divmod(rank, len(LETTERS))
    return (LETTERS[first - 1] if first else "") + LETTERS[second]


def next_ticket(prefix: str, used: Iterable[str]) -> str:
    """The ticket after the highest one of the same letters given that day: a number never comes back."""
    numbers = [int(found[2]) for one in used if (found := _TICKET.fullmatch(one)) and found[1] == prefix]
    return f"{prefix}{max(numbers, default=0) + 1}"
