from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import Statement, StatementKind, StatementState
from parvis.pooling.rules import Amounts, instalments
from parvis.pooling.services.held_year import debtor_ids, held_year
from parvis.pooling.services.tell_of_statements import tell_of_statements
from parvis.pooling.services.write_statements import Call, write_statements


def call_instalment(
    group_id: UUID, year: int, rank: int, *, due_on: date | None = None, actor_id: UUID | None = None
) -> list[Statement]:
    """Call the instalment `rank` (from 1) of a year from each debtor of the authority in scope.

    By it, `rank` instalments of today's estimate are due in all: a cost that came or changed since the last call is
    caught up. Raises Refusal not_member, no_cost, no_such_rank, called, closed, nothing_to_call, CannotSplit.
    """
    with transaction.atomic():
        group, costs = held_year(group_id, year)
        if not 1 <= rank <= group.instalments:
            message = _("Le groupement a {count} acomptes par an\u202f: choisissez un rang de 1 à {count}.")
            raise Refusal("no_such_rank", message.format(count=group.instalments), "rank")
        mine = Statement.objects.filter(group=group, year=year, authority_id=scope.current_authority())
        live = mine.exclude(state=StatementState.CREDITED)
        if live.filter(kind=StatementKind.CLOSING).exists():
            raise Refusal("closed", _("L’exercice {year} est soldé\u202f: plus rien ne s’appelle.").format(year=year))
        calls = live.filter(kind=StatementKind.INSTALMENT)
        # Who has this call already keeps it; who had it cancelled by a credit is called again.
        have = frozenset(calls.filter(rank=rank).values_list("debtor_id", flat=True))
        if have >= debtor_ids(group) or calls.filter(rank__gt=rank).exists():
            message = _("L’acompte {rank} de {year} est déjà appelé. Passez au suivant, ou annulez-le par un avoir.")
            raise Refusal("called", message.format(rank=rank, year=year), "rank")

        def so_far(part: Amounts) -> Amounts:
            ht, vat = instalments(part.ht, group.instalments), instalments(part.vat, group.instalments)
            return Amounts(sum(ht[:rank]), sum(vat[:rank]))

        call = Call(StatementKind.INSTALMENT, year, rank, so_far, due_on, have)
        made = write_statements(group, costs, call, actor_id=actor_id)
        tell_of_statements(made)
        return made
