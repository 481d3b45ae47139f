from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import Payment, Statement, StatementState
from parvis.pooling.selectors.reach import reach
from parvis.pooling.selectors.statements import due_cents
from parvis.pooling.selectors.today import today
from parvis.pooling.services.held_statement import held_statement


def correct_payment(payment_id: UUID, reason: str, *, actor_id: UUID | None = None) -> Statement:
    """Take off a payment that was noted by mistake, by its opposite: both stay written.

    Raises Http404, Refusal not_yours, not_now, corrected, reason_missing.
    """
    with transaction.atomic():
        payment = reach(Payment, payment_id)
        statement = held_statement(payment.statement_id, "correct_payment")
        if payment.corrects_id or Payment.objects.filter(corrects=payment).exists():
            raise Refusal("corrected", _("Ce paiement est déjà corrigé. Notez le bon montant s’il manque."))
        if not reason.strip():
            raise Refusal("reason_missing", _("Dites pourquoi\u202f: ces mots restent au dossier."), "reason")
        Payment.objects.create(
            statement=statement, circle_id=statement.circle_id, paid_on=today(), amount_cents=-payment.amount_cents,
            reference=_("Correction\u202f: {reason}").format(reason=reason.strip())[:60], noted_by=actor_id,
            corrects=payment,
        )  # fmt: skip
        if due_cents(statement):
            statement.state = StatementState.ISSUED
            statement.save(update_fields=["state"])
        data = {"number": statement.number, "amount_cents": -payment.amount_cents, "reason": reason.strip()[:300]}
        audit.record("statement.payment_corrected", subject=statement.id, actor=actor_id, data=data)
        return statement
