from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.accounts.facade import read_siret
from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import FrameworkAgreement
from parvis.pooling.rules.framework_terms import FrameworkTerms
from parvis.pooling.services.held_framework import held_framework
from parvis.pooling.services.record_framework import COPIED, check_dates, write_terms
from parvis.pooling.services.save_checked import save_checked

# What any day may change: nothing that binds.
_ALWAYS = frozenset({"title", "contractor_email"})


def save_framework(framework_id: UUID, terms: FrameworkTerms, *, actor_id: UUID | None = None) -> FrameworkAgreement:
    """Correct what was typed. After the first issued order or amendment, only the title and the contractor's address
    change here: the rest comes by an amendment.

    Raises Http404, Refusal not_coordinator, by_amendment, dates, too_long, bad_siret, invalid.
    """
    framework = held_framework(framework_id)
    terms = replace(terms, contractor_siret=_siret(terms.contractor_siret))
    changed = [name for name in COPIED if getattr(terms, name) != getattr(framework, name)]
    if is_bound(framework) and not set(changed) <= _ALWAYS:
        message = _("Des commandes ou un avenant reposent sur cet accord-cadre\u202f: il change par un avenant.")
        raise Refusal("by_amendment", message, next(one for one in changed if one not in _ALWAYS))
    check_dates(terms)
    write_terms(framework, terms)
    save_checked(framework)
    audit.record("framework.saved", subject=framework.id, data={"changed": sorted(changed)}, actor=actor_id)
    return framework


def _siret(text: str) -> str:
    try:
        return read_siret(text)
    except Refusal as refusal:
        raise Refusal(refusal.code, refusal.message, "contractor_siret") from refusal


def is_bound(framework: FrameworkAgreement) -> bool:
    return framework.orders_count > 0 or framework.amendments.exists()
