from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.kit.errors import Refusal
from parvis.pooling.models import Statement
from parvis.pooling.selectors.calls import already_called, instalment_call
from parvis.pooling.selectors.dues import dues
from parvis.pooling.services.held_year import held_year
from parvis.pooling.services.tell_of_statements import tell_of_statements
from parvis.pooling.services.write_statements import require_seen, write_statements


def call_instalment(
    group_id: UUID,
    year: int,
    rank: int,
    *,
    due_on: date | None = None,
    seen_ttc_cents: int | None = None,
    actor_id: UUID | None = None,
) -> list[Statement]:
    """Call the instalment `rank` (from 1) of a year from each debtor of the authority in scope.

    By it, `rank` instalments of today's estimate are due in all: a cost that came or changed since the last call is
    caught up. `seen_ttc_cents`: the total that was previewed. Raises Http404, Refusal not_member, no_cost,
    no_such_rank, called, closed, in_the_past, nothing_to_call, changed, payer_outside, CannotSplit.
    """
    with transaction.atomic():
        group, costs = held_year(group_id, year)
        call = instalment_call(group, year, rank, due_on)
        found = dues(group, costs, call)
        if not found.debtors and call.skip:
            raise Refusal("called", already_called(year, rank), "rank")
        if not found.debtors:
            message = _("Il n’y a rien à appeler\u202f: aucune autre collectivité ne doit quelque chose à la vôtre.")
            raise Refusal("nothing_to_call", message)
        require_seen(found, seen_ttc_cents)
        made = write_statements(group, call, found, actor_id=actor_id)
        tell_of_statements(made)
        return made
