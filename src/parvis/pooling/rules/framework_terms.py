"""A framework agreement and its amendments as they are typed. Amounts in cents excluding VAT. Pure."""

from dataclasses import dataclass
from datetime import date

from parvis.pooling.rules.schedule import PriceRow


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an existing contract had been ordered before it was taken up, all members together, and its last day.
    `source`: what says so, blank when a paper does.
    """

    cents: int
    until: date | None = None
    source: str = ""


NOTHING = Earlier(0)


@dataclass(frozen=True, slots=True)
class FrameworkTerms:
    """[starts_on, ends_on). `term_reason`: why it lasts more than four years.

    `signed_on`: of a contract that procurement has not yet. `earlier`: of one that no consultation of here gave.
    """

    reference: str
    title: str
    contractor_name: str
    contractor_siret: str
    launched_on: date
    awarded_on: date
    notified_on: date
    starts_on: date
    ends_on: date
    max_cents: int
    min_cents: int = 0
    contractor_email: str = ""
    term_reason: str = ""
    signed_on: date | None = None
    earlier: Earlier = NOTHING


@dataclass(frozen=True, slots=True)
class Amendment:
    """None, or no row, for what does not change. `ended`: codes of the schedule that end without another price."""

    purpose: str
    signed_on: date
    effective_on: date
    max_cents: int | None = None
    ends_on: date | None = None
    term_reason: str = ""
    prices: tuple[PriceRow, ...] = ()
    ended: tuple[str, ...] = ()
