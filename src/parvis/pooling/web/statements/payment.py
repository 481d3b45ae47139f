from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.authorities.facade import authority, desk_page
from parvis.kit.errors import Refusal
from parvis.kit.money import euros
from parvis.pooling.models import Payment, Statement
from parvis.pooling.selectors.reach import reach
from parvis.pooling.selectors.statements import Standing, standing
from parvis.pooling.selectors.today import today
from parvis.pooling.services.correct_payment import correct_payment
from parvis.pooling.services.note_payment import note_payment
from parvis.pooling.web.forms import add_refusal
from parvis.pooling.web.frame import group_page
from parvis.pooling.web.statements.access import COLLECTS, FORM, own_statement, statement_crumbs, statement_url
from parvis.pooling.web.statements.forms import CorrectionForm, PaymentForm
from parvis.pooling.web.statements.words import due_why


@require_http_methods(FORM)
@desk_page(COLLECTS)
def payment(request: Any, group: UUID, statement: UUID) -> HttpResponse:
    """What the treasury says was paid, or given back, in part or whole."""
    found, house = own_statement(group, statement), request.authority
    now = standing(found)
    if not now.due and request.method != "POST":
        messages.info(request, _("Il ne reste rien à payer sur ce relevé."))
        return HttpResponseRedirect(statement_url(house, found))
    form = PaymentForm(
        request.POST if request.method == "POST" else None,
        initial={"amount_cents": abs(now.due), "paid_on": today()},
        giving_back=now.due < 0,
    )
    if request.method == "POST" and form.is_valid() and (done := _noted(request, found, now, form)):
        return done
    context = {
        "statement": found,
        "standing": now,
        "why": due_why(now),
        "other": authority(found.debtor_id),
        "form": form,
        "back": statement_url(house, found),
        "crumbs": statement_crumbs(house, found, (_("Paiement"), "")),
    }
    status = 422 if form.errors else 200
    return group_page(request, "pooling/statements/payment.html", found.group, "group_statements", context, status)


@require_http_methods(FORM)
@desk_page(COLLECTS)
def correct(request: Any, group: UUID, statement: UUID, payment: UUID) -> HttpResponse:
    """A payment noted by mistake, taken back by its opposite."""
    found, house = own_statement(group, statement), request.authority
    noted = reach(Payment, payment, statement_id=found.id)
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            correct_payment(noted.id, form.cleaned_data["reason"], actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            left = _("Le paiement est repris. Il reste {left} sur ce relevé.")
            messages.success(request, left.format(left=euros(abs(standing(found).due))))
            return HttpResponseRedirect(statement_url(house, found))
    context = {
        "statement": found,
        "payment": noted,
        "form": form,
        "back": statement_url(house, found),
        "crumbs": statement_crumbs(house, found, (_("Reprendre un paiement"), "")),
    }
    status = 422 if form.errors else 200
    return group_page(request, "pooling/statements/correct.html", found.group, "group_statements", context, status)


def _noted(request: Any, found: Statement, now: Standing, form: PaymentForm) -> HttpResponse | None:
    values = form.cleaned_data
    sign = -1 if now.due < 0 else 1
    try:
        noted = note_payment(
            found.id, sign * values["amount_cents"], values["paid_on"], reference=values["reference"],
            actor_id=request.actor.person_id,
        )  # fmt: skip
    except Refusal as refusal:
        add_refusal(form, refusal)
        return None
    left = abs(standing(noted).due)
    words = _("Il reste {left} sur ce relevé.") if left else _("Ce relevé est réglé.")
    done = _("{amount} notés.").format(amount=euros(values["amount_cents"]))
    messages.success(request, f"{done} {words.format(left=euros(left))}")
    return HttpResponseRedirect(statement_url(request.authority, found))
