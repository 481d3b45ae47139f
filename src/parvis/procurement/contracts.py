"""Frozen values of procurement that may cross a wall.

Amounts are integer euro cents excluding VAT, instants are aware and in UTC.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from parvis.kit.siret import spaced_siret

Nature = Literal["works", "supplies", "services"]
BuyerKind = Literal["local_authority", "network_entity"]
EnvelopeKind = Literal["application", "bid"]
OpeningOrder = Literal["applications_first", "bids_first"]
Tag = Literal["F", "S", "C"]
GroupRole = Literal["leader", "member"]


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


@dataclass(frozen=True, slots=True)
class GroupBuyer:
    """An authority of a joint procurement. The leader (« coordonnateur ») is the one that holds the consultation."""

    authority_id: UUID
    role: GroupRole


@dataclass(frozen=True, slots=True)
class AwardInput:
    """An award as decided. `amount_cents`, or the bounds of a framework agreement, in euro cents excluding VAT.

    `contractor_siret` as typed. `decided_on`: by the tender board, or whoever decides in its place.
    """

    reference: str
    title: str
    contractor_name: str
    contractor_siret: str
    decided_on: date
    duration_months: int
    signed_on: date | None = None
    notified_on: date | None = None
    amount_cents: int | None = None
    framework_min_cents: int | None = None
    framework_max_cents: int | None = None


@dataclass(frozen=True, slots=True)
class AwardView:
    """Who got a contract. A price, or the bounds of a framework agreement: the other is None.

    `consultation_id` None: a contract that was there before the platform. `lot`: its number, None for the whole
    contract. `signed_on` and `notified_on` are None until they are known.
    """

    id: UUID
    authority_id: UUID
    consultation_id: UUID | None
    lot: int | None
    reference: str
    title: str
    contractor_name: str
    contractor_siret: str
    decided_on: date
    signed_on: date | None
    notified_on: date | None
    duration_months: int
    amount_cents: int | None
    framework_min_cents: int | None
    framework_max_cents: int | None

    @property
    def framework(self) -> bool:
        return self.framework_max_cents is not None

    @property
    def spaced_siret(self) -> str:
        """732 829 320 00074, with no-break spaces."""
        return spaced_siret(self.contractor_siret)


@dataclass(frozen=True, slots=True)
class ConsultationLine:
    """A consultation as a page of the room above names it, and where to go from there.

    `public_url` is the name of its public page, "" before publication; `desk_url` that of its file, for the agents of
    its authority. Both take the authority's slug and the id.
    """

    id: UUID
    authority_id: UUID
    authority_slug: str
    authority_name: str
    reference: str
    title: str
    state: str
    state_label: str
    group_id: UUID | None
    published_at: datetime | None
    deadline: datetime | None
    public_url: str
    desk_url: str = "desk_consultation"
