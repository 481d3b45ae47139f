from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.kit.jinja import date_long
from parvis.pooling.models import (
    CostItem,
    CostKey,
    Decision,
    JointProcurement,
    Statement,
    StatementKind,
    StatementState,
)
from parvis.pooling.rules.key_terms import KeyTerms
from parvis.pooling.rules.kinds import OWN
from parvis.pooling.rules.words import period
from parvis.pooling.selectors.reach import group_in_reach, reach, require_coordinator


def new_key_version(
    group_id: UUID,
    code: str,
    terms: KeyTerms,
    *,
    in_force_on: date,
    decision: Decision | None = None,
    actor_id: UUID | None = None,
) -> CostKey:
    """The first version of a key, or the next one, in force from a day on; what went before stays as it was.

    Raises Refusal not_coordinator, out_of_term, not_after_last, closed_cost, payer_missing.
    """
    require_coordinator(group_in_reach(group_id))
    group = reach(JointProcurement, group_id, lock=True)
    last = CostKey.objects.filter(group=group, code=code).order_by("-version").first()
    _require_term(group, in_force_on)
    _require_after(last, in_force_on)
    _require_open_costs(group, code, in_force_on)
    if terms.formula == "single_payer" and terms.payer_id is None and code != OWN:
        raise Refusal("payer_missing", _("Dites quelle collectivité paie seule."), "payer")
    key: CostKey = CostKey.objects.create(
        group=group, circle_id=group.circle_id, code=code, version=last.version + 1 if last else 1,
        name=terms.name.strip(), formula=terms.formula, weight_numerator=terms.weight.numerator,
        weight_denominator=terms.weight.denominator, population_kind=terms.population_kind,
        reference_year=terms.reference_year, agglomeration=terms.agglomeration,
        payer_id=terms.payer_id if terms.formula == "single_payer" else None, in_force_on=in_force_on,
        decision=decision,
    )  # fmt: skip
    data = {
        "code": code, "version": key.version, "formula": terms.formula, "weight": str(terms.weight),
        "population": f"{terms.population_kind} {terms.reference_year}", "agglomeration": terms.agglomeration,
        "payer": str(key.payer_id) if key.payer_id else None, "in_force_on": in_force_on.isoformat(),
        "decision": str(decision.id) if decision else None,
    }  # fmt: skip
    audit.record("key.versioned", subject=group.id, data=data, actor=actor_id)
    return key


def _require_term(group: JointProcurement, day: date) -> None:
    if group.ends_on is not None and day >= group.ends_on:
        message = _("Le groupement prend fin avant cette date. Choisissez un jour d’ici son terme.")
        raise Refusal("out_of_term", message, "in_force_on")


def _require_after(last: CostKey | None, day: date) -> None:
    if last is not None and day <= last.in_force_on:
        message = _(
            "La version {version} de cette clé s’applique à partir du {day}\u202f: une version suit une autre, sans la"
            " réécrire. Choisissez un jour plus tard."
        ).format(version=last.version, day=date_long(last.in_force_on))
        raise Refusal("not_after_last", message, "in_force_on")


def _require_open_costs(group: JointProcurement, code: str, day: date) -> None:
    """A year whose balance was called was shared by the keys of its days: no later decision reaches back into them. A
    cost that only has its final amount still waits for its shares.
    """
    called = Statement.objects.filter(group=group, kind=StatementKind.CLOSING).exclude(state=StatementState.CREDITED)
    settled = set(called.values_list("authority_id", "year"))
    costs = CostItem.objects.filter(group=group, key_code=code, until_on__gt=day).order_by("-until_on")
    latest = next((one for one in costs if (one.authority_id, one.year) in settled), None)
    if latest is not None:
        message = _(
            "Le solde de {year} est déjà appelé\u202f: «\u202f{label}\u202f» y est partagé avec cette clé, {period}, et"
            " ses parts ne changent plus. Choisissez une date à partir du {day}."
        ).format(
            year=latest.year, label=latest.label, period=period(latest.from_on, latest.until_on),
            day=date_long(latest.until_on),
        )  # fmt: skip
        raise Refusal("closed_cost", message, "in_force_on")
