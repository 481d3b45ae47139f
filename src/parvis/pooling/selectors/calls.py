"""What the authority in scope may call now for a year of a group, and what keeps it from calling."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import CostItem, CostState, JointProcurement, Membership, Statement, StatementKind
from parvis.pooling.selectors.dues import Call, Dues, dues
from parvis.pooling.selectors.today import today
from parvis.pooling.states import StatementState

DAYS_TO_PAY = 30


@dataclass(frozen=True, slots=True)
class Prepared:
    """A call as it would leave. `done`: nothing is left to call; `problem`: why it cannot leave yet."""

    call: Call
    dues: Dues | None
    problem: str = ""

    @property
    def done(self) -> bool:
        return self.dues is not None and not self.dues.debtors

    @property
    def again(self) -> bool:
        """Others have this call already: it would only complete it."""
        return bool(self.call.skip)


def default_due_on() -> date:
    return today() + timedelta(days=DAYS_TO_PAY)


def costs_to_call(group: JointProcurement, year: int) -> list[CostItem]:
    """What the authority in scope is owed a part of. Raises Refusal not_member, no_cost."""
    creditor = scope.current_authority()
    if not Membership.objects.filter(group=group, member_id=creditor, effective_on__isnull=False).exists():
        raise Refusal("not_member", _("Seul un membre du groupement appelle des parts. Adhérez d’abord."))
    costs = own_costs(group, year)
    if not costs:
        message = _(
            "Aucun coût de {year} n’est à partager au nom de votre collectivité. Enregistrez-le d’abord dans"
            " «\u202fCoûts et parts\u202f»."
        )
        raise Refusal("no_cost", message.format(year=year), "year")
    return costs


def own_costs(group: JointProcurement, year: int) -> list[CostItem]:
    return list(CostItem.objects.filter(group=group, year=year, authority_id=scope.current_authority()))


def estimates(group: JointProcurement, year: int) -> list[CostItem]:
    """What keeps the year of the authority in scope from closing."""
    return [one for one in own_costs(group, year) if one.state != CostState.CLOSED]


def instalment_call(group: JointProcurement, year: int, rank: int, due_on: date | None = None) -> Call:
    """The call of an instalment by the authority in scope. Raises Refusal no_such_rank, closed, called, in_the_past."""
    if not 1 <= rank <= group.instalments:
        message = _("Le groupement a {count} acomptes par an\u202f: choisissez un rang de 1 à {count}.")
        raise Refusal("no_such_rank", message.format(count=group.instalments), "rank")
    if _debtors(group, year, StatementKind.CLOSING):
        raise Refusal(
            "closed", _("L’exercice {year} est soldé\u202f: aucun acompte ne s’appelle plus.").format(year=year)
        )
    if any(_debtors(group, year, StatementKind.INSTALMENT, after) for after in range(rank + 1, group.instalments + 1)):
        raise Refusal("called", already_called(year, rank), "rank")
    # Who has this call already keeps it; who had it cancelled by a credit is called again.
    have = _debtors(group, year, StatementKind.INSTALMENT, rank)
    return Call(StatementKind.INSTALMENT, year, rank, group.instalments, _due_on(due_on), have)


def closing_call(group: JointProcurement, year: int, due_on: date | None = None) -> Call:
    """The closing of a year by the authority in scope. Raises Refusal not_closed (a cost is estimated), in_the_past."""
    if still := estimates(group, year):
        message = _("Arrêtez d’abord le montant définitif de\u202f: {labels}.")
        raise Refusal("not_closed", message.format(labels=", ".join(one.label for one in still)))
    have = _debtors(group, year, StatementKind.CLOSING)
    return Call(StatementKind.CLOSING, year, 0, group.instalments, _due_on(due_on), have)


def already_called(year: int, rank: int) -> str:
    if rank:
        message = _("L’acompte {rank} de {year} est déjà appelé. Passez au suivant, ou annulez-le par un avoir.")
        return message.format(rank=rank, year=year)
    message = _(
        "L’exercice {year} est déjà soldé. Pour y ajouter un coût, annulez d’abord les soldes par un avoir,"
        " puis soldez de nouveau."
    )
    return message.format(year=year)


def last_rank(group: JointProcurement, year: int) -> int:
    """The latest instalment called and not cancelled, 0 when none was."""
    return next((r for r in range(group.instalments, 0, -1) if _debtors(group, year, StatementKind.INSTALMENT, r)), 0)


def is_closing(group: JointProcurement, year: int) -> bool:
    """Whether the closing of the year has begun: instalments are over."""
    return bool(_debtors(group, year, StatementKind.CLOSING))


def prepared(group: JointProcurement, year: int, rank: int) -> Prepared | None:
    """The call of `rank` (0: the closing) as it would leave today; None when it cannot be called any more.

    Its refusals become its `problem`.
    """
    try:
        costs = costs_to_call(group, year)
        call = instalment_call(group, year, rank) if rank else closing_call(group, year)
    except Refusal as refusal:
        if refusal.code == "not_closed":
            return Prepared(_closing(group, year), None, refusal.message)
        return None
    try:
        return Prepared(call, dues(group, costs, call))
    except Refusal as refusal:
        return Prepared(call, None, refusal.message)


def next_calls(group: JointProcurement, year: int) -> list[Prepared]:
    """What may be called, the first being what comes next: the next instalment, or the closing after the last; then a
    call to be completed (a credit, a newcomer), then the closing when instalments are left out.
    """
    rank = last_rank(group, year)
    closing = is_closing(group, year)
    following = 0 if closing or rank >= group.instalments else rank + 1
    ranks = [following, *([rank] if rank and not closing else []), *([0] if following else [])]
    found = [(one, prepared(group, year, one)) for one in ranks]
    return [made for one, made in found if made is not None and (one == following or _worth(made))]


def _worth(made: Prepared) -> bool:
    return made.dues is not None and not made.done


def _closing(group: JointProcurement, year: int) -> Call:
    return Call(StatementKind.CLOSING, year, 0, group.instalments, default_due_on())


def _debtors(group: JointProcurement, year: int, kind: StatementKind, rank: int = 0) -> frozenset[UUID]:
    """Who has a call that no credit cancelled."""
    mine = Statement.objects.filter(
        group=group, year=year, authority_id=scope.current_authority(), kind=kind, rank=rank
    )
    return frozenset(mine.exclude(state=StatementState.CREDITED).values_list("debtor_id", flat=True))


def _due_on(due_on: date | None) -> date:
    if due_on is not None and due_on < today():
        raise Refusal("in_the_past", _("Cette échéance est déjà passée. Choisissez un jour à venir."), "due_on")
    return due_on or default_due_on()
