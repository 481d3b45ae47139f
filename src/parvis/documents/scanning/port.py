from dataclasses import dataclass
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class Verdict:
    """`state` is clean, infected or unchecked; `report` is the virus's name, or why it was not checked."""

    state: str
    report: str = ""


class Scanner(Protocol):
    def scan(self, stream: BinaryIO) -> Verdict:
        """Raises RetryLater when the scanner does not answer."""
