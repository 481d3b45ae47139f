"""What invoices come to on their order, what a refusal says, and the costs that a payment settles."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.pooling.rules.hand_entry import HandEntry, invoice_by_hand
from parvis.pooling.rules.invoice import InvoiceRead, Totals
from parvis.pooling.rules.matching import match
from parvis.pooling.rules.order_facts import PastInvoice
from parvis.pooling.rules.past_invoices import account_of, past_of
from parvis.pooling.rules.refusal_letter import refusal_letter
from parvis.pooling.rules.settled_costs import settled
from tests.pooling.invoice_world import CREDIT, INVOICE, ORDER


def an_invoice(number: str, ht: int) -> InvoiceRead:
    return replace(INVOICE, number=number, totals=Totals(ht=ht, vat=0, ttc=ht, due=ht))


def a_credit(number: str, ht: int, *preceding: str) -> InvoiceRead:
    return replace(CREDIT, number=number, preceding=preceding, totals=Totals(ht=ht, vat=0, ttc=ht, due=ht))


def test_a_credit_note_on_two_invoices_uses_up_the_first_then_the_next() -> None:
    past = past_of([a_credit("A", 500, "f 1", "F2"), an_invoice("F-1", 400), an_invoice("F-2", 300)])
    assert past == (
        PastInvoice("F-1", 400, 400),
        PastInvoice("F-2", 300, 300),
        PastInvoice("A", -500, -400, "f 1"),
        PastInvoice("A", 0, -100, "F2"),
    )
    facts = replace(ORDER, past=past)
    assert (facts.left_of("F-1"), facts.left_of("F-2"), facts.left_ht) == (0, 200, ORDER.ht_cents - 200)


def test_a_negative_invoice_counts_as_a_credit_note() -> None:
    account = account_of(1000, 1200, [an_invoice("F", 400), an_invoice("R", -100)])
    assert (account.invoiced_ht, account.credited_ht, account.left_ht, account.left_ttc) == (400, 100, 700, 900)


AMOUNTS = st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 10**9)), max_size=6)


@given(AMOUNTS)
def test_the_past_and_the_account_say_the_same(amounts: list[tuple[int, int]]) -> None:
    read = [an_invoice(f"F{n}", ht) for n, (ht, _credit) in enumerate(amounts)]
    read += [a_credit(f"A{n}", min(ht, credit), f"F{n}") for n, (ht, credit) in enumerate(amounts) if credit]
    facts = replace(ORDER, past=past_of(read))
    account = account_of(ORDER.ht_cents, ORDER.ttc_cents, read)
    assert (facts.left_ht, facts.left_ttc) == (account.left_ht, account.left_ttc)


def by_hand(**fields: object) -> HandEntry:
    entry = HandEntry(
        number=" F-2027-0042 ", issued_on=INVOICE.issued_on, seller_name=INVOICE.seller.name, ht_cents=375000,
        vat_cents=75000, ttc_cents=450000, seller_siret=INVOICE.seller.siret, buyer_name="Mulhouse",
        buyer_siret=ORDER.buyer_siret, order_reference="ENG-2027-118",
    )  # fmt: skip
    return replace(entry, **fields)  # type: ignore[arg-type]


def test_what_is_typed_is_checked_as_a_file_is() -> None:
    assert match(invoice_by_hand(by_hand()), ORDER).ok
    other = match(invoice_by_hand(by_hand(buyer_siret="", ttc_cents=460000)), ORDER)
    assert {one.code for one in other.differences} == {"ttc_sum", "buyer_unknown", "over_ttc"}


def test_a_typed_credit_note_cites_its_invoice() -> None:
    credit = invoice_by_hand(by_hand(number="A-1", corrects="F-2027-0042"))
    past = replace(ORDER, past=(PastInvoice("F-2027-0042", 375000, 450000),))
    assert credit.is_credit
    assert match(credit, past).ok


SETTLED = {
    "no cost": ({}, 100, 20, {}),
    "one takes all": ({"a": (100, 20)}, 80, 16, {"a": (80, 16)}),
    "as foreseen": ({"a": (100, 20), "b": (50, 10)}, 150, 30, {"a": (100, 20), "b": (50, 10)}),
    "a cent of VAT less": ({"a": (100, 20), "b": (50, 10)}, 150, 29, {"a": (100, 19), "b": (50, 10)}),
    "nobody can tell": ({"a": (100, 20), "b": (50, 10)}, 100, 20, {}),
    "VAT nobody foresaw": ({"a": (100, 0), "b": (50, 0)}, 150, 30, {}),
}


@pytest.mark.parametrize(("estimates", "ht", "vat", "expected"), SETTLED.values(), ids=SETTLED)
def test_costs_are_settled_where_no_doubt_is_left(
    estimates: Mapping[str, tuple[int, int]], ht: int, vat: int, expected: dict[str, tuple[int, int]]
) -> None:
    assert settled(estimates, ht, vat) == expected


def test_a_refusal_says_what_why_and_what_to_send() -> None:
    letter = refusal_letter(INVOICE, "Le prix est faux.", buyer="Mulhouse", order_number="BC-1", commitment="ENG-1")
    assert letter.title == "Votre facture F-2027-0042 ne peut pas être acceptée"
    for words in ("du 2 avril 2027", "4\u00a0500,00\u00a0€ TTC", "BC-1", "Le prix est faux.", "«\u202fENG-1\u202f»"):
        assert words in letter.text
    credit = refusal_letter(CREDIT, "Trop.", buyer="Mulhouse", order_number="", commitment="")
    assert credit.title == "Votre avoir A-2027-0007 ne peut pas être accepté"
    assert "Envoyez-en un corrigé. Celui-ci n’est pas déduit." in credit.text
