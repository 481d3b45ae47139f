from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.authorities.facade import authority
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.procurement.contracts import Missing
from parvis.procurement.models import Consultation, Lot
from parvis.procurement.selectors.consultations import deadline_of
from parvis.procurement.selectors.documents import documents_of
from parvis.procurement.selectors.drafts import missing_for_publication
from parvis.procurement.selectors.keys import opening_keys
from parvis.procurement.services.list_publicly import list_publicly
from parvis.procurement.services.locking import locked_consultation
from parvis.procurement.states import ConsultationState


class Incomplete(Refusal):
    """Publication refused; `missing` is the whole list, `message` its first sentence."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__("incomplete", missing[0].message, missing[0].field)
        self.missing = missing


def publish_consultation(consultation_id: UUID, *, actor_id: UUID) -> Consultation:
    """Makes a draft public, once: the row is held, so that of two who publish together one is refused.

    Raises Incomplete (something is missing, the keys or their rehearsal included, or the deadline is not lawful),
    Refusal (procurement_closed; not_now: already published or given up; infected).
    """
    with transaction.atomic():
        consultation = locked_consultation(consultation_id, "publish_consultation")
        if missing := missing_for_publication(consultation, authority(consultation.authority_id)):
            raise Incomplete(missing)
        documents = documents_of(consultation)
        _refuse_infected([one.name for one in documents if not one.safe])
        now = clock.now()
        consultation.state = ConsultationState.PUBLISHED
        consultation.published_at = now
        consultation.dispatch_on = consultation.dispatch_on or now.astimezone(clock.PARIS).date()
        consultation.save()
        list_publicly(consultation)
        audit.record(
            "consultation.published",
            subject=consultation.id,
            actor=actor_id,
            at=now,
            data={
                "reference": consultation.reference,
                "title": consultation.title,
                "procedure": consultation.procedure,
                "deadline": deadline_of(consultation).isoformat(),
                "lots": list(
                    Lot.objects.filter(consultation=consultation).order_by("number").values_list("title", flat=True)
                ),
                "documents_version": consultation.documents_version,
                "documents": [{"name": one.name, "sha256": one.sha256} for one in documents],
                "keys": [key.fingerprint for key in opening_keys(consultation.id)],
            },
        )
    return consultation


def _refuse_infected(names: list[str]) -> None:
    if names:
        message = _(
            "Un virus a été trouvé dans «\u202f%(name)s\u202f». Retirez ce document et ajoutez une copie saine."
        )
        raise Refusal("infected", message % {"name": names[0]}, "documents_count")
