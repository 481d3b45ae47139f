from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import AgreementVersion
from parvis.pooling.rules.agreement_terms import Terms, changes
from parvis.pooling.selectors.agreements import versions_of
from parvis.pooling.services.hold_agreement import hold_agreement
from parvis.pooling.services.save_checked import save_checked


def draft_amendment(
    agreement_id: UUID, *, subject: str, terms: Terms, actor_id: UUID | None = None
) -> AgreementVersion:
    """Write, or write again, the amendment that both sides will read, print and sign; it changes nothing before.

    Raises Refusal not_the_agglomeration, wrong_state, no_subject, nothing_changes.
    """
    if not subject.strip():
        raise Refusal("no_subject", _("Dites en une phrase ce que l’avenant change."), "subject")
    with hold_agreement(agreement_id, "amend_agreement") as (agreement, _side):
        versions = versions_of(agreement)
        before = versions.signed[-1]
        if not changes(before.terms, terms):
            message = _("Ce texte est celui qui est déjà signé\u202f: changez ce que l’avenant doit changer.")
            raise Refusal("nothing_changes", message)
        drafted = versions.drafted or AgreementVersion(
            agreement=agreement, circle_id=agreement.id, number=before.number + 1
        )
        drafted.amendment, drafted.terms = subject.strip(), terms
        save_checked(drafted)
        data = {"number": drafted.number, "subject": drafted.amendment, "terms": terms}
        audit.record("agreement.amendment_drafted", subject=agreement.id, data=data, actor=actor_id)
        return drafted


def drop_amendment(agreement_id: UUID, *, actor_id: UUID | None = None) -> None:
    """Give up the amendment that nobody signed. Raises Refusal not_the_agglomeration, wrong_state."""
    with hold_agreement(agreement_id, "amend_agreement") as (agreement, _side):
        drafted = versions_of(agreement).drafted
        if drafted is not None:
            data = {"number": drafted.number, "subject": drafted.amendment}
            drafted.delete()
            audit.record("agreement.amendment_dropped", subject=agreement.id, data=data, actor=actor_id)
