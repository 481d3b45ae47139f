from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.authorities.facade import authorities, desk_page
from parvis.kit import scope
from parvis.pooling.models import Invoice, InvoiceState
from parvis.pooling.selectors.invoices import compared, own_orders, reading_of
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.web.frame import crumbs, group_page
from parvis.pooling.web.invoices.words import Status, amount_words, kind_words, state_words, verdict_words

EACH_PAGE = 25
OTHERS = "groupement"
VIEWS = {"a-rapprocher": InvoiceState.READ, "rapprochees": InvoiceState.MATCHED, "refusees": InvoiceState.REFUSED}


@dataclass(frozen=True, slots=True)
class Line:
    """`owner`: the member that received it, shown in the group's view."""

    invoice: Invoice
    kind: str
    amount: str
    status: Status
    url: str
    owner: str


@require_safe
@desk_page("pooling.read")
def group_invoices(request: Any, group: UUID) -> HttpResponse:
    """`?vue=`: one of VIEWS, of one's own authority, or what the other members have matched."""
    found, house = group_in_reach(group), request.authority
    own, others = _own(found.id), _others(found.id)
    view = request.GET.get("vue", "")
    view = view if view in VIEWS or view == OTHERS else "a-rapprocher"
    rows = others if view == OTHERS else own.filter(state=VIEWS[view])
    page = Paginator(rows.select_related("order__framework"), EACH_PAGE).get_page(request.GET.get("page"))
    base = reverse("group_invoices", args=[house.slug, found.id])
    counts = {name: own.filter(state=state).count() for name, state in VIEWS.items()} | {OTHERS: others.count()}
    names = {one.id: one.name for one in authorities({one.authority_id for one in page})}
    context = {
        "view": view,
        "views": [(label, f"{base}?vue={name}", name == view, counts[name]) for name, label in _labels()],
        "lines": [_line(one, house, names) for one in page],
        "list_page": {"number": page.number, "count": page.paginator.num_pages},
        "prefix": f"{base}?vue={view}&page=",
        "none_yet": not any(counts[name] for name in VIEWS),
        "any_yet": any(counts.values()),
        "may_handle": request.actor.may("invoices.handle", house.id),
        "has_orders": bool(own_orders(found.id)),
        "crumbs": crumbs(house, _orders(house, found.id), (_("Factures"), ""), group=found),
    }
    return group_page(request, "pooling/invoices/list.html", found, "group_orders", context)


def _own(group_id: UUID) -> Any:
    return Invoice.objects.filter(circle_id=group_id, authority_id=scope.current_authority())


def _others(group_id: UUID) -> Any:
    """What the other members owe the contractor; what they still look at is theirs alone to sort out."""
    rows = Invoice.objects.filter(circle_id=group_id, state=InvoiceState.MATCHED)
    return rows.exclude(authority_id=scope.current_authority())


def _labels() -> tuple[tuple[str, str], ...]:
    return (
        ("a-rapprocher", _("À rapprocher")), ("rapprochees", _("Rapprochées")), ("refusees", _("Refusées")),
        (OTHERS, _("Des autres membres")),
    )  # fmt: skip


def _line(invoice: Invoice, house: Any, names: dict[UUID, str]) -> Line:
    read = reading_of(invoice)
    status = state_words(invoice)
    if invoice.state == InvoiceState.READ:
        status = verdict_words(compared(read, invoice.order, invoice.id) if invoice.order else None)
    url = reverse("invoice", args=[house.slug, invoice.circle_id, invoice.id])
    return Line(invoice, kind_words(read), amount_words(invoice, read), status, url, names[invoice.authority_id])


def _orders(house: Any, group_id: UUID) -> tuple[str, str]:
    return _("Commandes"), reverse("group_orders", args=[house.slug, group_id])
