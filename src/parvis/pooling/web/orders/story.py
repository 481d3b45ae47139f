"""What happened to an order, as sentences: its owner's facts and the members' answers, in order of time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from parvis.accounts.facade import people
from parvis.audit import facade as audit
from parvis.audit.facade import FactView
from parvis.authorities.facade import authorities
from parvis.kit import scope
from parvis.kit.money import euros
from parvis.pooling.models import OrderAnswer, PurchaseOrder


@dataclass(frozen=True, slots=True)
class Event:
    """A row of kit's timeline."""

    at: datetime
    what: str
    who: str = ""
    detail: str = ""


def story_of(order: PurchaseOrder) -> list[Event]:
    """Oldest first. The owner's facts are read in its scope: whoever may read the order may read its story."""
    with scope.authority(order.authority_id):
        facts = audit.facts([order.id])
    answers = list(OrderAnswer.objects.filter(order=order))
    ids = {one.actor_id for one in facts if one.actor_id} | {one.answered_by for one in answers if one.answered_by}
    names = {key: one.full_name for key, one in people(ids).items()}
    houses = {one.id: one.name for one in authorities({one.authority_id for one in answers})}
    events = [
        Event(fact.at, words[0], names.get(fact.actor_id, "") if fact.actor_id else "", words[1])
        for fact in facts
        if (words := _words(fact)) is not None
    ]
    kinds = {
        "seen": _("{name} a vu la commande"), "comment": _("{name} fait une remarque"),
        "join": _("{name} veut se joindre"),
    }  # fmt: skip
    events += [
        Event(
            one.answered_at, kinds[one.kind].format(name=houses[one.authority_id]),
            names.get(one.answered_by, "") if one.answered_by else "", one.text,
        )
        for one in answers
    ]  # fmt: skip
    return sorted(events, key=lambda one: one.at)


def _words(fact: FactView) -> tuple[str, str] | None:
    """None for a fact that tells nobody anything here."""
    said: dict[str, Any] = dict(fact.data)
    plain = {
        "order.drafted": _("Commande préparée"), "order.saved": _("Commande modifiée"),
        "order.informed": _("Groupement informé"), "order.joining_accepted": _("Partage accepté"),
        "order.reworked": _("Commande reprise"), "order.delivered": _("Livraison constatée"),
        "order.invoiced": _("Facture rapprochée"), "order.paid": _("Commande payée"),
    }  # fmt: skip
    if fact.kind == "order.issued":
        reason = said.get("entitlement_reason", "")
        why = _("Commandée sans être nommée au lancement\u202f: {reason}").format(reason=reason) if reason else ""
        return _("Bon de commande {number} émis, {amount} hors taxes").format(
            number=said["number"], amount=euros(said["ht_cents"])
        ), why
    if fact.kind == "order.cancelled":
        return _("Commande annulée"), said.get("reason", "")
    if fact.kind == "order.reserves_lifted":
        return _("Réserves levées"), said["put_right"]
    if fact.kind == "order.delivered":
        reserves = said.get("reserves", "")
        return plain[fact.kind], _("Réserves\u202f: {text}").format(text=reserves) if reserves else ""
    return (plain[fact.kind], "") if fact.kind in plain else None
