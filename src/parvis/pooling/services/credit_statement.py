from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import Statement, StatementKind, StatementLine, StatementState
from parvis.pooling.selectors.calls import default_due_on
from parvis.pooling.selectors.reach import reach
from parvis.pooling.selectors.statements import live_closing, paid_cents
from parvis.pooling.selectors.today import today
from parvis.pooling.services.held import held_group
from parvis.pooling.services.held_statement import held_statement
from parvis.pooling.services.tell_of_statements import tell_of_statements
from parvis.pooling.services.write_statements import next_number


def credit_statement(statement_id: UUID, reason: str, *, actor_id: UUID | None = None) -> Statement:
    """Cancel a statement of the authority in scope by another with the same lines, negative; it may be called again.

    Raises Http404, Refusal not_yours, not_now, reason_missing, credit (a credit is not credited), closing_first (an
    instalment whose year is closed for that debtor).
    """
    with transaction.atomic():
        held_group(reach(Statement, statement_id).group_id)
        statement = held_statement(statement_id, "credit_statement")
        if statement.kind == StatementKind.CREDIT:
            message = _("Un avoir ne s’annule pas\u202f: appelez de nouveau ce qui est dû.")
            raise Refusal("credit", message)
        if statement.kind == StatementKind.INSTALMENT and (closing := live_closing(statement)):
            message = _("Annulez d’abord le solde {number}, qui tient compte de cet acompte.")
            raise Refusal("closing_first", message.format(number=closing.number))
        if not reason.strip():
            message = _("Dites pourquoi ce relevé est annulé\u202f: le débiteur le lira.")
            raise Refusal("reason_missing", message, "reason")
        paid = paid_cents(statement)
        credit: Statement = Statement.objects.create(
            group=statement.group, circle_id=statement.circle_id, number=next_number(statement.year),
            debtor_id=statement.debtor_id, year=statement.year, kind=StatementKind.CREDIT, rank=0, issued_on=today(),
            due_on=default_due_on(), ht_cents=-statement.ht_cents, vat_cents=-statement.vat_cents,
            ttc_cents=-statement.ttc_cents, service_code=statement.service_code, commitment=statement.commitment,
            mirrors=statement, reason=reason.strip()[:300],
            # Nothing was paid: the two cancel out, nothing is to be given back.
            state=StatementState.ISSUED if paid else StatementState.PAID,
        )  # fmt: skip
        for line in StatementLine.objects.filter(statement=statement):
            StatementLine.objects.create(
                statement=credit, circle_id=line.circle_id, cost_id=line.cost_id, run_id=line.run_id, label=line.label,
                key=line.key, share=line.share, ht_cents=-line.ht_cents, vat_cents=-line.vat_cents,
                ttc_cents=-line.ttc_cents, why=line.why, position=line.position,
            )  # fmt: skip
        Statement.objects.filter(id=statement.id).update(state=StatementState.CREDITED)
        data = {"number": credit.number, "mirrors": statement.number, "reason": credit.reason}
        audit.record("statement.credited", subject=statement.id, actor=actor_id, data=data)
        tell_of_statements([credit])
        return credit
