from django.db.models import Sum

from parvis.pooling.models import Payment, Statement, StatementKind, StatementState


def paid_cents(statement: Statement) -> int:
    """What was noted as paid so far, all taxes included."""
    found = Payment.objects.filter(statement=statement).aggregate(paid=Sum("amount_cents"))
    return int(found["paid"] or 0)


def due_cents(statement: Statement) -> int:
    """What is still to be paid, negative when it is to be given back.

    Nothing on a statement that a credit cancelled; on the credit, what had been paid on the statement.
    """
    if statement.state == StatementState.CREDITED:
        return 0
    owed = statement.ttc_cents
    if statement.kind == StatementKind.CREDIT and statement.mirrors:
        owed = -paid_cents(statement.mirrors)
    return owed - paid_cents(statement)
