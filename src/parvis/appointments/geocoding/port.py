from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Located:
    """`label` says in French what was understood. `latitude`, `longitude`: degrees, WGS 84."""

    label: str
    latitude: float
    longitude: float


class Geocoder(Protocol):
    def locate(self, text: str, limit: int) -> list[Located]:
        """At most `limit` places that an address, a postcode or a commune may mean, the likeliest first.

        Empty when nothing fits. May be remote: never inside a transaction. Raises RetryLater.
        """
