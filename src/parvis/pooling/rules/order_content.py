"""What a member writes of an order before it is issued, and of a delivery. Pure."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OrderContent:
    """`lines`: (line of the price schedule, quantity in hundredths), in order; none yet is fine for a draft."""

    title: str
    lines: tuple[tuple[UUID, int], ...] = ()
    deliver_to: str = ""
    deliver_by: date | None = None
    commitment: str = ""
    service_code: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class NewEService:
    """An e-service that the catalogue does not have yet; `theme` is one of eservices.contracts.Theme."""

    code: str
    name: str
    theme: str = "other"


@dataclass(frozen=True, slots=True)
class Lifting:
    """`put_right`: what the contractor did about the reserves of a delivery, by that day."""

    lifted_on: date
    put_right: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """`reserves`: what was not as ordered, blank when all was. For an order that puts an e-service online: since when
    its members offer it, and which one, in the catalogue or new.
    """

    delivered_on: date
    report: str
    reserves: str = ""
    serves_from: date | None = None
    eservice_id: UUID | None = None
    new_eservice: NewEService | None = None
