"""An invoice beside its order: each difference is found alone, and says both values and what to do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from parvis.pooling.rules.candidates import candidates
from parvis.pooling.rules.invoice import Difference, InvoiceLine, InvoiceRead, Level, Party, Profile, VatPart
from parvis.pooling.rules.matching import match
from parvis.pooling.rules.order_facts import OrderFacts, PastInvoice
from tests.pooling.invoice_world import BUYER, CREDIT, INVOICE, ORDER, OTHER_BUYER, OTHER_SELLER, SELLER

ACCEPTED = PastInvoice("F-2027-0042", 375000, 450000)
INVOICED = replace(ORDER, past=(ACCEPTED,))
ESTABLISHMENT = SELLER[:9] + "00026"
Case = tuple[InvoiceRead, OrderFacts]


def found(invoice: InvoiceRead, order: OrderFacts) -> list[tuple[str, str]]:
    return [(one.code, one.level.value) for one in match(invoice, order).differences]


def sold(ht: int, vat: int, rate: int = 2000) -> InvoiceRead:
    """A MINIMUM-like invoice: totals alone."""
    totals = replace(INVOICE.totals, ht=ht, vat=vat, ttc=ht + vat, due=ht + vat, lines=None)
    return replace(INVOICE, totals=totals, vat_parts=(VatPart(rate, "S", ht, vat),), lines=(), profile=Profile.BASIC_WL)


def priced(label: str, price: str, code: str = "", each: int = 1) -> InvoiceRead:
    line = InvoiceLine("1", label, Decimal(1), "C62", Decimal(price), None, 2000, code, Decimal(each))
    return replace(INVOICE, lines=(line,))


def test_an_invoice_as_ordered_has_no_difference() -> None:
    matching = match(INVOICE, ORDER)
    assert matching.differences == ()
    assert matching.ok
    assert not matching.blocked


# Name of the difference, level, invoice, order, and what its sentence must show.
ALONE: list[tuple[str, str, Callable[[], Case], list[str]]] = [
    ("other_seller", "blocking",
     lambda: (replace(INVOICE, seller=Party("Quatrelunes", OTHER_SELLER, OTHER_SELLER[:9])), ORDER),
     ["Quatrelunes (SIRET 000 760 02", "Brumevent Services (SIRET 000 760 01"]),
    ("seller_unknown", "to_check", lambda: (replace(INVOICE, seller=Party("Brumevent")), ORDER), ["« Brumevent »"]),
    ("other_establishment", "to_check",
     lambda: (replace(INVOICE, seller=Party("Brumevent", ESTABLISHMENT, SELLER[:9])), ORDER), ["00026", "00012"]),
    ("other_buyer", "blocking",
     lambda: (replace(INVOICE, buyer=Party("Illzach", OTHER_BUYER, OTHER_BUYER[:9])), ORDER), ["Illzach", "Mulhouse"]),
    ("buyer_unknown", "to_check", lambda: (replace(INVOICE, buyer=Party("Mairie")), ORDER), ["« Mairie »", "Mulhouse"]),
    ("other_buyer_establishment", "to_check",
     lambda: (replace(INVOICE, buyer=Party("CCAS", BUYER[:9] + "00024", BUYER[:9])), ORDER), ["00024"]),
    ("missing_commitment", "to_check", lambda: (replace(INVOICE, order_reference=""), ORDER), ["« ENG-2027-118 »"]),
    ("other_order", "blocking", lambda: (replace(INVOICE, order_reference="ENG-2027-119"), ORDER),
     ["« ENG-2027-119 »", "« ENG-2027-118 » ou « BC-2027-014 »"]),
    ("other_framework", "to_check", lambda: (replace(INVOICE, contract_reference="2023-AC-09"), ORDER),
     ["« 2023-AC-09 »", "« 2027-AC-01 »"]),
    ("kind", "to_check", lambda: (replace(INVOICE, type_code="384"), ORDER), ["une facture rectificative"]),
    ("duplicate", "blocking", lambda: (INVOICE, replace(ORDER, seen_numbers=frozenset({"f 2027 0042"}))),
     ["« F-2027-0042 »"]),
    ("currency", "blocking", lambda: (replace(INVOICE, currency="CHF"), ORDER), ["CHF", "EUR"]),
    ("not_delivered", "blocking", lambda: (INVOICE, replace(ORDER, delivered=False)), ["BC-2027-014"]),
    ("before_order", "to_check", lambda: (replace(INVOICE, issued_on=date(2027, 2, 28)), ORDER),
     ["28 février 2027", "1er mars 2027"]),
    ("vat_rate", "to_check", lambda: (sold(100000, 10000, 1000), ORDER), ["10 %", "20 %"]),
    ("vat_amount", "to_check", lambda: (replace(sold(100000, 10000), vat_parts=()), ORDER), ["100,00 €", "20 %"]),
    ("line_unknown", "to_check", lambda: (priced("Café", "12.00"), ORDER), ["« Café »"]),
    ("line_price", "to_check", lambda: (priced("Formation", "260.5"), ORDER), ["260,5 €", "250,00 €"]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "level", "case", "words"), ALONE, ids=[one[0] for one in ALONE])
def test_one_difference(code: str, level: str, case: Callable[[], Case], words: list[str]) -> None:
    invoice, order = case()
    assert found(invoice, order) == [(code, level)]
    (one,) = match(invoice, order).differences
    sentence = one.sentence.replace("\u202f", " ").replace("\u00a0", " ")
    assert [word for word in words if word not in sentence] == [], sentence
    assert one.what_to_do.endswith(".")
    assert match(invoice, order).blocked == (level == "blocking")


def test_more_than_is_left_is_said_without_and_with_vat() -> None:
    left = replace(ORDER, past=(PastInvoice("F-1", 275000, 330000),))
    assert found(sold(100000, 20000), left) == []
    assert found(sold(100001, 20000), left) == [("over_ht", "blocking"), ("over_ttc", "blocking")]
    assert "il reste 1\u00a0000,00\u00a0€ HT" in match(sold(100001, 20000), left).differences[0].sentence
    # One cent of VAT too many is a rounding, but never one cent more than what was ordered.
    assert found(sold(100000, 20001), left) == [("over_ttc", "blocking")]


def test_credit_notes_give_room_back() -> None:
    back = replace(ORDER, past=(ACCEPTED, PastInvoice("A-1", -100000, -120000, "F-2027-0042")))
    assert found(replace(sold(100000, 20000), number="F-2"), back) == []
    assert found(replace(sold(100001, 20000), number="F-2"), back)[0] == ("over_ht", "blocking")


def test_a_number_of_another_seller_is_no_duplicate() -> None:
    stranger = replace(INVOICE, seller=Party("Quatrelunes", OTHER_SELLER, OTHER_SELLER[:9]))
    assert found(stranger, replace(ORDER, seen_numbers=frozenset({INVOICE.number}))) == [("other_seller", "blocking")]


def test_a_reference_may_hold_both_numbers() -> None:
    for reference in ("eng 2027 118", "BC-2027-014", "ENG-2027-118 / BC-2027-014", "N° ENG-2027-118"):
        assert found(replace(INVOICE, order_reference=reference), ORDER) == [], reference
    short = replace(ORDER, commitment_number="7")
    assert found(replace(INVOICE, order_reference="7"), short) == []
    assert found(replace(INVOICE, order_reference="Lot 7"), short) == [("other_order", "blocking")]


def test_a_line_is_known_by_its_code_first() -> None:
    assert found(priced("Ein anderer Name", "1500.00", "acq 01"), ORDER) == []
    assert found(priced("Formation", "1500.00", "ACQ-01"), ORDER) == []
    assert found(priced("Formation", "25000", each=100), ORDER) == [], "25 000 € for a hundred are 250 € each"


def test_several_rates_leave_a_range() -> None:
    mixed = replace(ORDER, lines=(ORDER.lines[0], replace(ORDER.lines[1], vat_rate=550)))
    total = replace(sold(100000, 12000), vat_parts=())
    assert found(total, mixed) == []
    assert found(replace(total, totals=replace(total.totals, vat=5000, ttc=105000)), mixed) == [
        ("vat_amount", "to_check")
    ]
    assert found(sold(100000, 5500, 550), mixed) == []


def test_the_invoice_s_own_problems_come_along_the_gravest_first() -> None:
    wrong = Difference("ttc_sum", Level.BLOCKING, "Faux.", "Demandez.")
    matching = match(replace(INVOICE, order_reference="", problems=(wrong,)), ORDER)
    assert [one.code for one in matching.differences] == ["ttc_sum", "missing_commitment"]
    assert matching.blocked


def test_a_thousand_strange_lines_stay_readable() -> None:
    lines = tuple(replace(INVOICE.lines[0], label=f"Objet {rank}") for rank in range(1000))
    differences = match(replace(INVOICE, lines=lines), ORDER).differences
    assert [one.code for one in differences] == ["line_unknown"] * 11
    assert differences[-1].sentence == "Et 990 fois encore le même écart."


CREDITS: list[tuple[str, InvoiceRead, OrderFacts]] = [
    ("", CREDIT, INVOICED),
    ("", CREDIT, replace(INVOICED, delivered=False)),
    ("credit_without_invoice", replace(CREDIT, preceding=()), INVOICED),
    ("credit_unknown_invoice", CREDIT, ORDER),
    ("credit_unknown_invoice", replace(CREDIT, preceding=("F-2027-0042", "F-9")), INVOICED),
    ("credit_over_invoice", CREDIT, replace(ORDER, past=(PastInvoice("F-2027-0042", 374999, 449999),))),
    ("credit_over_invoice", CREDIT,
     replace(ORDER, past=(ACCEPTED, PastInvoice("A-1", -100, -120, "f 2027 0042")))),
    ("", replace(CREDIT, preceding=("F-2027-0042", "F-1")),
     replace(ORDER, past=(PastInvoice("F-2027-0042", 300000, 360000), PastInvoice("F-1", 75000, 90000)))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "credit", "order"), CREDITS,
    ids=["whole", "whole, not delivered", "of no invoice", "of an invoice unknown here", "of one unknown of two",
         "over its invoice", "over what is left of it", "of two invoices"],
)  # fmt: skip
def test_a_credit_note(code: str, credit: InvoiceRead, order: OrderFacts) -> None:
    assert found(credit, order) == ([(code, "blocking")] if code else [])


def test_a_negative_invoice_is_a_credit_note() -> None:
    totals = replace(INVOICE.totals, ht=-375000, vat=-75000, ttc=-450000, due=-450000, lines=-375000)
    negative = replace(INVOICE, number="F-5", totals=totals, vat_parts=(VatPart(2000, "S", -375000, -75000),))
    assert negative.is_credit
    assert (negative.effect_ht, negative.effect_ttc) == (-375000, -450000)
    assert found(negative, INVOICED) == [("credit_without_invoice", "blocking")]
    assert found(replace(negative, preceding=("F-2027-0042",)), INVOICED) == []


NEXT = replace(ORDER, key="2", number="BC-2027-015", commitment_number="ENG-2027-130", issued_on=date(2027, 3, 9))
ABROAD = replace(
    ORDER, key="3", number="X", commitment_number="Y", contractor_siret=OTHER_SELLER, buyer_siret=OTHER_BUYER,
    framework_reference="Z", lines=(), ht_cents=10,
)  # fmt: skip


def test_the_number_decides_before_all_likenesses() -> None:
    half = replace(ORDER, ht_cents=900000, lines=(), framework_reference="")
    ranked = candidates(INVOICE, (NEXT, ABROAD, half))
    assert [one.order.key for one in ranked] == ["1", "2"]
    assert ranked[0].reasons[0] == "Même numéro d’engagement, «\u202fENG-2027-118\u202f»."


def test_without_a_number_the_exact_amount_decides() -> None:
    bare = replace(INVOICE, order_reference="")
    larger = replace(ORDER, key="9", ht_cents=900000, issued_on=date(2027, 3, 31))
    ranked = candidates(bare, (larger, NEXT, ORDER))
    assert [one.order.key for one in ranked] == ["2", "1", "9"], "the newest first on a tie"
    assert "Le montant est exactement ce qui reste à facturer, 3\u00a0750,00\u00a0€ HT." in ranked[0].reasons
    assert "Le montant tient dans ce qui reste à facturer, 9\u00a0000,00\u00a0€ HT." in ranked[2].reasons


def test_a_credit_note_goes_to_the_order_of_its_invoice() -> None:
    bare = replace(CREDIT, order_reference="")
    ranked = candidates(bare, (NEXT, INVOICED))
    assert [one.order.key for one in ranked] == ["1", "2"]
    assert ranked[0].reasons[0] == "Elle corrige une facture acceptée sur cette commande."


def test_nothing_in_common_is_no_candidate() -> None:
    stranger = replace(
        INVOICE, seller=Party("?"), buyer=Party("?"), order_reference="", contract_reference="", lines=()
    )
    assert candidates(stranger, (replace(ORDER, ht_cents=900000), ABROAD)) == ()
    assert candidates(INVOICE, ()) == ()
