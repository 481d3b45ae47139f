from typing import Protocol


class Carrier(Protocol):
    """Whoever puts an SMS on the network."""

    def send(self, to: str, text: str) -> None:
        """Hand over one text. `to` is E.164 (+33612345678). Raises RetryLater, Permanent."""
