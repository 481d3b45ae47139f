"""The facts of a consultation in French, in order; saves of one person in a row make one line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.accounts.facade import people
from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.procurement.models import Consultation


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    what: str
    who: str = ""
    detail: str = ""
    next: bool = False
    url: str = ""


def _words(kind: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """What happened, and a detail or ""."""
    name, threshold = str(data.get("name", "")), int(data.get("threshold", 1))
    labels = {
        "consultation.created": (_("Dossier ouvert"), ""),
        "consultation.saved": (_("Saisie enregistrée"), ""),
        "consultation.published": (_("Consultation publiée"), ""),
        "consultation.cancelled": (_("Dossier abandonné avant publication"), ""),
        "documents.added": (_("Document ajouté"), name),
        "documents.removed": (_("Document retiré"), name),
        "documents.arranged": (_("Documents renommés ou classés"), ""),
        "consultation.group_set": (
            _("Groupement de commandes fixé"),
            ", ".join(one["name"] for one in data.get("buyers", [])),
        ),
        "award.recorded": (_("Attribution enregistrée"), str(data.get("contractor", ""))),
        "award.corrected": (_("Attribution corrigée"), str(data.get("why", ""))),
        "award.completed": (_("Signature ou notification datée"), str(data.get("reference", ""))),
        "keys.created": (
            _("Clés d’ouverture créées"),
            ngettext("Une part suffit pour ouvrir.", "Il faut %(k)s parts pour ouvrir.", threshold) % {"k": threshold},
        ),
        "keys.discarded": (_("Clés d’ouverture effacées"), _("Les lots ou les enveloppes ont changé.")),
        "keys.rehearsed": (_("Répétition d’un porteur de clé"), ""),
        "keys.canary_opened": (_("Témoin ouvert\u202f: les clés fonctionnent"), ""),
        "submission.sealed": (_("Pli n°\u202f%(n)s déposé") % {"n": data.get("number", "")}, ""),
        "opening.started": (_("Séance d’ouverture commencée"), ""),
        "keys.share_released": (_("Part de clé donnée en séance"), ""),
        "envelope.opened": (_("Enveloppe ouverte"), ""),
        "envelope.handed_out": (_("Fichier scellé remis hors séance"), ""),
        "envelope.exported": (_("Plis scellés remis avec l’export des données"), ""),
        "keys.sealed_shares_handed_out": (_("Parts scellées remises hors séance"), ""),
        "opening.session_key": (_("Poste de la séance préparé"), ""),
        "opening.stage": (_("Étape suivante de l’ouverture"), ""),
        "opening.closed": (_("Séance d’ouverture close"), ""),
    }
    return labels.get(kind, (kind, ""))


# One line for each download would drown the rest: they have a register of their own.
_ELSEWHERE = {"documents.downloaded"}


def timeline_of(consultation: Consultation) -> list[Line]:
    facts = [fact for fact in audit.facts([consultation.id]) if fact.kind not in _ELSEWHERE]
    names = {key: person.full_name for key, person in people({f.actor_id for f in facts if f.actor_id}).items()}
    lines: list[tuple[str, UUID | None, Line]] = []
    for fact in facts:
        what, detail = _words(fact.kind, fact.data)
        line = Line(fact.at, what, _who(fact.kind, fact.actor_id, names), detail)
        if lines and fact.kind == "consultation.saved" == lines[-1][0] and lines[-1][1] == fact.actor_id:
            lines.pop()
        lines.append((fact.kind, fact.actor_id, line))
    return _with_deadline([line for _kind, _actor, line in lines], consultation)


def _who(kind: str, actor: UUID | None, names: dict[UUID, str]) -> str:
    """Nobody before the opening may read who deposits."""
    return "" if actor is None or kind == "submission.sealed" else names.get(actor, "")


def _with_deadline(lines: list[Line], consultation: Consultation) -> list[Line]:
    """The deadline in its place among the facts: still to come, or between the last in time and the first late."""
    deadline = consultation.deadline
    if deadline is None or consultation.published_at is None:
        return lines
    line = Line(deadline, _("Date limite de dépôt des plis"), next=clock.now() <= deadline)
    after = next((i for i, one in enumerate(lines) if one.at > deadline), len(lines))
    return [*lines[:after], line, *lines[after:]]
