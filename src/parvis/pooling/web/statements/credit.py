from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.authorities.facade import authority, desk_page
from parvis.kit.errors import Refusal
from parvis.pooling.models import Statement, StatementKind
from parvis.pooling.selectors.calls import last_rank
from parvis.pooling.selectors.statements import live_closing, standing
from parvis.pooling.services.credit_statement import credit_statement
from parvis.pooling.states import StatementState, allowed
from parvis.pooling.web.forms import add_refusal
from parvis.pooling.web.frame import group_page
from parvis.pooling.web.statements.access import CALLS, FORM, own_statement, statement_crumbs, statement_url
from parvis.pooling.web.statements.forms import CreditForm


@require_http_methods(FORM)
@desk_page(CALLS)
def credit(request: Any, group: UUID, statement: UUID) -> HttpResponse:
    """Cancels a statement by its mirror; says first what that does."""
    found, house = own_statement(group, statement), request.authority
    form = CreditForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = credit_statement(found.id, form.cleaned_data["reason"], actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            done = _("Le relevé {number} est annulé par l’avoir {credit}. Le débiteur est prévenu par courriel.")
            messages.success(request, done.format(number=found.number, credit=made.number))
            return HttpResponseRedirect(statement_url(house, made))
    elif found.kind == StatementKind.CREDIT or not allowed(StatementState(found.state), "credit_statement"):
        messages.info(request, _("Ce relevé ne s’annule pas, ou l’est déjà."))
        return HttpResponseRedirect(statement_url(house, found))
    closing = live_closing(found) if found.kind == StatementKind.INSTALMENT else None
    context = {
        "statement": found,
        "standing": standing(found),
        "debtor": authority(found.debtor_id),
        "form": form,
        "closing": (closing, statement_url(house, closing)) if closing else None,
        "called_again": _called_again(found),
        "back": statement_url(house, found),
        "crumbs": statement_crumbs(house, found, (_("Annuler par un avoir"), "")),
    }
    status = 422 if form.errors else 200
    return group_page(request, "pooling/statements/credit.html", found.group, "group_statements", context, status)


def _called_again(found: Statement) -> str:
    """Where the amount comes back."""
    if found.kind == StatementKind.CLOSING:
        return _("Vous pourrez solder l’exercice de nouveau pour cette collectivité, avec les coûts du moment.")
    if found.rank < last_rank(found.group, found.year):
        return _("Ce qui reste dû reviendra dans le prochain acompte ou dans le solde.")
    return _("Vous pourrez appeler de nouveau cet acompte, avec les coûts et les parts du moment.")
