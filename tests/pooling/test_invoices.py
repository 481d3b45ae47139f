"""The contractor's invoices: received, typed, matched, taken back, refused, and the order paid."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.http import Http404

from parvis.audit.facade import facts
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.notifications.facade import messages
from parvis.pooling.models import CostItem, Invoice, Paper, PurchaseOrder
from parvis.pooling.rules.invoice_json import read_invoice_json
from parvis.pooling.rules.order_content import Lifting
from parvis.pooling.selectors.invoices import account, compared, reading_of
from parvis.pooling.selectors.papers import open_paper
from parvis.pooling.selectors.today import today
from parvis.pooling.services.enter_invoice import enter_invoice
from parvis.pooling.services.lift_reserves import lift_reserves
from parvis.pooling.services.match_invoice import match_invoice
from parvis.pooling.services.pay_order import pay_order
from parvis.pooling.services.receive_invoice import receive_invoice
from parvis.pooling.services.refuse_invoice import refuse_invoice
from parvis.pooling.services.unmatch_invoice import unmatch_invoice
from parvis.site.demo.invoices import bill_pdf
from tests.pooling.invoice_circle import (
    a_bill,
    a_billed_circle,
    a_delivered_order,
    an_entry,
    bill_bytes,
    invoice_now,
    order_now,
    received,
    used_cents,
)
from tests.pooling.invoice_world import blank_pdf, invoice_xml
from tests.pooling.pooling_world import Circle
from tests.world import an_authority

pytestmark = pytest.mark.django_db
HALF = Decimal("0.5")


@pytest.fixture
def circle() -> Circle:
    return a_billed_circle()


@pytest.fixture
def order(circle: Circle) -> PurchaseOrder:
    return a_delivered_order(circle)


def code(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return refused.value.code


def test_a_factur_x_is_kept_whole_read_and_proposed_for_its_order(circle: Circle, order: PurchaseOrder) -> None:
    data = bill_pdf(a_bill(order))
    with scope.authority(order.authority_id):
        invoice = receive_invoice(circle.group.id, data, "facture.pdf")
        assert (invoice.state, invoice.order_id, invoice.number) == ("read", order.id, "BRU-001")
        assert (invoice.ht_cents, invoice.vat_cents, invoice.ttc_cents) == (7_350_00, 1_470_00, 8_820_00)
        assert invoice.paper is not None
        _paper, view, stream = open_paper(invoice.paper_id)
        with stream:
            assert (stream.read(), view.name) == (data, "facture.pdf")
        assert [one.kind for one in facts([invoice.id])] == ["invoice.received"]
        again = Invoice.objects.get()
        assert read_invoice_json(again.content) == reading_of(invoice)
        assert compared(reading_of(again), order, again.id).ok


def test_the_group_reads_it_and_its_owner_alone_handles_it(circle: Circle, order: PurchaseOrder) -> None:
    invoice = received(order)
    other = circle.houses[2]
    with scope.authority(other.id):
        assert Invoice.objects.get().number == "BRU-001"
        assert open_paper(Paper.objects.get(kind="invoice").id)[1].name == "BRU-001.xml"
        for verb in (
            lambda: match_invoice(invoice.id, order.id),
            lambda: refuse_invoice(invoice.id, "Erreur"),
            lambda: unmatch_invoice(invoice.id, "Erreur"),
        ):
            with pytest.raises(Refusal) as refused:
                verb()
            assert code(refused) == "not_yours"
    with scope.authority(an_authority("ailleurs").id), pytest.raises(Http404):
        match_invoice(invoice.id, order.id)


def test_the_same_file_twice_is_said(circle: Circle, order: PurchaseOrder) -> None:
    received(order)
    with pytest.raises(Refusal) as refused:
        received(order)
    assert code(refused) == "already_received"
    assert "BRU-001" in refused.value.message
    with scope.authority(order.authority_id):
        assert (Invoice.objects.count(), Paper.objects.count()) == (1, 1)


def test_a_number_written_otherwise_is_the_same_number(circle: Circle, order: PurchaseOrder) -> None:
    received(order)
    with pytest.raises(Refusal) as refused, scope.authority(order.authority_id):
        enter_invoice(circle.group.id, an_entry(order, "bru 001"), b"scan", "scan.pdf")
    assert code(refused) == "already_received"


def test_a_refused_invoice_may_come_again(order: PurchaseOrder) -> None:
    first = received(order)
    with scope.authority(order.authority_id):
        refuse_invoice(first.id, "Le numéro d’engagement manque.", tell=False)
    assert received(order).state == "read"


@pytest.mark.parametrize(
    ("data", "expected"),
    [(b"", "invoice_empty"), (b"bonjour", "not_an_invoice"), (blank_pdf(), "pdf_without_invoice")],
    ids=["empty", "text", "ordinary PDF"],
)
def test_what_cannot_be_read_is_said(circle: Circle, order: PurchaseOrder, data: bytes, expected: str) -> None:
    with pytest.raises(Refusal) as refused, scope.authority(order.authority_id):
        receive_invoice(circle.group.id, data, "facture.pdf")
    assert code(refused) == expected
    assert "facture.pdf" in refused.value.message


def test_totals_that_do_not_agree_are_not_recorded(circle: Circle, order: PurchaseOrder) -> None:
    wrong = invoice_xml().replace("GrandTotalAmount>4500.00", "GrandTotalAmount>4600.00").encode()
    with pytest.raises(Refusal) as refused, scope.authority(order.authority_id):
        receive_invoice(circle.group.id, wrong, "facture.xml")
    assert code(refused) == "sums"
    assert "Le total TTC annoncé est de" in refused.value.message
    assert "Demandez au titulaire" in refused.value.message


def test_without_an_order_no_invoice_is_expected(circle: Circle, order: PurchaseOrder) -> None:
    with pytest.raises(Refusal) as refused, scope.authority(circle.houses[2].id):
        receive_invoice(circle.group.id, bill_bytes(order), "facture.xml")
    assert code(refused) == "no_order"


def test_a_paper_invoice_is_typed_with_its_scan_and_checked_as_any_other(circle: Circle, order: PurchaseOrder) -> None:
    with scope.authority(order.authority_id):
        invoice = enter_invoice(circle.group.id, an_entry(order), b"%PDF scan", "scan.pdf")
        assert (invoice.order_id, reading_of(invoice).profile.value) == (order.id, "none")
        assert [one.kind for one in facts([invoice.id])] == ["invoice.entered"]
        assert match_invoice(invoice.id, order.id).state == "matched"
        wrong = an_entry(order, "P-2", ttc_cents=order.ht_cents)
        with pytest.raises(Refusal) as refused:
            enter_invoice(circle.group.id, wrong, b"%PDF scan", "scan.pdf")
        assert code(refused) == "sums"


def test_what_is_typed_of_tomorrow_is_refused(circle: Circle, order: PurchaseOrder) -> None:
    entry = an_entry(order, issued_on=today() + timedelta(days=1))
    with pytest.raises(Refusal) as refused, scope.authority(order.authority_id):
        enter_invoice(circle.group.id, entry, b"scan", "scan.pdf")
    assert refused.value.field == "issued_on"


def test_a_matched_invoice_makes_its_order_invoiced(order: PurchaseOrder) -> None:
    invoice = received(order)
    with scope.authority(order.authority_id):
        match_invoice(invoice.id, order.id)
        assert order_now(order).state == "invoiced"
        fact = facts([invoice.id], ["invoice.matched"])[0]
        assert (fact.data["order"], fact.data["accepted"]) == (str(order.id), [])
        assert account(order_now(order)).left_ht == 0
        with pytest.raises(Refusal) as refused:
            match_invoice(invoice.id, order.id)
        assert code(refused) == "not_now"


def test_an_order_not_delivered_is_not_invoiced(circle: Circle) -> None:
    order = a_delivered_order(circle, state="issued")
    invoice = received(order)
    with scope.authority(order.authority_id), pytest.raises(Refusal) as refused:
        match_invoice(invoice.id, order.id)
    assert code(refused) == "blocked"
    assert "livraison" in refused.value.message


def test_a_draft_is_no_order_to_match(circle: Circle, order: PurchaseOrder) -> None:
    draft = a_delivered_order(circle, state="draft")
    invoice = received(order)
    with scope.authority(order.authority_id), pytest.raises(Refusal) as refused:
        match_invoice(invoice.id, draft.id)
    assert code(refused) == "not_now"


def test_what_is_to_check_is_accepted_with_a_reason(order: PurchaseOrder) -> None:
    invoice = received(order, commitment_number="")
    with scope.authority(order.authority_id):
        with pytest.raises(Refusal) as refused:
            match_invoice(invoice.id, order.id)
        assert (code(refused), refused.value.field) == ("no_reason", "reason")
        with pytest.raises(Refusal) as refused:
            match_invoice(invoice.id, order.id, reason="Vu au téléphone", accepted=[])
        assert code(refused) == "changed"
        matched = match_invoice(invoice.id, order.id, reason="Vu au téléphone", accepted=["missing_commitment"])
        assert matched.reason == "Vu au téléphone"
        assert [one["code"] for one in matched.differences] == ["missing_commitment"]
        assert facts([invoice.id], ["invoice.matched"])[0].data["reason"] == "Vu au téléphone"


def test_reserves_of_the_delivery_are_to_check(circle: Circle) -> None:
    order = a_delivered_order(circle, reserves="Il manque la notice.")
    invoice = received(order)
    with scope.authority(order.authority_id):
        assert [one.code for one in compared(reading_of(invoice), order, invoice.id).differences] == ["reserves"]


def test_reserves_once_lifted_hold_no_invoice(circle: Circle) -> None:
    order = a_delivered_order(circle, reserves="Il manque la notice.")
    invoice = received(order)
    with scope.authority(order.authority_id):
        with pytest.raises(Refusal) as refused:
            match_invoice(invoice.id, order.id)
        assert code(refused) == "no_reason"
        lift_reserves(order.id, Lifting(today(), "La notice est arrivée."))
        order.refresh_from_db()
        assert compared(reading_of(invoice), order, invoice.id).differences == ()
        assert match_invoice(invoice.id, order.id).differences == []
    now = order_now(order)
    assert (now.state, now.reserves, now.open_reserves) == ("invoiced", "Il manque la notice.", "")


def test_several_invoices_and_a_credit_note_never_exceed_the_order(order: PurchaseOrder) -> None:
    first, second, third = (received(order, f"BRU-{n}", part=HALF) for n in (1, 2, 3))
    credit = received(order, "AV-1", part=HALF, corrects="BRU-1")
    with scope.authority(order.authority_id):
        match_invoice(first.id, order.id)
        match_invoice(second.id, order.id)
        with pytest.raises(Refusal) as refused:
            match_invoice(third.id, order.id)
        assert code(refused) == "blocked"
        match_invoice(credit.id, order.id)
        assert account(order_now(order)).left_ht == 3_675_00
        match_invoice(third.id, order.id)
        assert account(order_now(order)).left_ttc == 0


def test_an_invoice_stays_while_a_credit_note_corrects_it(order: PurchaseOrder) -> None:
    invoice, credit = received(order), received(order, "AV-1", corrects="BRU-001")
    with scope.authority(order.authority_id):
        match_invoice(invoice.id, order.id)
        match_invoice(credit.id, order.id)
        with pytest.raises(Refusal) as refused:
            unmatch_invoice(invoice.id, "Mauvaise commande")
        assert code(refused) == "has_credit"
        unmatch_invoice(credit.id, "Mauvaise commande")
        assert order_now(order).state == "invoiced"
        unmatch_invoice(invoice.id, "Mauvaise commande")
        assert order_now(order).state == "delivered"
        assert invoice_now(invoice, order.authority_id).state == "read"


def test_taking_back_wants_a_reason(order: PurchaseOrder) -> None:
    invoice = received(order)
    with scope.authority(order.authority_id):
        match_invoice(invoice.id, order.id)
        with pytest.raises(Refusal) as refused:
            unmatch_invoice(invoice.id, " ")
    assert code(refused) == "no_reason"


def test_a_refusal_is_written_to_the_contractor(order: PurchaseOrder) -> None:
    invoice = received(order)
    with scope.authority(order.authority_id):
        with pytest.raises(Refusal) as refused:
            refuse_invoice(invoice.id, " ")
        assert code(refused) == "no_reason"
        refuse_invoice(invoice.id, "Le prix n’est pas celui du bordereau.")
        [sent] = messages(subject_id=invoice.id)
        assert sent.to == "factures@brumevent.example"
        assert "Le prix n’est pas celui du bordereau." in sent.text
        assert "ENG-118" in sent.text
        with pytest.raises(Refusal) as refused:
            match_invoice(invoice.id, order.id)
        assert code(refused) == "not_now"


def test_no_letter_leaves_without_an_address_or_against_the_wish(circle: Circle, order: PurchaseOrder) -> None:
    invoice = received(order)
    with scope.authority(order.authority_id):
        refuse_invoice(invoice.id, "Doublon", tell=False)
        assert messages(subject_id=invoice.id) == []
        assert facts([invoice.id], ["invoice.refused"])[0].data["told"] is False


def test_a_paid_order_gives_back_what_was_not_invoiced(circle: Circle, order: PurchaseOrder) -> None:
    other = a_delivered_order(circle, circle.houses[2])
    invoice = received(order, part=HALF)
    before = used_cents(circle)
    with scope.authority(order.authority_id):
        match_invoice(invoice.id, order.id)
        paid = pay_order(order.id, paid_on=today(), reference="M-2026-77", seen_left_cents=3_675_00)
        assert (paid.state, paid.released_cents, paid.payment_reference) == ("paid", 3_675_00, "M-2026-77")
        assert facts([order.id], ["order.paid"])[0].data["released_cents"] == 3_675_00
    assert used_cents(circle) == before - 3_675_00
    assert order_now(other).released_cents == 0


def test_a_payment_says_what_is_missing(order: PurchaseOrder) -> None:
    invoice, waiting = received(order, part=HALF), received(order, "BRU-2", part=HALF)
    with scope.authority(order.authority_id):
        match_invoice(invoice.id, order.id)
        for expected, values in (
            ("no_reference", {"paid_on": today(), "reference": ""}),
            ("in_the_future", {"paid_on": today() + timedelta(days=1), "reference": "M"}),
            ("before_order", {"paid_on": today() - timedelta(days=60), "reference": "M"}),
            ("invoices_waiting", {"paid_on": today(), "reference": "M"}),
        ):
            with pytest.raises(Refusal) as refused:
                pay_order(order.id, **values)
            assert code(refused) == expected
        refuse_invoice(waiting.id, "Doublon", tell=False)
        with pytest.raises(Refusal) as refused:
            pay_order(order.id, paid_on=today(), reference="M", seen_left_cents=0)
        assert code(refused) == "changed"


def test_nothing_is_added_to_a_paid_order_nor_taken_from_it(order: PurchaseOrder) -> None:
    invoice = received(order)
    with scope.authority(order.authority_id):
        match_invoice(invoice.id, order.id)
        pay_order(order.id, paid_on=today(), reference="M")
        with pytest.raises(Refusal) as refused:
            unmatch_invoice(invoice.id, "Erreur")
        assert code(refused) == "order_paid"
    late = received(order, "BRU-9")
    with scope.authority(order.authority_id), pytest.raises(Refusal) as refused:
        match_invoice(late.id, order.id)
    assert (code(refused), "payée et soldée" in refused.value.message) == ("blocked", True)


def a_cost(circle: Circle, order: PurchaseOrder, ht_cents: int, vat_cents: int) -> CostItem:
    with scope.authority(order.authority_id):
        made: CostItem = CostItem.objects.create(
            group=circle.group, circle_id=circle.group.id, order=order, kind="acquisition", label="Téléservice",
            year=today().year, from_on=today(), until_on=today() + timedelta(days=30), ht_cents=ht_cents,
            vat_cents=vat_cents, key_code="users",
        )  # fmt: skip
    return made


def paid_half(order: PurchaseOrder) -> None:
    invoice = received(order, part=HALF)
    with scope.authority(order.authority_id):
        match_invoice(invoice.id, order.id)
        pay_order(order.id, paid_on=today(), reference="M-77")


def test_the_cost_of_a_paid_order_is_closed_on_what_was_paid(circle: Circle, order: PurchaseOrder) -> None:
    cost = a_cost(circle, order, order.ht_cents, order.vat_cents)
    paid_half(order)
    with scope.authority(order.authority_id):
        cost.refresh_from_db()
        assert (cost.state, cost.final_ht_cents, cost.final_vat_cents) == ("closed", 3_675_00, 735_00)
        assert "mandat M-77" in cost.proof
        assert facts([order.id], ["order.paid"])[0].data["costs"] == [str(cost.id)]


def test_costs_that_nobody_can_tell_apart_stay_estimates(circle: Circle, order: PurchaseOrder) -> None:
    costs = [a_cost(circle, order, order.ht_cents // 2, order.vat_cents // 2) for _ in range(2)]
    paid_half(order)
    with scope.authority(order.authority_id):
        assert {CostItem.objects.get(id=one.id).state for one in costs} == {"estimated"}


def test_a_closed_year_does_not_hold_back_a_payment(
    circle: Circle, order: PurchaseOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_arguments: object) -> None:
        raise Refusal("closed_year", "Le solde est déjà appelé.")

    cost = a_cost(circle, order, order.ht_cents, order.vat_cents)
    monkeypatch.setattr("parvis.pooling.services.close_cost.require_open_year", closed)
    paid_half(order)
    with scope.authority(order.authority_id):
        assert CostItem.objects.get(id=cost.id).state == "estimated"
    assert order_now(order).state == "paid"
