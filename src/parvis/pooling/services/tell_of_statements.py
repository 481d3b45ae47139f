from collections.abc import Iterable

from django.utils.translation import gettext as _

from parvis.authorities.facade import Role, authority
from parvis.kit.jinja import date_long
from parvis.kit.money import euros
from parvis.pooling.models import Statement
from parvis.pooling.services.tell_members import IN_CHARGE, tell_members

READERS = (*IN_CHARGE, Role.FINANCE_AGENT)


def tell_of_statements(statements: Iterable[Statement]) -> None:
    """Write to whoever is in charge of pooling or of money at each debtor, once a statement."""
    for one in statements:
        creditor = authority(one.authority_id)
        amount = euros(abs(one.ttc_cents))
        if one.ttc_cents < 0:
            what = _("{creditor} vous rend {amount} (relevé {number}).")
        else:
            what = _("{creditor} vous appelle {amount}, à payer pour le {due} (relevé {number}).")
        text = what.format(creditor=creditor.name, amount=amount, due=date_long(one.due_on), number=one.number)
        more = _(
            "Chaque ligne et son calcul sont sur la plateforme, dans Mutualisation, puis Relevés."
            " Le titre de recettes vous parviendra par la voie habituelle."
        )
        title = _("{kind} {year}\u202f: {amount}").format(kind=one.get_kind_display(), year=one.year, amount=amount)
        tell_members(
            [one.debtor_id], title, f"{text}\n\n{more}", once=f"statement:{one.id}", subject_id=one.id, roles=READERS
        )
