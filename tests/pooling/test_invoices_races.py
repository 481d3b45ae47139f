"""Two agents at once on the same invoice, the same order, the same file; the control takes the lock away."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import Invoice, PurchaseOrder
from parvis.pooling.selectors.invoices import account
from parvis.pooling.selectors.reach import reach
from parvis.pooling.selectors.today import today
from parvis.pooling.services import held_invoice, match_invoice, record_invoice
from parvis.pooling.services.pay_order import pay_order
from parvis.pooling.services.receive_invoice import receive_invoice
from tests.pooling.invoice_circle import (
    a_billed_circle,
    a_delivered_order,
    bill_bytes,
    invoice_now,
    order_now,
    received,
    used_cents,
)

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MORE_THAN_HALF = Decimal("0.6")
WAIT = 1.0


def at_once(order: PurchaseOrder, *verbs: Callable[[], Any]) -> list[str]:
    """Each in its own transaction and connection: « done », or the code of the refusal, in their order."""

    def run(verb: Callable[[], Any]) -> str:
        try:
            with scope.authority(order.authority_id):
                verb()
            return "done"
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def met(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, *, before: bool = False) -> None:
    """Both threads pass this call together, unless one is kept waiting elsewhere: then the other goes on alone."""
    barrier, plain = threading.Barrier(2), getattr(module, name)

    def wait() -> None:
        try:
            barrier.wait(WAIT)
        except threading.BrokenBarrierError:
            return

    def slowed(*arguments: Any, **options: Any) -> Any:
        if before:
            wait()
        result = plain(*arguments, **options)
        if not before:
            wait()
        return result

    monkeypatch.setattr(module, name, slowed)


def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_invoice, "reach", lambda model, pk, **_options: reach(model, pk))


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
def test_two_invoices_at_once_never_exceed_the_order(monkeypatch: pytest.MonkeyPatch, locked: bool) -> None:
    order = a_delivered_order(a_billed_circle())
    first, second = (received(order, number, part=MORE_THAN_HALF) for number in ("BRU-1", "BRU-2"))
    met(monkeypatch, match_invoice, "compared")
    if not locked:
        unlocked(monkeypatch)
    outcomes = at_once(
        order,
        lambda: match_invoice.match_invoice(first.id, order.id),
        lambda: match_invoice.match_invoice(second.id, order.id),
    )
    with scope.authority(order.authority_id):
        left = account(order_now(order)).left_ht
    assert sorted(outcomes) == (["blocked", "done"] if locked else ["done", "done"])
    assert (left >= 0) is locked


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
def test_two_agents_match_the_same_invoice_with_two_orders(monkeypatch: pytest.MonkeyPatch, locked: bool) -> None:
    circle = a_billed_circle()
    order, twin = a_delivered_order(circle), a_delivered_order(circle)
    invoice = received(order)
    met(monkeypatch, match_invoice, "compared")
    if not locked:
        unlocked(monkeypatch)
    outcomes = at_once(
        order,
        lambda: match_invoice.match_invoice(invoice.id, order.id),
        lambda: match_invoice.match_invoice(invoice.id, twin.id),
    )
    states = sorted(order_now(one).state for one in (order, twin))
    assert sorted(outcomes) == (["done", "not_now"] if locked else ["done", "done"])
    assert states == (["delivered", "invoiced"] if locked else ["invoiced", "invoiced"])
    assert invoice_now(invoice, order.authority_id).state == "matched"


def test_the_same_file_at_once_is_kept_once(monkeypatch: pytest.MonkeyPatch) -> None:
    order = a_delivered_order(a_billed_circle())
    data = bill_bytes(order)
    met(monkeypatch, record_invoice, "known_invoice")
    verbs = [lambda: receive_invoice(order.circle_id, data, "facture.xml")] * 2
    outcomes = at_once(order, *verbs)
    assert sorted(outcomes) in (["already_received", "done"], ["done", "invalid"])
    with scope.authority(order.authority_id):
        assert Invoice.objects.count() == 1


def test_two_agents_note_the_same_payment() -> None:
    circle = a_billed_circle()
    order = a_delivered_order(circle)
    invoice, before = received(order, part=MORE_THAN_HALF), used_cents(circle)
    with scope.authority(order.authority_id):
        match_invoice.match_invoice(invoice.id, order.id)
    verbs = [lambda: pay_order(order.id, paid_on=today(), reference="M-1")] * 2
    assert sorted(at_once(order, *verbs)) == ["done", "not_now"]
    assert before - used_cents(circle) == 2_940_00
