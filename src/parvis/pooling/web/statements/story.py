"""What happened to a statement, as sentences, from the creditor's facts: both parties may read them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from parvis.accounts.facade import people
from parvis.audit import facade as audit
from parvis.audit.facade import FactView
from parvis.kit import scope
from parvis.kit.money import euros
from parvis.pooling.models import Statement


@dataclass(frozen=True, slots=True)
class Event:
    """A row of kit's timeline."""

    at: datetime
    what: str
    who: str
    detail: str


def story(statement: Statement) -> list[Event]:
    """Oldest first, the credit's own calling included."""
    with scope.authority(statement.authority_id):
        found = audit.facts([statement.id])
    names = {key: one.full_name for key, one in people({one.actor_id for one in found if one.actor_id}).items()}
    return [
        Event(one.at, words[0], names.get(one.actor_id, "") if one.actor_id else "", words[1])
        for one in found
        if (words := _words(one)) is not None
    ]


def _words(fact: FactView) -> tuple[str, str] | None:
    said: dict[str, Any] = dict(fact.data)
    if fact.kind == "statement.issued":
        return _("Relevé émis, le débiteur est prévenu par courriel"), ""
    if fact.kind == "statement.paid":
        given_back = said["amount_cents"] < 0
        text = _("Versement noté\u202f: {amount}") if given_back else _("Paiement noté\u202f: {amount}")
        return text.format(amount=euros(abs(said["amount_cents"]))), ""
    if fact.kind == "statement.payment_corrected":
        text = _("Paiement repris\u202f: {amount}")
        return text.format(amount=euros(abs(said["amount_cents"]))), str(said["reason"])
    if fact.kind == "statement.credited":
        return _("Annulé par l’avoir {number}").format(number=said["number"]), str(said["reason"])
    return None
