from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.authorities.facade import desk_page
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.kit.money import euros
from parvis.pooling.models import CostItem, Invoice, InvoiceState, OrderState, PurchaseOrder
from parvis.pooling.selectors.invoices import account, invoices_of_order, reading_of
from parvis.pooling.selectors.orders import order_of
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.selectors.today import today
from parvis.pooling.services.pay_order import pay_order
from parvis.pooling.web.forms import add_refusal
from parvis.pooling.web.frame import crumbs, group_page
from parvis.pooling.web.invoices.forms import PaymentForm
from parvis.pooling.web.invoices.words import Status, amount_words, kind_words, state_words

FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
@desk_page("invoices.handle")
def pay(request: Any, group: UUID, order: UUID) -> HttpResponse:
    """The account of an order, and its payment once it is made; what was never invoiced then goes back."""
    found, house = order_of(group, order), request.authority
    if found.authority_id != scope.current_authority():
        raise Http404(_("Cette commande est celle d’un autre membre\u202f: lui seul note son paiement."))
    due = account(found)
    left = max(0, due.left_ht)
    data = request.POST if request.method == "POST" else None
    form = PaymentForm(data, initial={"paid_on": today(), "left": left})
    if data is not None and form.is_valid() and (done := _paid(request, found, form)):
        return done
    lines = [_line(house, one) for one in invoices_of_order(found)]
    waiting = [(line[0].number, line[-1]) for line in lines if line[0].state == InvoiceState.READ]
    context = {
        "order": found,
        "account": due,
        "left": left,
        "form": form,
        "costs": list(CostItem.objects.filter(order=found).order_by("kind", "label")),
        "may_pay": found.state == OrderState.INVOICED and not waiting,
        "invoices": lines,
        "waiting": waiting,
        "order_url": reverse("order", args=[house.slug, group, found.id]),
        "deposit_url": f"{reverse('invoice_receive', args=[house.slug, group])}?commande={found.id}",
        "crumbs": crumbs(
            house,
            (_("Commandes"), reverse("group_orders", args=[house.slug, group])),
            (found.number or found.title, reverse("order", args=[house.slug, group, found.id])),
            (_("Paiement"), ""),
            group=group_in_reach(group),
        ),
    }
    status = 422 if form.errors else 200
    return group_page(request, "pooling/invoices/payment.html", group_in_reach(group), "group_orders", context, status)


def _paid(request: Any, order: PurchaseOrder, form: PaymentForm) -> HttpResponse | None:
    values = form.cleaned_data
    try:
        paid = pay_order(
            order.id, paid_on=values["paid_on"], reference=values["reference"], seen_left_cents=values["left"],
            actor_id=request.actor.person_id,
        )  # fmt: skip
    except Refusal as refusal:
        add_refusal(form, refusal)
        return None
    done = _("Le paiement de la commande {number} est noté.").format(number=paid.number)
    if values["left"]:
        back = _("{amount} hors taxes retournent au maximum de l’accord-cadre.").format(amount=euros(values["left"]))
        done = f"{done} {back}"
    messages.success(request, done)
    return HttpResponseRedirect(reverse("order_payment", args=[request.authority.slug, order.circle_id, order.id]))


def _line(house: Any, invoice: Invoice) -> tuple[Invoice, str, str, Status, str]:
    read = reading_of(invoice)
    url = reverse("invoice", args=[house.slug, invoice.circle_id, invoice.id])
    return invoice, kind_words(read), amount_words(invoice, read), state_words(invoice), url
