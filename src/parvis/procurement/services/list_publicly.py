from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from parvis.authorities.facade import authority
from parvis.kit import clock
from parvis.procurement.models import Consultation, ConsultationBuyer, Lot, PublishedConsultation
from parvis.procurement.selectors.consultations import deadline_of
from parvis.procurement.selectors.listing import folded


def list_publicly(consultation: Consultation) -> None:
    """Writes or refreshes the public row of a published consultation, its search index included.

    Whoever changes the state, the deadline or a text of a published consultation calls it in the same transaction.
    """
    lots = list(Lot.objects.filter(consultation=consultation).order_by("number").values_list("title", flat=True))
    house = authority(consultation.authority_id)
    group = ConsultationBuyer.objects.filter(consultation=consultation).select_related("buyer").order_by("rank")
    buyers = [one.buyer for one in group]
    PublishedConsultation.objects.update_or_create(
        id=consultation.id,
        defaults={
            "authority_id": house.id,
            "reference": consultation.reference,
            "title": consultation.title,
            "purpose": consultation.purpose,
            "procedure": consultation.procedure,
            "framework": consultation.framework,
            "nature": consultation.nature,
            "cpv": consultation.cpv,
            "place_nuts": consultation.place_nuts,
            "lots": len(lots),
            "deadline": deadline_of(consultation),
            "published_at": consultation.published_at or clock.now(),
            "state": consultation.state,
            "is_test": consultation.is_test,
            "group_id": consultation.group_id,
            "buyers": [one.id for one in buyers],
        },
    )
    texts = (
        (f"{consultation.title} {consultation.reference}", "A"),
        (" ".join([*lots, house.name, *(one.name for one in buyers)]), "B"),
        (f"{consultation.purpose} {consultation.place} {consultation.cpv}", "C"),
    )
    vectors = [SearchVector(Value(folded(text)), weight=weight, config="french") for text, weight in texts]
    PublishedConsultation.objects.filter(id=consultation.id).update(search=vectors[0] + vectors[1] + vectors[2])
