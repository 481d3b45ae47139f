"""One statement for each debtor of the authority in scope, from what is due of each cost less what was called."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.authorities.facade import AuthorityView
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import (
    CostItem,
    JointProcurement,
    Membership,
    ShareRun,
    Statement,
    StatementKind,
    StatementLine,
)
from parvis.pooling.rules import Amounts, Book, Split, explain, record, split
from parvis.pooling.selectors.book import book_of, debtor_names
from parvis.pooling.selectors.called import called_before
from parvis.pooling.selectors.today import today

DAYS_TO_PAY = 30
# What is due so far of a part of a cost: all of it at the closing, some of it at an instalment.
SoFar = Callable[[Amounts], Amounts]


@dataclass(frozen=True, slots=True)
class Call:
    """What is called: `rank` of the instalment, 0 for the closing; `so_far` says how much of each part is due by it.

    `skip`: debtors who have this call already.
    """

    kind: StatementKind
    year: int
    rank: int
    so_far: SoFar
    due_on: date | None = None
    skip: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class _Due:
    cost: CostItem
    split: Split
    run: ShareRun
    amounts: Amounts


def write_statements(
    group: JointProcurement, costs: list[CostItem], call: Call, *, actor_id: UUID | None
) -> list[Statement]:
    """A statement for each debtor with something to call or to give back; the creditor's own part is not called.

    Each computation is kept whole (ShareRun). Raises CannotSplit, Refusal nothing_to_call.
    """
    book, members = book_of(group, year=call.year), debtor_names(group)
    before, found = called_before(costs), dict[UUID, list[_Due]]()
    for cost in costs:
        done = split(book, book.cost(str(cost.id)))
        run = _keep(book, cost, call)
        owing = {members[siren].id: call.so_far(done.amounts(siren)) for siren in done.ht}
        # Who no longer takes part is given back what was called.
        for key, debtor_id in before:
            if key == cost.id:
                owing.setdefault(debtor_id, Amounts())
        for debtor_id, wanted in owing.items():
            called = before.get((cost.id, debtor_id), Amounts())
            due = Amounts(wanted.ht - called.ht, wanted.vat - called.vat)
            left_out = debtor_id == scope.current_authority() or debtor_id in call.skip
            if not left_out and (due.ht or due.vat):
                found.setdefault(debtor_id, []).append(_Due(cost, done, run, due))
    if not found:
        message = _("Il n’y a rien à appeler\u202f: aucune autre collectivité ne doit quelque chose à la vôtre.")
        raise Refusal("nothing_to_call", message)
    order = sorted(found, key=lambda one: _rank(members, one))
    return [_write(group, book, members, debtor, found[debtor], call, actor_id) for debtor in order]


def _rank(members: dict[str, AuthorityView], debtor_id: UUID) -> tuple[str, str]:
    house = next(one for one in members.values() if one.id == debtor_id)
    return house.kind, house.name


def _keep(book: Book, cost: CostItem, call: Call) -> ShareRun:
    kept = record(book, book.cost(str(cost.id)))
    run: ShareRun = ShareRun.objects.create(
        cost=cost, circle_id=cost.circle_id, purpose=call.kind, record=kept, digest=kept["digest"]
    )
    return run


def _write(
    group: JointProcurement,
    book: Book,
    members: dict[str, AuthorityView],
    debtor_id: UUID,
    dues: list[_Due],
    call: Call,
    actor_id: UUID | None,
) -> Statement:
    siren = next(siren for siren, one in members.items() if one.id == debtor_id)
    membership = Membership.objects.filter(group=group, member_id=debtor_id).first()
    ht, vat = sum(one.amounts.ht for one in dues), sum(one.amounts.vat for one in dues)
    statement: Statement = Statement.objects.create(
        group=group,
        circle_id=group.id,
        number=next_number(call.year),
        debtor_id=debtor_id,
        year=call.year,
        kind=call.kind,
        rank=call.rank,
        issued_on=today(),
        due_on=call.due_on or today() + timedelta(days=DAYS_TO_PAY),
        ht_cents=ht,
        vat_cents=vat,
        ttc_cents=ht + vat,
        service_code=membership.service_code if membership else "",
        commitment=membership.commitment if membership else "",
    )
    for position, one in enumerate(dues):
        StatementLine.objects.create(
            statement=statement,
            circle_id=group.id,
            cost=one.cost,
            run=one.run,
            label=one.cost.label,
            key=_keys(one.split),
            share=str(one.split.share(siren)),
            ht_cents=one.amounts.ht,
            vat_cents=one.amounts.vat,
            ttc_cents=one.amounts.ttc,
            why=[line.text for line in explain(book, one.split, siren)],
            position=position,
        )
    data = {
        "number": statement.number, "debtor": str(debtor_id), "year": call.year, "kind": str(call.kind),
        "rank": call.rank, "ht_cents": ht, "vat_cents": vat, "runs": [one.run.digest for one in dues],
    }  # fmt: skip
    audit.record("statement.issued", subject=statement.id, actor=actor_id, data=data)
    return statement


def next_number(year: int) -> str:
    """The next of the year for the authority in scope; the group is held, and the database refuses a double."""
    return f"{year}-{Statement.objects.filter(authority_id=scope.current_authority(), year=year).count() + 1:04d}"


def _keys(done: Split) -> str:
    names = dict.fromkeys(f"{one.key.name}, version {one.key.version}" for one in done.slices)
    return " puis ".join(names)[:160]
