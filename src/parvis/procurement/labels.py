"""French words for the codes of the room, the same on every page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.kit import clock
from parvis.procurement.rules import procedure, procedures, technique

PURCHASE_ORDERS = "purchase_orders"


def nature_choices() -> list[tuple[str, str]]:
    return [("works", _("Travaux")), ("supplies", _("Fournitures")), ("services", _("Services"))]


def nature_label(code: str) -> str:
    """ "" for an unknown code."""
    return dict(nature_choices()).get(code, "")


def procedure_label(code: str, framework: bool = False) -> str:
    """« Procédure adaptée (MAPA), accord-cadre à bons de commande »; "" before one is chosen."""
    if code not in {one.code for one in procedures()}:
        return ""
    label = procedure(code).label
    if not framework:
        return label
    shape = technique(PURCHASE_ORDERS).label
    return f"{label}, {shape[0].lower()}{shape[1:]}"


def group_words(leader: str, members: Sequence[str]) -> str:
    """« coordonnateur : Grande Vallée ; membres : Illbach, Lutterwald et Valbruche »."""
    listed = members[0] if len(members) == 1 else _(" et ").join((", ".join(members[:-1]), members[-1]))
    text = ngettext(
        "coordonnateur\u202f: %(leader)s\u202f; membre\u202f: %(members)s",
        "coordonnateur\u202f: %(leader)s\u202f; membres\u202f: %(members)s",
        len(members),
    )
    return text % {"leader": leader, "members": listed}


@dataclass(frozen=True, slots=True)
class Status:
    """A state in words, with the tone and the sign of kit/components/status.html."""

    label: str
    tone: str
    sign: str


def status(state: str, deadline: datetime | None) -> Status:
    """The state of a consultation as the clock sees it now."""
    if state == "published":
        if deadline is not None and clock.now() > deadline:
            return Status(_("Close, plis à ouvrir"), "warning", "lock")
        return Status(_("En cours"), "success", "open")
    return {
        "draft": Status(_("En préparation"), "", "draft"),
        "opening": Status(_("Ouverture en cours"), "accent", "key"),
        "opened": Status(_("Plis ouverts"), "info", "check"),
        "awarded": Status(_("Attribuée"), "success", "check"),
        "discontinued": Status(_("Sans suite"), "", "closed"),
        "cancelled": Status(_("Abandonnée"), "", "closed"),
    }[state]
