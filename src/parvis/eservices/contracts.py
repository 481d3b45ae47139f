"""What may cross the wall of the e-services room."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

Theme = Literal[
    "identity", "family", "housing", "surroundings", "leisure", "associations", "solidarity", "business", "other"
]


@dataclass(frozen=True, slots=True)
class EServiceView:
    """An e-service and the authority that runs it. `offered_until` is its last day, None as long as none is set."""

    id: UUID
    authority_id: UUID
    authority_slug: str
    authority_name: str
    code: str
    name: str
    summary: str
    theme: Theme
    theme_label: str
    offered_from: date
    offered_until: date | None

    def offered_on(self, day: date) -> bool:
        return self.offered_from <= day and (self.offered_until is None or day <= self.offered_until)


@dataclass(frozen=True, slots=True)
class UseView:
    """An authority that offers an e-service to its citizens, from a first day to a last one, both included.

    `own`: it runs the e-service itself; otherwise it joined another's. `order_id`: the purchase order that decided it.
    """

    id: UUID
    service_id: UUID
    service_name: str
    authority_id: UUID
    authority_name: str
    own: bool
    from_on: date
    until_on: date | None
    order_id: UUID | None

    def used_on(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)
