from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.authorities.facade import authority
from parvis.kit import scope
from parvis.kit.jinja import date_long
from parvis.kit.money import euros
from parvis.pooling.models import SentReminder, Statement
from parvis.pooling.selectors.statements import SOON, Standing, standings
from parvis.pooling.services.tell_members import tell_members
from parvis.pooling.services.tell_of_statements import READERS, statement_address
from parvis.pooling.states import StatementState


def remind_statements() -> int:
    """What is due within a week, to who pays, and what is late, to both sides, of the statements of the authority in
    scope: each once. How many statements were written about.
    """
    own = Statement.objects.filter(authority_id=scope.current_authority(), state=StatementState.ISSUED)
    sent = 0
    for one in standings(own.select_related("mirrors")):
        code = _code(one)
        if code:
            with transaction.atomic():
                sent += _remind(one, code)
    return sent


def _code(one: Standing) -> str:
    if one.late:
        return "late"
    # Called for a day so near that its own letter has just said it.
    told = one.statement.due_on - one.statement.issued_on <= SOON
    return "soon" if one.soon and not told else ""


def _remind(one: Standing, code: str) -> bool:
    statement = one.statement
    if not SentReminder.objects.get_or_create(subject_id=statement.id, code=f"statement:{code}")[1]:
        return False
    words = {
        "number": statement.number, "amount": euros(abs(one.due)), "day": date_long(statement.due_on),
        "payer": authority(one.payer_id).name, "paid": authority(one.paid_id).name,
    }  # fmt: skip
    title, text = _payer_words(code)
    _tell(one.payer_id, statement, title.format(**words), text.format(**words), code)
    if code == "late":
        title = _("En retard\u202f: {amount} attendus de {payer}")
        text = _(
            "Relevé {number}\u202f: {amount} étaient attendus de {payer} pour le {day}. Si la somme est arrivée, le"
            " paiement se note sur la page du relevé."
        )
        _tell(one.paid_id, statement, title.format(**words), text.format(**words), code)
    return True


def _payer_words(code: str) -> tuple[str, str]:
    if code == "soon":
        text = _("Relevé {number}\u202f: {amount} sont à payer à {paid} pour le {day}.")
        return _("À payer pour le {day}\u202f: {amount}"), text
    text = _(
        "Relevé {number}\u202f: {amount} étaient à payer à {paid} pour le {day}. Si c’est déjà fait, rien n’est à"
        " faire\u202f: le paiement sera noté à son arrivée."
    )
    return _("En retard\u202f: {amount} à payer"), text


def _tell(side: UUID, statement: Statement, title: str, text: str, code: str) -> None:
    address = statement_address(statement, authority(side).slug)
    body = _("{text}\n\nLe relevé et son calcul\u202f: {address}").format(text=text, address=address)
    tell_members([side], title, body, once=f"statement.{code}:{statement.id}", subject_id=statement.id, roles=READERS)
