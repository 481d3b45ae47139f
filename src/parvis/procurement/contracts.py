"""Frozen values of procurement that may cross a wall.

Amounts are integer euro cents excluding VAT, instants are aware and in UTC.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Nature = Literal["works", "supplies", "services"]
BuyerKind = Literal["local_authority", "network_entity"]
EnvelopeKind = Literal["application", "bid"]
OpeningOrder = Literal["applications_first", "bids_first"]
Tag = Literal["F", "S", "C"]


@dataclass(frozen=True, slots=True)
class Advice:
    """One remark to the buyer that never blocks. `tag` is C where a lawyer has still to confirm the duty behind it."""

    code: str
    level: Literal["warning", "info"]
    message: str
    why: str
    field: str
    article: str = ""
    tag: Tag = "C"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing without which the next moment cannot come. `field` is that of DraftView, for the form to link to."""

    field: str
    message: str
    before: Literal["keys", "publication"] = "publication"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The earliest lawful last day. `date` and `days` are None where the law sets no number (adapted procedure).

    `computation` is the "Pourquoi ?" shown to the buyer, one French sentence a step.
    """

    date: date | None
    days: int | None
    computation: tuple[str, ...]
    article: str = ""
    tag: Tag = "C"


@dataclass(frozen=True, slots=True)
class LotView:
    number: int
    title: str
    cpv: str = ""
    estimated_cents: int | None = None


@dataclass(frozen=True, slots=True)
class CriterionView:
    """`weight_hundredths`: hundredths of a percent point, 4000 is 40 %. `lot` None: the criterion holds for every lot
    that has none of its own.
    """

    label: str
    weight_hundredths: int
    lot: int | None = None


@dataclass(frozen=True, slots=True)
class CustodianView:
    """A person who will hold a share of the opening keys; `has_key`: they made their own key in their browser."""

    name: str
    has_key: bool
    is_chair: bool = False


@dataclass(frozen=True, slots=True)
class DraftView:
    """What a buyer has entered so far. Empty texts and None mean "not entered yet"."""

    title: str = ""
    reference: str = ""
    object: str = ""
    procedure: str = ""
    technique: str | None = None
    nature: Nature | None = None
    lots: tuple[LotView, ...] = ()
    cpv: str = ""
    place_nuts: str = ""
    estimated_cents: int | None = None
    duration_months: int | None = None
    criteria: tuple[CriterionView, ...] = ()
    documents_count: int = 0
    deadline_utc: datetime | None = None
    questions_until: datetime | None = None
    contact_name: str = ""
    contact_email: str = ""
    envelopes: tuple[EnvelopeKind, ...] = ()
    opening_order: OpeningOrder | None = None
    framework_min_cents: int | None = None
    framework_max_cents: int | None = None
    custodians: tuple[CustodianView, ...] = ()
    keys_threshold: int | None = None
    keys_made: bool = False
    keys_rehearsed: bool = False
    urgent: bool = False
    prior_notice: bool = False
    electronic: bool = True


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """A deposit as the register knows it: `number` is its rank in the register, `stamp_utc` the time that counts.

    `deadline_utc` is the one that held when it came. `company` is the company's id.
    """

    id: str
    company: str
    number: int
    stamp_utc: datetime
    deadline_utc: datetime
