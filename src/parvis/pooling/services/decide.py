from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import CommitteeMeeting, CostKey, Decision, DecisionKind
from parvis.pooling.rules.key_terms import KeyChange
from parvis.pooling.rules.words import listed
from parvis.pooling.selectors.key_versions import terms_of, without_population
from parvis.pooling.services.new_key_version import new_key_version
from parvis.pooling.services.take_meeting import take_meeting


def decide(
    meeting_id: UUID,
    kind: str,
    text: str,
    *,
    effective_on: date | None = None,
    key: KeyChange | None = None,
    actor_id: UUID | None = None,
) -> Decision:
    """What the committee decided. `kind` key (models.DecisionKind) takes `key` and the day from which it applies.

    Raises Refusal not_coordinator, wrong_state, text_missing, day_missing, key_missing, unknown_key, nothing_changes,
    missing_population, and those of new_key_version.
    """
    meeting = take_meeting(meeting_id, "decide")
    if not text.strip():
        raise Refusal("text_missing", _("Écrivez ce que le comité a décidé, en une phrase."), "text")
    if (kind == DecisionKind.KEY) != (key is not None):
        raise Refusal("key_missing", _("Choisissez la clé de répartition que cette décision change."), "code")
    with transaction.atomic():
        # A key that is refused takes its decision with it, even where the caller goes on.
        decision: Decision = Decision.objects.create(
            meeting=meeting, circle_id=meeting.circle_id, kind=kind, text=text.strip(), effective_on=effective_on
        )
        version = _change_key(meeting, key, effective_on, decision, actor_id).version if key is not None else None
    data: dict[str, Any] = {
        "decision": str(decision.id),
        "kind": kind,
        "text": decision.text,
        "key": key.code if key else None,
    }
    data |= {"version": version, "effective_on": effective_on.isoformat() if effective_on else None}
    audit.record("meeting.decided", subject=meeting.id, data=data, actor=actor_id)
    return decision


def _change_key(
    meeting: CommitteeMeeting, key: KeyChange, day: date | None, decision: Decision, actor_id: UUID | None
) -> CostKey:
    if day is None:
        raise Refusal("day_missing", _("Dites à partir de quel jour la clé s’applique."), "in_force_on")
    last = CostKey.objects.filter(group=meeting.group, code=key.code).order_by("-version").first()
    if last is None:
        raise Refusal("unknown_key", _("Cette clé n’existe pas dans le groupement. Choisissez-en une autre."), "code")
    if terms_of(last) == key.terms:
        message = _("Cette version dit la même chose que la précédente. Changez au moins un de ses termes.")
        raise Refusal("nothing_changes", message)
    missing = without_population(meeting.group, key.terms, day)
    if missing:
        message = _(
            "Il manque la population {kind} {year} de : {names}. Ajoutez-la dans « Coûts et parts », ou"
            " choisissez une autre année."
        ).format(kind=key.terms.population_kind, year=key.terms.reference_year, names=listed(missing))
        raise Refusal("missing_population", message, "reference_year")
    return new_key_version(meeting.group_id, key.code, key.terms, in_force_on=day, decision=decision, actor_id=actor_id)
