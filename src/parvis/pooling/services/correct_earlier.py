from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import FrameworkAgreement
from parvis.pooling.rules.framework_terms import Earlier
from parvis.pooling.services.held_framework import held_framework
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.services.write_earlier import Proof, keep_proof, write_earlier


@transaction.atomic
def correct_earlier(
    framework_id: UUID, earlier: Earlier, *, reason: str, proof: Proof | None = None, actor_id: UUID | None = None
) -> FrameworkAgreement:
    """What was ordered before a contract was taken up, corrected; the orders of here stay as they are.

    The row is held, so that no order takes its part meanwhile: earlier and orders together never pass the maximum.
    Raises Http404, Refusal not_coordinator, no_reason, not_taken_up, above_maximum, dates, no_proof.
    """
    framework = held_framework(framework_id)
    if not reason.strip():
        message = _("Écrivez pourquoi ce montant change. Exemple\u202f: une commande de mai avait été oubliée.")
        raise Refusal("no_reason", message, "reason")
    before = framework.earlier_cents
    write_earlier(framework, earlier, proof)
    save_checked(framework)
    keep_proof(framework, proof, actor_id)
    data = {
        "before_cents": before, "after_cents": framework.earlier_cents, "used_cents": framework.used_cents,
        "until": framework.earlier_until.isoformat() if framework.earlier_until else None,
        "source": framework.earlier_source, "reason": reason.strip()[:300],
    }  # fmt: skip
    audit.record("framework.earlier_corrected", subject=framework.id, data=data, actor=actor_id)
    return framework
