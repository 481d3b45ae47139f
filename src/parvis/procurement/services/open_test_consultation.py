"""The test consultation: open at all times, so that a company can try a deposit long before one that counts."""

from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.ids import new_id
from parvis.procurement.models import Consultation, OpeningKey, PublishedConsultation
from parvis.procurement.states import ConsultationState
from parvis.sealing.age import generate_identity, recipient_of
from parvis.sealing.canonical import fingerprint

REFERENCE = "ESSAI"
# Far enough never to come; nothing deposited here is ever opened.
NEVER = datetime(2099, 12, 31, 11, 0, tzinfo=UTC)


@transaction.atomic
def open_test_consultation(authority_id: UUID) -> Consultation:
    """The one test consultation of the authority in scope, made on first call.

    Its keys' private sides are forgotten at once: nobody can open a test.
    """
    existing: Consultation | None = Consultation.objects.filter(is_test=True, reference=REFERENCE).first()
    if existing is not None:
        return existing
    now = clock.now()
    purpose = _(
        "Essayez ici un dépôt complet, à toute heure, avec n’importe quels fichiers. "
        "Rien n’est jamais ouvert ni examiné."
    )
    consultation = Consultation(
        id=new_id(), reference=REFERENCE, title=_("Consultation d’essai"), purpose=purpose, procedure="adapted",
        nature="services", deadline=NEVER, state=ConsultationState.PUBLISHED, published_at=now, is_test=True,
    )  # fmt: skip
    consultation.save(force_insert=True)
    for kind in ("application", "bid"):
        recipient = recipient_of(generate_identity())
        OpeningKey.objects.create(
            consultation=consultation, kind=kind, recipient=recipient, fingerprint=fingerprint(recipient), threshold=1
        )
    PublishedConsultation.objects.create(
        id=consultation.id, authority_id=authority_id, reference=REFERENCE, title=consultation.title, purpose=purpose,
        procedure="adapted", framework=False, nature="services", cpv="", place_nuts="", lots=0, deadline=NEVER,
        published_at=now, state=ConsultationState.PUBLISHED, is_test=True,
    )  # fmt: skip
    audit.record("consultation.published", subject=consultation.id, data={"test": True})
    return consultation
