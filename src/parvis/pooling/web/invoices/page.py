from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.authorities.facade import authority, desk_page
from parvis.kit import scope
from parvis.pooling.models import Invoice, InvoiceState, OrderState, PurchaseOrder
from parvis.pooling.rules.candidates import Candidate
from parvis.pooling.rules.invoice import InvoiceRead
from parvis.pooling.rules.invoice_json import read_difference_json
from parvis.pooling.rules.matching import Matching
from parvis.pooling.selectors.invoice_letters import letter_of
from parvis.pooling.selectors.invoices import (
    account,
    candidates_for,
    compared,
    invoice_in_reach,
    own_orders,
    reading_of,
)
from parvis.pooling.selectors.orders import lines_of
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.states import RESERVING
from parvis.pooling.web.frame import Crumb, crumbs, group_page
from parvis.pooling.web.invoices.forms import MatchForm, order_words
from parvis.pooling.web.invoices.shown import facing, invoice_lines, ordered_lines
from parvis.pooling.web.invoices.words import (
    amount_words,
    history,
    kind_words,
    level_words,
    next_words,
    refuse_words,
    source_words,
    state_words,
)

# Beyond, an agent rather chooses in the list of all orders.
MOST_LIKELY = 3


@require_safe
@desk_page("pooling.read")
def invoice(request: Any, group: UUID, invoice: UUID) -> HttpResponse:
    """`?commande=`: an invoice to be matched, compared with that order instead of the proposed one."""
    found = invoice_in_reach(group, invoice)
    return shown(request, found, _compared_with(request, found))


@require_safe
@desk_page("pooling.read")
def reading(request: Any, group: UUID, invoice: UUID) -> HttpResponse:
    """What was read, and what became of it, in an open format."""
    found = invoice_in_reach(group, invoice)
    data = {
        "invoice": found.content,
        "state": found.state,
        "order": found.order.number if found.order else None,
        "accepted_differences": found.differences,
        "reason": found.reason,
        "received_at": found.received_at.isoformat(),
        "received_by": authority(found.authority_id).siret,
    }
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="facture-{found.id}.json"'
    return response


def _compared_with(request: Any, invoice: Invoice) -> PurchaseOrder | None:
    wanted = request.GET.get("commande", "")
    if invoice.state == InvoiceState.READ and _is_own(invoice):
        chosen = [one for one in own_orders(invoice.circle_id) if str(one.id) == wanted]
        if chosen:
            return chosen[0]
    return invoice.order


def _is_own(invoice: Invoice) -> bool:
    return bool(invoice.authority_id == scope.current_authority())


def invoice_url(house: Any, invoice: Invoice) -> str:
    return reverse("invoice", args=[house.slug, invoice.circle_id, invoice.id])


def invoice_crumbs(house: Any, invoice: Invoice, *more: Crumb) -> list[Crumb]:
    group = group_in_reach(invoice.circle_id)
    return crumbs(
        house,
        (_("Commandes"), reverse("group_orders", args=[house.slug, group.id])),
        (_("Factures"), reverse("group_invoices", args=[house.slug, group.id])),
        (invoice.number, invoice_url(house, invoice)),
        *more,
        group=group,
    )


def shown(
    request: Any, found: Invoice, order: PurchaseOrder | None, form: MatchForm | None = None, status: int = 200
) -> HttpResponse:
    """The page itself, also after a matching that was refused: `form` then keeps what was typed."""
    house, read = request.authority, reading_of(found)
    matching = _matching(found, read, order)
    form = form or _form(order, matching)
    form.fields["reason"].required = bool(matching and matching.differences)
    handles = _is_own(found) and request.actor.may("invoices.handle", house.id)
    context = {
        "invoice": found,
        "read": read,
        "kind": kind_words(read),
        "state": state_words(found),
        "next": next_words(found, order, matching),
        "source": source_words(read),
        "refuse_words": refuse_words(read),
        "amount": amount_words(found, read),
        "order": order,
        "matching": matching,
        "differences": [(one, level_words(one.level)) for one in matching.differences] if matching else [],
        "facing": facing(read, order),
        "account": account(order) if order else None,
        "invoice_lines": invoice_lines(read),
        "order_lines": ordered_lines(lines_of(order)) if order else [],
        "owner": authority(found.authority_id),
        "is_own": _is_own(found),
        "letter": letter_of(found) if found.state == InvoiceState.REFUSED else None,
        "history": history([found.id]),
        "match_form": form,
        "others": _others(found, read, order) if handles and found.state == InvoiceState.READ else [],
        "orders": _choices(found) if handles and found.state == InvoiceState.READ else [],
        "crumbs": invoice_crumbs(house, found),
        **_may(found, order, matching, handles),
    }
    return group_page(
        request, "pooling/invoices/invoice.html", group_in_reach(found.circle_id), "group_orders", context, status
    )


def _matching(found: Invoice, read: InvoiceRead, order: PurchaseOrder | None) -> Matching | None:
    """Of a matched invoice, what was accepted; otherwise what differs now."""
    if found.state == InvoiceState.MATCHED:
        return Matching(tuple(read_difference_json(one) for one in found.differences))
    if order is None or order.state not in RESERVING:
        return None
    return compared(read, order, found.id)


def _may(found: Invoice, order: PurchaseOrder | None, matching: Matching | None, handles: bool) -> dict[str, bool]:
    waiting, matched = found.state == InvoiceState.READ, found.state == InvoiceState.MATCHED
    return {
        "may_match": handles and waiting and matching is not None and not matching.blocked,
        "may_refuse": handles and waiting,
        "may_unmatch": handles and matched and order is not None and order.state != OrderState.PAID,
        "may_pay": handles and matched and order is not None and order.state == OrderState.INVOICED,
    }


def _form(order: PurchaseOrder | None, matching: Matching | None) -> MatchForm:
    codes = sorted({one.code for one in matching.differences}) if matching else []
    return MatchForm(initial={"order": order.id if order else "", "accepted": " ".join(codes)})


def _others(found: Invoice, read: InvoiceRead, order: PurchaseOrder | None) -> list[tuple[Candidate, str]]:
    """The likely orders but the one that is compared, with the address of their comparison."""
    likely = candidates_for(read, found.circle_id, found.id)
    others = [one for one in likely if order is None or one.order.key != str(order.id)]
    return [(one, f"?commande={one.order.key}") for one in others[:MOST_LIKELY]]


def _choices(found: Invoice) -> list[tuple[str, str]]:
    return [(str(one.id), order_words(one)) for one in own_orders(found.circle_id)]
