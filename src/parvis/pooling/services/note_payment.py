from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.kit.money import euros
from parvis.pooling.models import Payment, Statement, StatementState
from parvis.pooling.selectors.statements import due_cents
from parvis.pooling.selectors.today import today
from parvis.pooling.services.held_statement import held_statement


def note_payment(
    statement_id: UUID, amount_cents: int, paid_on: date, *, reference: str = "", actor_id: UUID | None = None
) -> Statement:
    """What the treasury says was paid, in part or whole; negative for what was given back on a negative statement.

    Raises Http404, Refusal not_yours, not_now, nothing, too_much, in_the_future.
    """
    with transaction.atomic():
        statement = held_statement(statement_id, "note_payment")
        due = due_cents(statement)
        if amount_cents == 0 or (amount_cents < 0) != (due < 0):
            raise Refusal("nothing", _("Écrivez le montant payé, en euros."), "amount_cents")
        if abs(amount_cents) > abs(due):
            message = _("Il ne reste que {due} à payer sur ce relevé. Vérifiez le montant, ou le relevé choisi.")
            raise Refusal("too_much", message.format(due=euros(due)), "amount_cents")
        if paid_on > today():
            raise Refusal("in_the_future", _("Ce jour n’est pas encore venu. Notez un paiement déjà fait."), "paid_on")
        Payment.objects.create(
            statement=statement, circle_id=statement.circle_id, paid_on=paid_on, amount_cents=amount_cents,
            reference=reference.strip()[:60], noted_by=actor_id,
        )  # fmt: skip
        if amount_cents == due:
            statement.state = StatementState.PAID
            statement.save(update_fields=["state"])
        data = {"number": statement.number, "amount_cents": amount_cents, "paid_on": paid_on.isoformat()}
        audit.record("statement.paid", subject=statement.id, actor=actor_id, data=data)
        return statement
