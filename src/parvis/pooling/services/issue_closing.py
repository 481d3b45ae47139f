from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import CostState, Statement, StatementKind, StatementState
from parvis.pooling.services.held_year import held_year
from parvis.pooling.services.tell_of_statements import tell_of_statements
from parvis.pooling.services.write_statements import Call, write_statements


def issue_closing(
    group_id: UUID, year: int, *, due_on: date | None = None, actor_id: UUID | None = None
) -> list[Statement]:
    """The closing line of a year: what each debtor owes in the end, less what was called; it may give back.

    Raises Refusal not_member, no_cost, closed, not_closed (a cost is still an estimate), nothing_to_call, CannotSplit.
    """
    with transaction.atomic():
        group, costs = held_year(group_id, year)
        mine = Statement.objects.filter(
            group=group, year=year, authority_id=scope.current_authority(), kind=StatementKind.CLOSING
        )
        if mine.exclude(state=StatementState.CREDITED).exists():
            raise Refusal("closed", _("L’exercice {year} est déjà soldé.").format(year=year))
        still = [one.label for one in costs if one.state != CostState.CLOSED]
        if still:
            message = _("Arrêtez d’abord le montant définitif de\u202f: {labels}.")
            raise Refusal("not_closed", message.format(labels=", ".join(still)))
        call = Call(StatementKind.CLOSING, year, 0, lambda part: part, due_on)
        made = write_statements(group, costs, call, actor_id=actor_id)
        tell_of_statements(made)
        return made
