"""What drafting and changing an order share: its words and its lines, priced by the schedule of the day."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.kit.errors import Refusal
from parvis.pooling.models import OrderLine, PriceLine, PurchaseOrder
from parvis.pooling.rules.order_content import OrderContent
from parvis.pooling.rules.order_totals import line_ht
from parvis.pooling.selectors.frameworks import prices_on
from parvis.pooling.selectors.orders import totals_of
from parvis.pooling.selectors.today import today
from parvis.pooling.services.save_checked import save_checked

MOST_LINES = 100


def write_order(order: PurchaseOrder, content: OrderContent) -> None:
    """Saves the order, its lines and its totals. Raises Refusal no_title, unknown_price, too_many_lines, invalid."""
    if not content.title.strip():
        raise Refusal("no_title", _("Dites en quelques mots ce que vous commandez."), "title")
    for name in ("title", "deliver_to", "commitment", "service_code", "remark"):
        setattr(order, name, getattr(content, name).strip())
    order.deliver_by = content.deliver_by
    order.ht_cents = order.vat_cents = 0
    save_checked(order)
    _write_lines(order, content.lines)
    made = totals_of(order)
    order.ht_cents, order.vat_cents = made.ht_cents, made.vat_cents
    order.save(update_fields=["ht_cents", "vat_cents"])


def _write_lines(order: PurchaseOrder, wanted: tuple[tuple[UUID, int], ...]) -> None:
    if len(wanted) > MOST_LINES:
        raise Refusal("too_many_lines", _("Une commande compte cent lignes au plus. Faites-en deux."))
    prices = {one.id: one for one in prices_on(order.framework, today())}
    OrderLine.objects.filter(order=order).delete()
    rows = []
    for position, (price_id, quantity) in enumerate(wanted):
        price = prices.get(price_id)
        if price is None or quantity <= 0:
            message = _("Cette ligne n’est plus au bordereau des prix. Rechargez la page\u202f: il a changé.")
            raise Refusal("unknown_price", message)
        rows.append(_line(order, price, quantity, position))
    OrderLine.objects.bulk_create(rows)


def _line(order: PurchaseOrder, price: PriceLine, quantity: int, position: int) -> OrderLine:
    copied: dict[str, Any] = {
        name: getattr(price, name) for name in ("label", "kind", "unit", "unit_cents", "vat_rate")
    }
    return OrderLine(
        order=order, circle_id=order.circle_id, price=price, quantity_hundredths=quantity, position=position,
        ht_cents=line_ht(price.unit_cents, quantity), **copied,
    )  # fmt: skip
