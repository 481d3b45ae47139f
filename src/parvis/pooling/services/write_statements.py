"""One statement for each debtor of the authority in scope, with each computation kept whole."""

from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.kit.money import euros
from parvis.pooling.models import (
    CostItem,
    JointProcurement,
    Membership,
    ShareRun,
    Statement,
    StatementLine,
)
from parvis.pooling.rules import Book, record
from parvis.pooling.selectors.dues import Call, Due, Dues
from parvis.pooling.selectors.today import today
from parvis.pooling.states import StatementState


def require_seen(found: Dues, seen_ttc_cents: int | None) -> None:
    """Raises Refusal changed when the total is not the one that the agent looked at."""
    if seen_ttc_cents is not None and seen_ttc_cents != found.total.ttc:
        message = _(
            "Les montants ont changé depuis que vous les avez lus\u202f: le total est maintenant de {total}."
            " Relisez-les, puis confirmez."
        )
        raise Refusal("changed", message.format(total=euros(found.total.ttc)))


def write_statements(
    group: JointProcurement, call: Call, found: Dues, *, actor_id: UUID | None = None
) -> list[Statement]:
    """The group is held (held_year)."""
    runs: dict[UUID, ShareRun] = {}
    for line in (line for one in found.debtors for line in one.lines):
        if line.cost.id not in runs:
            runs[line.cost.id] = _keep(found.book, line.cost, call)
    return [_write(group, call, one, runs, actor_id) for one in found.debtors]


def _keep(book: Book, cost: CostItem, call: Call) -> ShareRun:
    kept = record(book, book.cost(str(cost.id)))
    run: ShareRun = ShareRun.objects.create(
        cost=cost, circle_id=cost.circle_id, purpose=call.kind, record=kept, digest=kept["digest"]
    )
    return run


def _write(
    group: JointProcurement, call: Call, due: Due, runs: dict[UUID, ShareRun], actor_id: UUID | None
) -> Statement:
    membership = Membership.objects.filter(group=group, member_id=due.debtor.id).first()
    total = due.total
    statement: Statement = Statement.objects.create(
        group=group,
        circle_id=group.id,
        number=next_number(call.year),
        debtor_id=due.debtor.id,
        year=call.year,
        kind=call.kind,
        rank=call.rank,
        issued_on=today(),
        due_on=call.due_on,
        ht_cents=total.ht,
        vat_cents=total.vat,
        ttc_cents=total.ttc,
        service_code=membership.service_code if membership else "",
        commitment=membership.commitment if membership else "",
        # Lines that make zero leave nothing to pay.
        state=StatementState.ISSUED if total.ttc else StatementState.PAID,
    )
    for position, one in enumerate(due.lines):
        StatementLine.objects.create(
            statement=statement,
            circle_id=group.id,
            cost=one.cost,
            run=runs[one.cost.id],
            label=one.cost.label,
            key=one.key,
            share=one.share,
            ht_cents=one.amounts.ht,
            vat_cents=one.amounts.vat,
            ttc_cents=one.amounts.ttc,
            why=list(one.why),
            position=position,
        )
    data = {
        "number": statement.number, "debtor": str(due.debtor.id), "year": call.year, "kind": str(call.kind),
        "rank": call.rank, "ht_cents": total.ht, "vat_cents": total.vat,
        "runs": [runs[one.cost.id].digest for one in due.lines],
    }  # fmt: skip
    audit.record("statement.issued", subject=statement.id, actor=actor_id, data=data)
    return statement


def next_number(year: int) -> str:
    """The next of the year for the authority in scope, whatever the group. Two groups that call at once wait here."""
    creditor = scope.current_authority()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"statements {creditor} {year}"])
    return f"{year}-{Statement.objects.filter(authority_id=creditor, year=year).count() + 1:04d}"
