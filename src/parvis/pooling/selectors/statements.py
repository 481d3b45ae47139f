"""Statements as a page reads them: what was called, paid and is still due, whoever of the circle asks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Sum

from parvis.kit import scope
from parvis.pooling.models import JointProcurement, Payment, Statement, StatementKind, StatementLine
from parvis.pooling.selectors.reach import reach
from parvis.pooling.selectors.today import today
from parvis.pooling.states import StatementState

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Standing:
    """`due`: cents still to be paid, negative when they are to be given back. `late`: its day is past."""

    statement: Statement
    paid: int
    due: int
    late: bool
    soon: bool

    @property
    def cancelled(self) -> bool:
        return bool(self.statement.state == StatementState.CREDITED)

    @property
    def payer_id(self) -> UUID:
        """Who still owes: the debtor, or the creditor that gives back."""
        found: UUID = self.statement.authority_id if self.due < 0 else self.statement.debtor_id
        return found

    @property
    def paid_id(self) -> UUID:
        """Who is to receive it."""
        found: UUID = self.statement.debtor_id if self.due < 0 else self.statement.authority_id
        return found


@dataclass(frozen=True, slots=True)
class Sums:
    """Of several statements, cents including VAT; a credit takes off what it cancels, so due is called less paid.

    `to_pay` is what debtors still owe, `late` the part of it whose day is past, `to_give_back` what creditors owe.
    """

    called: int
    paid: int
    due: int
    to_pay: int
    late: int
    to_give_back: int


def paid_cents(statement: Statement) -> int:
    """What was noted as paid so far, all taxes included."""
    return _paid([statement.id]).get(statement.id, 0)


def due_cents(statement: Statement) -> int:
    """What is still to be paid, negative when it is to be given back.

    Nothing on a statement that a credit cancelled; on the credit, what had been paid on the statement.
    """
    return standing(statement).due


def standing(statement: Statement) -> Standing:
    return standings([statement])[0]


def standings(statements: Iterable[Statement]) -> list[Standing]:
    """In the order given; payments in one query."""
    rows = list(statements)
    paid = _paid({one.id for one in rows} | {one.mirrors_id for one in rows if one.mirrors_id})
    return [_standing(one, paid) for one in rows]


def sums(found: Sequence[Standing]) -> Sums:
    return Sums(
        called=sum(one.statement.ttc_cents for one in found),
        paid=sum(one.paid for one in found),
        due=sum(one.due for one in found),
        to_pay=sum(one.due for one in found if one.due > 0),
        late=sum(one.due for one in found if one.late and one.due > 0),
        to_give_back=-sum(one.due for one in found if one.due < 0),
    )


def statements_of(group: JointProcurement) -> Any:
    """Of every member of the group, oldest number first, with both parties' names at hand."""
    return Statement.objects.filter(group=group).select_related("debtor", "mirrors").order_by("issued_on", "number")


def statement_in_reach(group_id: UUID, statement_id: UUID) -> Statement:
    """Raises Http404."""
    return reach(Statement, statement_id, group_id=group_id)


def lines_with_runs(statement: Statement) -> list[StatementLine]:
    return list(StatementLine.objects.filter(statement=statement).select_related("run", "cost"))


def live_closing(statement: Statement) -> Statement | None:
    """The closing of the same year, creditor and debtor, that no credit cancelled."""
    rows = Statement.objects.filter(
        group_id=statement.group_id, authority_id=statement.authority_id, debtor_id=statement.debtor_id,
        year=statement.year, kind=StatementKind.CLOSING,
    )  # fmt: skip
    return rows.exclude(state=StatementState.CREDITED).first()


def statement_years(group: JointProcurement) -> list[int]:
    """Years with a statement that the authority in scope issued or received, or that others did."""
    return list(Statement.objects.filter(group=group).order_by("-year").values_list("year", flat=True).distinct())


def is_creditor(statement: Statement) -> bool:
    return bool(statement.authority_id == scope.current_authority())


def is_debtor(statement: Statement) -> bool:
    return bool(statement.debtor_id == scope.current_authority())


def _standing(one: Statement, paid: dict[UUID, int]) -> Standing:
    mine = paid.get(one.id, 0)
    if one.state == StatementState.CREDITED:
        return Standing(one, mine, 0, late=False, soon=False)
    owed = one.ttc_cents
    if one.kind == StatementKind.CREDIT and one.mirrors_id:
        owed = -paid.get(one.mirrors_id, 0)
    due = owed - mine
    late = bool(due) and one.due_on < today()
    return Standing(one, mine, due, late, soon=bool(due) and not late and one.due_on <= today() + SOON)


def _paid(ids: Iterable[UUID]) -> dict[UUID, int]:
    rows = Payment.objects.filter(statement_id__in=set(ids)).order_by().values("statement_id")
    return {one["statement_id"]: one["all"] for one in rows.annotate(all=Sum("amount_cents"))}
