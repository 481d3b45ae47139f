"""What the invoices accepted on an order come to, credit notes deducted."""

from collections.abc import Iterable
from dataclasses import dataclass

from parvis.pooling.rules.invoice import InvoiceRead, bare_number
from parvis.pooling.rules.order_facts import PastInvoice


@dataclass(frozen=True, slots=True)
class Account:
    """What an order still waits for, in cents: what was ordered, less invoices, plus credit notes."""

    ordered_ht: int
    ordered_ttc: int
    invoiced_ht: int
    invoiced_ttc: int
    credited_ht: int
    credited_ttc: int

    @property
    def net_ht(self) -> int:
        return self.invoiced_ht - self.credited_ht

    @property
    def net_ttc(self) -> int:
        return self.invoiced_ttc - self.credited_ttc

    @property
    def left_ht(self) -> int:
        return self.ordered_ht - self.net_ht

    @property
    def left_ttc(self) -> int:
        return self.ordered_ttc - self.net_ttc


def account_of(ordered_ht: int, ordered_ttc: int, accepted: Iterable[InvoiceRead]) -> Account:
    sums = {"invoiced_ht": 0, "invoiced_ttc": 0, "credited_ht": 0, "credited_ttc": 0}
    for one in accepted:
        side = "credited" if one.is_credit else "invoiced"
        sums[f"{side}_ht"] += abs(one.effect_ht or 0)
        sums[f"{side}_ttc"] += abs(one.effect_ttc or 0)
    return Account(ordered_ht=ordered_ht, ordered_ttc=ordered_ttc, **sums)


def past_of(accepted: Iterable[InvoiceRead]) -> tuple[PastInvoice, ...]:
    """As they count on their order: invoices first, then credit notes, each taken off the invoices that it cites.

    A credit note on several invoices uses up the first one's amount, then the next one's; each part is a row.
    """
    read = list(accepted)
    past = [PastInvoice(one.number, one.effect_ht or 0, one.effect_ttc or 0) for one in read if not one.is_credit]
    room = {bare_number(one.number): one.ttc_cents for one in past}
    for credit in (one for one in read if one.is_credit):
        past += _parts(credit, room)
    return tuple(past)


def _parts(credit: InvoiceRead, room: dict[str, int]) -> list[PastInvoice]:
    """`room`, by bare number, is lowered as it is used. The amount excluding VAT goes with the first part."""
    left, ht = -(credit.effect_ttc or 0), credit.effect_ht or 0
    cited = list(dict.fromkeys(credit.preceding)) or [""]
    parts = []
    for rank, number in enumerate(cited):
        last = rank == len(cited) - 1
        taken = left if last else min(left, room.get(bare_number(number), 0))
        parts.append(PastInvoice(credit.number, 0 if rank else ht, -taken, corrects=number))
        room[bare_number(number)] = room.get(bare_number(number), 0) - taken
        left -= taken
    return parts
