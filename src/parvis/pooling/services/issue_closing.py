from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.kit.errors import Refusal
from parvis.pooling.models import Statement
from parvis.pooling.selectors.calls import already_called, closing_call
from parvis.pooling.selectors.dues import dues
from parvis.pooling.services.held_year import held_year
from parvis.pooling.services.tell_of_statements import tell_of_statements
from parvis.pooling.services.write_statements import require_seen, write_statements


def issue_closing(
    group_id: UUID,
    year: int,
    *,
    due_on: date | None = None,
    seen_ttc_cents: int | None = None,
    actor_id: UUID | None = None,
) -> list[Statement]:
    """The closing line of a year: what each debtor owes in the end, less what was called; it may give back.

    A debtor whose closing a credit cancelled gets another. `seen_ttc_cents`: the total that was previewed. Raises
    Http404, Refusal not_member, no_cost, closed, not_closed (a cost is still an estimate), in_the_past,
    nothing_to_call, changed, payer_outside, CannotSplit.
    """
    with transaction.atomic():
        group, costs = held_year(group_id, year)
        call = closing_call(group, year, due_on)
        found = dues(group, costs, call)
        if not found.debtors and call.skip:
            raise Refusal("closed", already_called(year, 0))
        if not found.debtors:
            message = _("Il n’y a rien à solder\u202f: ce qui a été appelé fait déjà le montant définitif.")
            raise Refusal("nothing_to_call", message)
        require_seen(found, seen_ttc_cents)
        made = write_statements(group, call, found, actor_id=actor_id)
        tell_of_statements(made)
        return made
