"""A group whose contractor sends invoices: real formats of numbers, an order of a commune, and its bills."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from parvis.pooling.models import Invoice, OrderLine, PurchaseOrder
from parvis.pooling.rules.hand_entry import HandEntry
from parvis.pooling.selectors.today import today
from parvis.pooling.services.enter_invoice import enter_invoice
from parvis.pooling.services.match_invoice import match_invoice
from parvis.pooling.services.receive_invoice import receive_invoice
from parvis.site.demo.cast import BRUMEVENT
from parvis.site.demo.invoices import Bill, BilledLine, bill_xml
from parvis.site.demo.numbers import company_siret, town_hall_siret
from tests.pooling.pooling_world import Circle, a_framework, a_group, an_order
from tests.world import an_authority

HOUSES = (("vallee", "Vallée", "246800726"), ("mulhouse", "Mulhouse", "216802249"), ("illzach", "Illzach", "216801548"))


def a_billed_circle(**framework: Any) -> Circle:
    """An agglomeration and two communes with valid SIRETs, under a framework of the firm that bills."""
    made = []
    for slug, name, siren in HOUSES:
        kind = "agglomeration" if not made else "commune"
        made.append(an_authority(slug, name=name, kind=kind, siren=siren, siret=town_hall_siret(siren)))
    circle = a_group(made)
    base = {"contractor_siret": company_siret(BRUMEVENT.rank), "contractor_name": BRUMEVENT.name}
    a_framework(circle, **{**base, "contractor_email": "factures@brumevent.example", **framework})
    return circle


def a_delivered_order(
    circle: Circle, house: Authority | None = None, code: str = "ACQ", **fields: Any
) -> PurchaseOrder:
    """Issued a month ago for 7 350,00 € HT, 8 820,00 € TTC, with its amount in the framework's counter."""
    base = {"state": "delivered", "commitment": "ENG-118", "issued_at": clock.now() - timedelta(days=30)}
    order = an_order(circle, house or circle.member, code, **{**base, **fields})
    assert circle.framework is not None
    with scope.authority(circle.coordinator.id):
        circle.framework.refresh_from_db()
        circle.framework.used_cents += order.ht_cents
        circle.framework.save(update_fields=["used_cents"])
    return order


def a_bill(order: PurchaseOrder, number: str = "BRU-001", part: Decimal | int = 1, **fields: Any) -> Bill:
    """What the contractor sends for this order: `part` of its quantity, at its price."""
    with scope.authority(order.authority_id):
        lines = OrderLine.objects.filter(order=order).select_related("price")
        billed = tuple(
            BilledLine(one.label, part * Decimal(one.quantity_hundredths) / 100, one.unit_cents, one.vat_rate,
                       one.price.code)
            for one in lines
        )  # fmt: skip
        reference = order.framework.reference
    buyer = Authority.objects.get(id=order.authority_id)
    base = {
        "delivered_on": today() - timedelta(days=3), "issued_on": today() - timedelta(days=2),
        "due_on": today() + timedelta(days=28), "firm": BRUMEVENT, "buyer_name": f"Commune de {buyer.name}",
        "buyer_siret": buyer.siret, "lines": billed, "commitment_number": order.commitment,
        "framework_reference": reference,
    }  # fmt: skip
    return Bill(number=number, **{**base, **fields})


def bill_bytes(order: PurchaseOrder, number: str = "BRU-001", **fields: Any) -> bytes:
    return bill_xml(a_bill(order, number, **fields))


def received(order: PurchaseOrder, number: str = "BRU-001", **fields: Any) -> Invoice:
    """As its own verb records it, in the scope of who orders."""
    with scope.authority(order.authority_id):
        return receive_invoice(order.circle_id, bill_bytes(order, number, **fields), f"{number}.xml")


def an_entry(order: PurchaseOrder, number: str = "P-1", **fields: Any) -> HandEntry:
    """The paper invoice of this very order."""
    buyer = Authority.objects.get(id=order.authority_id)
    entry = HandEntry(
        number=number, issued_on=today(), seller_name=BRUMEVENT.name, ht_cents=order.ht_cents,
        vat_cents=order.vat_cents, ttc_cents=order.ht_cents + order.vat_cents,
        seller_siret=company_siret(BRUMEVENT.rank), buyer_name=buyer.name, buyer_siret=buyer.siret,
        order_reference=order.commitment,
    )  # fmt: skip
    return replace(entry, **fields)


def used_cents(circle: Circle) -> int:
    assert circle.framework is not None
    with scope.authority(circle.coordinator.id):
        circle.framework.refresh_from_db()
    return circle.framework.used_cents


def order_now(order: PurchaseOrder) -> PurchaseOrder:
    with scope.authority(order.authority_id):
        return PurchaseOrder.objects.get(id=order.id)


def invoice_now(invoice: Invoice | UUID, owner: UUID) -> Invoice:
    with scope.authority(owner):
        return Invoice.objects.get(id=invoice if isinstance(invoice, UUID) else invoice.id)


def invoice_rows(circle: Circle) -> dict[str, UUID]:
    """An invoice to be matched, one matched, and the order of the second: what addresses name."""
    first, second = (a_delivered_order(circle, commitment=f"ENG-{n}") for n in (1, 2))
    assert circle.framework is not None
    seller = circle.framework.contractor_siret
    with scope.authority(circle.member.id):
        waiting = enter_invoice(circle.group.id, an_entry(first, "P-1", seller_siret=seller), b"%PDF", "p1.pdf")
        matched = enter_invoice(circle.group.id, an_entry(second, "P-2", seller_siret=seller), b"%PDF", "p2.pdf")
        match_invoice(matched.id, second.id)
    return {"invoice": waiting.id, "matched_invoice": matched.id, "billed_order": second.id}
