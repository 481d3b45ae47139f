from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.authorities.facade import authority
from parvis.eservices import facade as eservices
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import JointProcurement, Membership
from parvis.pooling.selectors.groups import IN_IT
from parvis.pooling.selectors.reach import coordinates, group_in_reach

CODE_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Offered:
    """What a member offers from a day: an e-service of the catalogue (`service_id`), or a new one that it runs itself
    (`name`, `theme`). `agreement`: how the member agreed, when its coordinator writes it.
    """

    member_id: UUID
    from_on: date
    service_id: UUID | None = None
    name: str = ""
    theme: str = "other"
    agreement: str = ""


@transaction.atomic
def offer_eservice(group_id: UUID, offered: Offered, *, actor_id: UUID | None = None) -> eservices.UseView:
    """An e-service that a member offers, written by that member, or by the coordinator with its agreement: it counts
    in the shares from that day. The rows are the member's; its scope is opened here, and who wrote them is kept.

    Raises Http404, Refusal: not_member, not_yours, no_agreement, no_eservice, and those of eservices.
    """
    group = group_in_reach(group_id)
    require_say(group, offered.member_id, offered.agreement)
    service_id = offered.service_id or _new_service(offered, actor_id)
    use = eservices.record_use(service_id, offered.member_id, offered.from_on, actor_id=actor_id)
    data = {
        "use": str(use.id), "service": use.service_name, "member": str(offered.member_id),
        "from": offered.from_on.isoformat(), "agreement": offered.agreement.strip(),
        "by_coordinator": offered.member_id != scope.current_authority(),
    }  # fmt: skip
    audit.record("eservice.taken_up", subject=group.id, data=data, actor=actor_id)
    return use


def require_say(group: JointProcurement, member_id: UUID, agreement: str) -> None:
    """A member decides of its own e-services; the coordinator writes them with the member's agreement.

    Raises Refusal not_member, not_yours, no_agreement.
    """
    if not Membership.objects.filter(group=group, member_id=member_id, state__in=IN_IT).exists():
        raise Refusal("not_member", _("Choisissez un membre du groupement."), "member")
    if member_id == scope.current_authority():
        return
    name = authority(member_id).name
    if not coordinates(group):
        message = _("Les téléservices de {name} sont les siens. Seuls elle et le coordinateur peuvent les écrire.")
        raise Refusal("not_yours", message.format(name=name), "member")
    if not agreement.strip():
        message = _("Dites comment {name} a donné son accord. Exemple\u202f: courriel de la mairie du 3 mars 2026.")
        raise Refusal("no_agreement", message.format(name=name), "agreement")


def _new_service(offered: Offered, actor_id: UUID | None) -> UUID:
    if not offered.name.strip():
        message = _("Choisissez un téléservice du catalogue, ou donnez le nom d’un nouveau.")
        raise Refusal("no_eservice", message, "service")
    taken = {one.code for one in eservices.catalogue() if one.authority_id == offered.member_id}
    made = eservices.record_eservice(
        offered.member_id, code=_free_code(offered.name, taken), name=offered.name, offered_from=offered.from_on,
        theme=cast(eservices.Theme, offered.theme), actor_id=actor_id,
    )  # fmt: skip
    return made.id


def _free_code(name: str, taken: set[str]) -> str:
    """`location-salle`, `location-salle-2`: what addresses will say."""
    base = slugify(name)[: CODE_LENGTH - 4].strip("-") or "teleservice"
    number, code = 1, base
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    return code
