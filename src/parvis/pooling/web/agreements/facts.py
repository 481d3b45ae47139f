"""What happened to a sharing agreement, in words: one function for each kind of fact that gets a line."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from parvis.accounts.facade import people
from parvis.audit.contracts import FactView
from parvis.authorities.facade import AuthorityView
from parvis.pooling.models import PaperKind, Side
from parvis.pooling.web.agreements.words import day_words

Data = Mapping[str, Any]


def timeline(facts: list[FactView], parties: tuple[AuthorityView, AuthorityView]) -> list[dict[str, Any]]:
    """Oldest first: when, what, who, and a detail where there is one. A draft saved again has no line."""
    names = people([one.actor_id for one in facts if one.actor_id])
    whole, commune = parties
    shown = []
    for one in facts:
        if one.kind not in _WORDS:
            continue
        what, detail = _WORDS[one.kind](one.data)
        person = names.get(one.actor_id) if one.actor_id else None
        side = commune if one.data.get("side") == Side.COMMUNE.value else whole
        who = f"{person.full_name}, {side.name}" if person else ""
        shown.append({"at": one.at, "what": what, "detail": detail, "who": who})
    return shown


def _day(data: Data, name: str) -> str:
    return day_words(date.fromisoformat(data[name]))


def _prepared(data: Data) -> tuple[str, str]:
    return _("Convention préparée"), _("Numéro {number}").format(number=data["number"])


def _discarded(data: Data) -> tuple[str, str]:
    return _("Abandonnée avant signature"), data["reason"]


def _paper(data: Data) -> tuple[str, str]:
    return _("Pièce jointe"), f"{PaperKind(data['kind']).label}\u202f: {data['title']}"


def _signed(data: Data) -> tuple[str, str]:
    what = _("Signée des deux parties le {day}").format(day=_day(data, "signed_on"))
    return what, _("En vigueur à partir du {first}.").format(first=_day(data, "starts_on"))


def _amendment_drafted(data: Data) -> tuple[str, str]:
    return _("Avenant en préparation"), data["subject"]


def _amendment_dropped(data: Data) -> tuple[str, str]:
    return _("Avenant abandonné avant signature"), data["subject"]


def _amended(data: Data) -> tuple[str, str]:
    detail = _("{subject}, à partir du {day}.")
    return _("Avenant signé"), detail.format(subject=data["subject"], day=_day(data, "effective_on"))


def _notice_given(data: Data) -> tuple[str, str]:
    detail = _("Recommandé {letter}, reçu le {day}.").format(letter=data["letter"], day=_day(data, "received_on"))
    return _("Préavis donné par {who}").format(who=str(Side(data["side"]).label).lower()), detail


def _terminated(data: Data) -> tuple[str, str]:
    return _("Fin décidée par l’agglomération, sans préavis"), data["reason"]


def _ended(data: Data) -> tuple[str, str]:
    detail = _("Le préavis est écoulé.") if data["by_notice"] else _("Le terme est atteint.")
    return _("Convention terminée"), detail


def _reminded(data: Data) -> tuple[str, str]:
    renewal = str(data["code"]).startswith("renewal")
    return _("Rappel envoyé aux deux parties"), _("Avant une reconduction.") if renewal else _("Avant la fin.")


_WORDS: dict[str, Callable[[Data], tuple[str, str]]] = {
    "agreement.prepared": _prepared,
    "agreement.discarded": _discarded,
    "agreement.paper_attached": _paper,
    "agreement.signed": _signed,
    "agreement.amendment_drafted": _amendment_drafted,
    "agreement.amendment_dropped": _amendment_dropped,
    "agreement.amended": _amended,
    "agreement.notice_given": _notice_given,
    "agreement.terminated": _terminated,
    "agreement.ended": _ended,
    "agreement.reminded": _reminded,
}
