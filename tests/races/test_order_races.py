"""Two hundred orders after the same maximum, in threads with real connections; the control looks, then takes."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection
from django.db.models import F

from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import CostItem, FrameworkAgreement, PurchaseOrder
from parvis.pooling.rules.framework_terms import Earlier
from parvis.pooling.services import issue_order as issuing
from parvis.pooling.services.cancel_order import cancel_order
from parvis.pooling.services.correct_earlier import correct_earlier
from parvis.pooling.services.issue_order import issue_order
from parvis.pooling.services.reserve import Reserved
from parvis.pooling.states import RESERVING
from parvis.site.launch.postgres import Urls
from tests.pooling.pooling_world import Circle, a_framework, a_group, an_order, houses

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ORDERS, THREADS, MAXIMUM = 200, 24, 1_600_000_00
CONSTRAINT = "framework_never_above_its_maximum"

# Five members at once, each order a different amount: all of them together make about twice the maximum.
QUANTITIES = [2_000 + 37 * n for n in range(ORDERS)]


def two_hundred_orders() -> tuple[Circle, list[PurchaseOrder]]:
    circle = a_group(houses(5))
    a_framework(circle, max_cents=MAXIMUM)
    ready = [
        an_order(circle, circle.houses[n % 5], "JOUR", quantity, state="informed")
        for n, quantity in enumerate(QUANTITIES)
    ]
    assert sum(one.ht_cents for one in ready) > 3 * MAXIMUM // 2
    return circle, ready


def crowd(jobs: list[Callable[[], str]]) -> Counter[str]:
    """Runs all of them on THREADS connections that begin together; how each ended."""
    barrier, queue, lock = threading.Barrier(THREADS), list(reversed(jobs)), threading.Lock()
    seen: Counter[str] = Counter()

    def worker(_n: int) -> None:
        try:
            barrier.wait()
            while True:
                with lock:
                    if not queue:
                        return
                    job = queue.pop()
                outcome = job()
                with lock:
                    seen[outcome] += 1
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(worker, range(THREADS)))
    return seen


def shuffled(jobs: list[Callable[[], str]]) -> list[Callable[[], str]]:
    random.Random(4).shuffle(jobs)
    return jobs


def issue(order: PurchaseOrder) -> str:
    try:
        with scope.authority(order.authority_id):
            issue_order(order.id, signatory="Claude Signataire, maire")
        return "issued"
    except Refusal as refusal:
        return refusal.code


def cancel(order: PurchaseOrder) -> str:
    try:
        with scope.authority(order.authority_id):
            cancel_order(order.id, "Le titulaire l’accepte.")
        return "cancelled"
    except Refusal as refusal:
        return refusal.code


def correct(circle: Circle, cents: int) -> str:
    assert circle.framework
    try:
        with scope.authority(circle.coordinator.id):
            earlier = Earlier(cents, circle.framework.starts_on, "État des finances")
            correct_earlier(circle.framework.id, earlier, reason="Relu")
        return "corrected"
    except Refusal as refusal:
        return refusal.code


def counted(circle: Circle) -> tuple[int, int]:
    """The counter, and what the orders that count come to, with what was ordered before the take-up."""
    with scope.authority(circle.coordinator.id):
        framework = FrameworkAgreement.objects.get()
        orders = PurchaseOrder.objects.filter(state__in=RESERVING)
        return framework.used_cents, framework.earlier_cents + sum(one.ht_cents - one.released_cents for one in orders)


def naive_reserve(framework: FrameworkAgreement, cents: int) -> Reserved:
    """What a careful reader would write: look, then take."""
    with scope.authority(framework.authority_id):
        seen = FrameworkAgreement.objects.get(id=framework.id)
        if seen.used_cents + cents > seen.max_cents:
            raise Refusal("above_maximum", "trop")
        time.sleep(0.002)
        FrameworkAgreement.objects.filter(id=framework.id).update(
            used_cents=F("used_cents") + cents, orders_count=F("orders_count") + 1
        )
        seen.refresh_from_db()
        return Reserved(seen.used_cents, seen.max_cents, seen.orders_count, 90)


@contextmanager
def without_the_constraint(urls: Urls) -> Iterator[None]:
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute(f"ALTER TABLE pooling_frameworkagreement DROP CONSTRAINT {CONSTRAINT}")
        try:
            yield
        finally:
            owner.execute("TRUNCATE pooling_frameworkagreement CASCADE")
            rule = "CHECK (used_cents >= 0 AND used_cents <= max_cents)"
            owner.execute(f"ALTER TABLE pooling_frameworkagreement ADD CONSTRAINT {CONSTRAINT} {rule}")


def test_two_hundred_orders_never_take_one_cent_above_the_maximum() -> None:
    circle, ready = two_hundred_orders()
    seen = crowd([lambda one=one: issue(one) for one in ready])  # type: ignore[misc]
    assert set(seen) == {"issued", "above_maximum"}, "nobody meets anything but the maximum"
    used, summed = counted(circle)
    assert used == summed <= MAXIMUM
    refused = min(one.ht_cents for one in _in_state(circle, "informed"))
    assert used + refused > MAXIMUM, "what still fitted was not refused"
    issued = _in_state(circle, "issued")
    assert len({one.number for one in issued}) == len(issued) == seen["issued"]
    with scope.authority(circle.coordinator.id):
        assert sum(CostItem.objects.values_list("ht_cents", flat=True)) == used


def test_the_same_crowd_that_looks_before_it_takes_goes_above(postgres: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the one statement and without the constraint, the maximum is passed."""
    circle, ready = two_hundred_orders()
    monkeypatch.setattr(issuing, "reserve", naive_reserve)
    with without_the_constraint(postgres):
        crowd([lambda one=one: issue(one) for one in ready])  # type: ignore[misc]
        used, summed = counted(circle)
        assert used == summed > MAXIMUM


def test_the_constraint_alone_holds_when_the_statement_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever path writes the counter, the database refuses the cent above."""
    circle, ready = two_hundred_orders()
    monkeypatch.setattr(issuing, "reserve", naive_reserve)

    def job(order: PurchaseOrder) -> str:
        try:
            return issue(order)
        except Exception as error:
            return CONSTRAINT if CONSTRAINT in str(error) else repr(error)

    seen = crowd([lambda one=one: job(one) for one in ready])  # type: ignore[misc]
    assert set(seen) <= {"issued", "above_maximum", CONSTRAINT}
    used, summed = counted(circle)
    assert used == summed <= MAXIMUM


def test_orders_and_cancellations_mixed() -> None:
    """Half is issued, then its cancellations run against the other half's issues: the counter ends as the sum."""
    circle, ready = two_hundred_orders()
    first, second = ready[:60], ready[60:]
    assert set(crowd([lambda one=one: issue(one) for one in first])) == {"issued"}  # type: ignore[misc]
    mixed: list[Callable[[], str]] = [lambda one=one: cancel(one) for one in first[:40]]  # type: ignore[misc]
    jobs = [*mixed, *(lambda one=one: issue(one) for one in second)]  # type: ignore[misc]
    seen = crowd(shuffled(jobs))
    assert seen["cancelled"] == 40
    assert set(seen) <= {"issued", "cancelled", "above_maximum"}
    used, summed = counted(circle)
    assert used == summed <= MAXIMUM
    with scope.authority(circle.coordinator.id):
        assert sum(CostItem.objects.values_list("ht_cents", flat=True)) == used, "a cancelled order costs nothing"


def test_what_was_ordered_before_is_corrected_while_orders_race() -> None:
    """Corrections up and down among issues and cancellations: counter = earlier + orders, never above the maximum."""
    circle, ready = two_hundred_orders()
    first, second = ready[:30], ready[30:]
    assert set(crowd([lambda one=one: issue(one) for one in first])) == {"issued"}  # type: ignore[misc]
    amounts = [(n * 7_919_00) % MAXIMUM for n in range(1, 41)]
    jobs: list[Callable[[], str]] = [lambda cents=cents: correct(circle, cents) for cents in amounts]  # type: ignore[misc]
    jobs += [lambda one=one: cancel(one) for one in first[:20]]  # type: ignore[misc]
    jobs += [lambda one=one: issue(one) for one in second]  # type: ignore[misc]
    seen = crowd(shuffled(jobs))
    assert set(seen) <= {"issued", "cancelled", "corrected", "above_maximum"}
    assert seen["cancelled"] == 20
    assert seen["corrected"] > 0
    used, summed = counted(circle)
    assert used == summed <= MAXIMUM


def test_an_order_is_issued_or_cancelled_once() -> None:
    """Eight clicks on « Émettre » and eight on « Annuler » of each order, all at once."""
    circle, ready = two_hundred_orders()
    few = ready[:12]
    jobs: list[Callable[[], str]] = [lambda one=one: issue(one) for one in few for _ in range(8)]  # type: ignore[misc]
    jobs += [lambda one=one: cancel(one) for one in few for _ in range(8)]  # type: ignore[misc]
    seen = crowd(shuffled(jobs))
    assert set(seen) <= {"issued", "cancelled", "not_now"}
    assert seen["cancelled"] == 12
    assert counted(circle) == (0, 0)


def _in_state(circle: Circle, state: str) -> list[PurchaseOrder]:
    with scope.authority(circle.coordinator.id):
        return list(PurchaseOrder.objects.filter(state=state))
