"""An invoice that came on paper, or in an ordinary PDF, typed by an agent: checked as any other."""

from dataclasses import dataclass, replace
from datetime import date

from parvis.pooling.rules.invoice import INVOICE_TYPE, InvoiceRead, Party, Profile, Totals, told
from parvis.pooling.rules.invoice_sums import wrong_sums

CREDIT_NOTE = "381"


@dataclass(frozen=True, slots=True)
class HandEntry:
    """What the agent reads on the paper. Amounts in cents, positive; `corrects`: the invoice that a credit note cites.

    A blank `corrects` makes it an invoice. SIRETs are 14 digits, blank when the paper gives none.
    """

    number: str
    issued_on: date
    seller_name: str
    ht_cents: int
    vat_cents: int
    ttc_cents: int
    seller_siret: str = ""
    buyer_name: str = ""
    buyer_siret: str = ""
    due_on: date | None = None
    order_reference: str = ""
    corrects: str = ""


def invoice_by_hand(entry: HandEntry) -> InvoiceRead:
    """With what does not add up among its problems. It has no lines: nobody types a paper's lines again."""
    read = InvoiceRead(
        number=entry.number.strip(),
        type_code=CREDIT_NOTE if entry.corrects.strip() else INVOICE_TYPE,
        issued_on=entry.issued_on,
        due_on=entry.due_on,
        currency="EUR",
        seller=Party(entry.seller_name.strip(), entry.seller_siret, entry.seller_siret[:9]),
        buyer=Party(entry.buyer_name.strip(), entry.buyer_siret, entry.buyer_siret[:9]),
        buyer_reference="",
        order_reference=entry.order_reference.strip(),
        contract_reference="",
        preceding=(entry.corrects.strip(),) if entry.corrects.strip() else (),
        totals=Totals(ht=entry.ht_cents, vat=entry.vat_cents, ttc=entry.ttc_cents, due=entry.ttc_cents),
        vat_parts=(),
        lines=(),
        profile=Profile.NONE,
        from_pdf=False,
    )
    return replace(read, problems=told(wrong_sums(read)))
