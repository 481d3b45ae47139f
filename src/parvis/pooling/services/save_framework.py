from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.accounts.facade import read_siret
from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.kit.jinja import date_long
from parvis.kit.money import euros
from parvis.pooling.models import FrameworkAgreement
from parvis.pooling.rules.ceiling import reached
from parvis.pooling.rules.framework_terms import FrameworkTerms
from parvis.pooling.services.held_framework import held_framework
from parvis.pooling.services.record_framework import COPIED, check_dates, write_terms
from parvis.pooling.services.save_checked import save_checked

# What any day may change: nothing that binds.
_ALWAYS = frozenset({"title", "contractor_email"})


def save_framework(framework_id: UUID, terms: FrameworkTerms, *, actor_id: UUID | None = None) -> FrameworkAgreement:
    """Correct what was typed. After the first issued order or amendment, only the title and the contractor's address
    change here: the rest comes by an amendment.

    Raises Http404, Refusal not_coordinator, by_amendment, dates, below_used, too_long, bad_siret, invalid.
    """
    framework = held_framework(framework_id)
    terms = replace(terms, contractor_siret=_siret(terms.contractor_siret))
    changed = [name for name in COPIED if getattr(terms, name) != getattr(framework, name)]
    if is_bound(framework) and not set(changed) <= _ALWAYS:
        message = _("Des commandes ou un avenant reposent sur cet accord-cadre\u202f: il change par un avenant.")
        raise Refusal("by_amendment", message, next(one for one in changed if one not in _ALWAYS))
    check_dates(terms)
    _require_room(framework, terms)
    if terms.max_cents != framework.max_cents:
        framework.alerted_percent = reached(framework.used_cents, terms.max_cents)
    write_terms(framework, terms)
    save_checked(framework)
    audit.record("framework.saved", subject=framework.id, data={"changed": sorted(changed)}, actor=actor_id)
    return framework


def _require_room(framework: FrameworkAgreement, terms: FrameworkTerms) -> None:
    """What was ordered before the take-up stays inside the maximum and the term."""
    if terms.max_cents < framework.used_cents:
        message = _("Il est déjà utilisé {used}\u202f: le maximum ne peut pas être en dessous.")
        raise Refusal("below_used", message.format(used=euros(framework.used_cents)), "max_cents")
    until = framework.earlier_until
    if until is not None and not terms.starts_on <= until < terms.ends_on:
        message = _("Des commandes d’avant la reprise vont jusqu’au {day}\u202f: ce jour est dans la durée du contrat.")
        raise Refusal("dates", message.format(day=date_long(until)), "starts_on")


def _siret(text: str) -> str:
    try:
        return read_siret(text)
    except Refusal as refusal:
        raise Refusal(refusal.code, refusal.message, "contractor_siret") from refusal


def is_bound(framework: FrameworkAgreement) -> bool:
    return framework.orders_count > 0 or framework.amendments.exists()
