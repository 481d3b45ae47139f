"""An electronic invoice as it was read. Amounts are integer cents; numbers in brackets are those of EN 16931."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

# UNTDID 1001: the types by which a seller gives back.
CREDIT_TYPES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"})
INVOICE_TYPE = "380"
MOST_TOLD = 10
_TELLING = 4
_BETWEEN = re.compile(r"[\s/;,|]+")


class Level(StrEnum):
    """BLOCKING: the invoice cannot be accepted as it is. TO_CHECK: an agent looks, and may accept with a reason."""

    BLOCKING = "blocking"
    TO_CHECK = "to_check"


class Profile(StrEnum):
    """How much an electronic invoice says, from the least to the most; NONE is a paper one, typed by an agent."""

    NONE = "none"
    MINIMUM = "minimum"
    BASIC_WL = "basicwl"
    BASIC = "basic"
    EN16931 = "en16931"
    EXTENDED = "extended"
    EXTENDED_CTC_FR = "extended-ctc-fr"

    @property
    def has_lines(self) -> bool:
        return self not in (Profile.NONE, Profile.MINIMUM, Profile.BASIC_WL)


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as it should be. `sentence` gives both values, `what_to_do` the way out, in French."""

    code: str
    level: Level
    sentence: str
    what_to_do: str


@dataclass(frozen=True, slots=True)
class Party:
    """Seller or buyer. Numbers are digits only, "" when the invoice does not give them; `siren` also from the SIRET."""

    name: str
    siret: str = ""
    siren: str = ""
    vat_id: str = ""


@dataclass(frozen=True, slots=True)
class VatPart:
    """One rate of the VAT breakdown (BG-23). `rate` in hundredths of a percent: 2000 is 20 %. None: not readable."""

    rate: int | None
    category: str
    base_cents: int | None
    vat_cents: int | None


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line (BG-25). `unit_price` in euros, as many decimals as it has, for `price_quantity` units.

    `vat_rate` in hundredths of a percent. `reference` is the article's code, the buyer's first (BT-156, else BT-155).
    `extras_cents` are charges less allowances. `counts` is False for a heading or a note, which no sum includes.
    """

    number: str
    label: str
    quantity: Decimal | None
    unit: str
    unit_price: Decimal | None
    net_cents: int | None
    vat_rate: int | None
    reference: str = ""
    price_quantity: Decimal = Decimal(1)
    extras_cents: int | None = 0
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Totals:
    """BT-106 to BT-115, None for what could not be read; `lines` also where the profile does not have it."""

    ht: int | None
    vat: int | None
    ttc: int | None
    due: int | None
    lines: int | None = None
    allowances: int | None = 0
    charges: int | None = 0
    paid: int | None = 0
    rounding: int | None = 0


@dataclass(frozen=True, slots=True)
class InvoiceRead:
    """What a file says, word for word. "" stands for what it does not say.

    `buyer_reference` is Chorus Pro's service code (BT-10), `order_reference` the commitment number (BT-13),
    `preceding` the numbers of the invoices that this one corrects (BT-25). `from_pdf`: the XML came inside a PDF.
    `problems`: what could not be trusted by itself, whatever the order.
    """

    number: str
    type_code: str
    issued_on: date
    due_on: date | None
    currency: str
    seller: Party
    buyer: Party
    buyer_reference: str
    order_reference: str
    contract_reference: str
    preceding: tuple[str, ...]
    totals: Totals
    vat_parts: tuple[VatPart, ...]
    lines: tuple[InvoiceLine, ...]
    profile: Profile
    from_pdf: bool
    problems: tuple[Difference, ...] = ()

    @property
    def is_credit(self) -> bool:
        """A credit note, by its type or, as the standard also allows, by a negative total."""
        return self.type_code in CREDIT_TYPES or (self.totals.ttc or 0) < 0

    @property
    def adds_up(self) -> bool:
        """Whether its three totals were read and agree: without them it can be shown, not recorded."""
        t = self.totals
        return t.ht is not None and t.vat is not None and t.ttc is not None and t.ht + t.vat == t.ttc

    @property
    def effect_ht(self) -> int | None:
        """What it adds to the amount invoiced excluding VAT: negative for a credit note, None when unreadable."""
        return self._effect(self.totals.ht)

    @property
    def effect_ttc(self) -> int | None:
        return self._effect(self.totals.ttc)

    def _effect(self, cents: int | None) -> int | None:
        if cents is None:
            return None
        return -cents if self.type_code in CREDIT_TYPES else cents


def told(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """At most ten of one kind, then how many more: an invoice of a thousand lines stays readable."""
    found: list[Difference] = []
    more: dict[str, list[Difference]] = {}
    for one in differences:
        same = more.setdefault(one.code, [])
        same.append(one)
        if len(same) <= MOST_TOLD:
            found.append(one)
    for code, same in more.items():
        rest = len(same) - MOST_TOLD
        if rest > 0:
            sentence = f"Et {rest} fois encore le même écart." if rest > 1 else "Et une fois encore le même écart."
            found.append(Difference(code, same[-1].level, sentence, same[-1].what_to_do))
    return tuple(found)


def same_number(one: str, other: str) -> bool:
    """Whether two numbers typed by people are the same but for case, spaces and separators."""
    return bool(bare_number(one)) and bare_number(one) == bare_number(other)


def cites(text: str, number: str) -> bool:
    """Whether a reference is this number, alone or, when it is long enough to be told from a word, among others:
    « 4500012 / BC-2026-014 ».
    """
    if same_number(text, number):
        return True
    return len(bare_number(number)) >= _TELLING and any(same_number(part, number) for part in _BETWEEN.split(text))


def bare_number(text: str) -> str:
    """Letters and digits alone: « BC 2026/014 » and « bc-2026-014 » are one number."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())
