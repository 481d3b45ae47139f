from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.authorities.facade import Role, authority
from parvis.kit.jinja import date_long
from parvis.kit.money import euros
from parvis.pooling.models import Statement, StatementKind
from parvis.pooling.selectors.statements import due_cents
from parvis.pooling.services.tell_members import IN_CHARGE, tell_members

READERS = (*IN_CHARGE, Role.FINANCE_AGENT)


def tell_of_statements(statements: Iterable[Statement]) -> None:
    """Write to whoever is in charge of pooling or of money at each debtor, once a statement."""
    for one in statements:
        title, text = _words(one)
        tell_members(
            [one.debtor_id], title, f"{text}\n\n{address_words(one)}", once=f"statement:{one.id}", subject_id=one.id,
            roles=READERS,
        )  # fmt: skip


def statement_address(statement: Statement, slug: str) -> str:
    """The page of a statement, for a mail to the authority of this slug."""
    return f"{settings.PUBLIC_URL}{reverse('statement', args=[slug, statement.group_id, statement.id])}"


def address_words(statement: Statement) -> str:
    slug = authority(statement.debtor_id).slug
    return _("Chaque ligne et son calcul\u202f: {address}").format(address=statement_address(statement, slug))


def _words(one: Statement) -> tuple[str, str]:
    words = {
        "creditor": authority(one.authority_id).name, "amount": euros(abs(one.ttc_cents)), "number": one.number,
        "due": date_long(one.due_on), "kind": one.get_kind_display(), "year": one.year,
    }  # fmt: skip
    if one.kind == StatementKind.CREDIT:
        return _credit_words(one, words)
    title = _("{kind} {year}\u202f: {amount}")
    if one.ttc_cents < 0:
        text = _("{creditor} vous rend {amount} (relevé {number}). Rien n’est à payer.")
    elif not one.ttc_cents:
        text = _("Le relevé {number} de {creditor} fait zéro. Rien n’est à payer.")
    else:
        text = _(
            "{creditor} vous appelle {amount}, à payer pour le {due} (relevé {number}). Attendez le titre de recettes"
            " pour payer\u202f: il vous parviendra par la voie habituelle."
        )
    return title.format(**words), text.format(**words)


def _credit_words(one: Statement, words: dict[str, object]) -> tuple[str, str]:
    back = -due_cents(one)
    words |= {"mirrored": one.mirrors.number if one.mirrors else "", "back": euros(abs(back)), "reason": one.reason}
    text = _("{creditor} annule le relevé {mirrored} par l’avoir {number}. Raison\u202f: {reason}")
    if back > 0:
        rest = _("Les {back} que vous aviez payés vous seront rendus.")
    elif back < 0:
        rest = _("Les {back} qui vous avaient été rendus sont à reverser.")
    else:
        rest = _("Rien n’avait été payé\u202f: rien n’est à rendre.")
    return _("Relevé {mirrored} annulé").format(**words), f"{text}\n\n{rest}".format(**words)
