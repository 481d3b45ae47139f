from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.authorities.facade import authorities
from parvis.kit.errors import Refusal
from parvis.procurement.contracts import GroupBuyer
from parvis.procurement.models import Consultation, ConsultationBuyer
from parvis.procurement.services.locking import locked_consultation


def set_group_buyers(consultation_id: UUID, buyers: Sequence[GroupBuyer], *, actor_id: UUID) -> None:
    """Who buys together by this draft, in the order in which they are named; replaces whoever was named before.

    Raises Refusal: published (the companies answer the group that was announced), not_now (given up), leader (not one,
    or not the authority in scope), alone (no member), twice, unknown_authority.
    """
    with transaction.atomic():
        _refuse_published(consultation_id)
        consultation = locked_consultation(consultation_id, "set_group_buyers")
        names = _checked(consultation, buyers)
        ConsultationBuyer.objects.filter(consultation=consultation).delete()
        for rank, one in enumerate(buyers, start=1):
            ConsultationBuyer.objects.create(
                consultation=consultation, buyer_id=one.authority_id, role=one.role, rank=rank
            )
        data = {
            "group": str(consultation.group_id) if consultation.group_id else "",
            "buyers": [
                {"authority": str(one.authority_id), "name": names[one.authority_id], "role": one.role}
                for one in buyers
            ],
        }
        audit.record("consultation.group_set", subject=consultation.id, actor=actor_id, data=data)


def _refuse_published(consultation_id: UUID) -> None:
    published = Consultation.objects.filter(id=consultation_id, published_at__isnull=False).first()
    if published is not None:
        message = _(
            "La consultation %(reference)s est publiée\u202f: les entreprises répondent au groupement annoncé, qui ne "
            "change plus. Une collectivité qui arrive ensuite se joint à une prochaine consultation."
        )
        raise Refusal("published", message % {"reference": published.reference}, "buyers")


def _checked(consultation: Consultation, buyers: Sequence[GroupBuyer]) -> dict[UUID, str]:
    """Their names by id."""
    ids = [one.authority_id for one in buyers]
    names = {one.id: one.name for one in authorities(ids)}
    if [one.authority_id for one in buyers if one.role == "leader"] != [consultation.authority_id]:
        message = _("Le coordonnateur du groupement est la collectivité qui tient la consultation, et elle seule.")
        raise Refusal("leader", message, "buyers")
    if len(buyers) < 2:
        raise Refusal("alone", _("Un groupement de commandes réunit au moins deux collectivités."), "buyers")
    if len(set(ids)) < len(ids):
        raise Refusal(
            "twice", _("Une collectivité est nommée deux fois dans le groupement. Retirez-la une fois."), "buyers"
        )
    if set(ids) - set(names):
        raise Refusal("unknown_authority", _("Une collectivité du groupement n’est pas sur la plateforme."), "buyers")
    return names
