"""What an invoice is compared with: a purchase order and what was already invoiced on it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from parvis.pooling.rules.invoice import bare_number


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line of the order. `unit_price_cents` excluding VAT; `vat_rate` in hundredths of a percent: 2000 is 20 %."""

    code: str
    label: str
    quantity: Decimal
    unit_price_cents: int
    vat_rate: int


@dataclass(frozen=True, slots=True)
class PastInvoice:
    """An invoice, or a credit note, already accepted on the order.

    Amounts in cents as they count: negative for a credit note, whose `corrects` is the number of its invoice.
    """

    number: str
    ht_cents: int
    ttc_cents: int
    corrects: str = ""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """One issued order. `key` is the caller's own; `seen_numbers` what the contractor sent already, on any order.

    Amounts in cents. SIRETs have 14 digits. `vat_rate`, in hundredths of a percent, serves an order without lines.
    """

    key: str
    number: str
    commitment_number: str
    buyer_siret: str
    contractor_siret: str
    framework_reference: str
    ht_cents: int
    vat_cents: int
    ttc_cents: int
    issued_on: date
    delivered: bool
    lines: tuple[OrderLine, ...] = ()
    past: tuple[PastInvoice, ...] = ()
    seen_numbers: frozenset[str] = frozenset()
    buyer_name: str = ""
    contractor_name: str = ""
    vat_rate: int | None = None

    @property
    def left_ht(self) -> int:
        """What may still be invoiced, excluding VAT: credit notes give room back."""
        return self.ht_cents - sum(one.ht_cents for one in self.past)

    @property
    def left_ttc(self) -> int:
        return self.ttc_cents - sum(one.ttc_cents for one in self.past)

    @property
    def rates(self) -> tuple[int, ...]:
        """The VAT rates ordered, lowest first; none when nothing tells."""
        found = {line.vat_rate for line in self.lines} or ({self.vat_rate} if self.vat_rate is not None else set())
        return tuple(sorted(found))

    def left_of(self, number: str) -> int | None:
        """What an accepted invoice still counts for including VAT, its credit notes deducted; None: no such one."""
        wanted = bare_number(number)
        if not any(bare_number(one.number) == wanted and one.ttc_cents >= 0 for one in self.past):
            return None
        return sum(one.ttc_cents for one in self.past if wanted in (bare_number(one.number), bare_number(one.corrects)))
