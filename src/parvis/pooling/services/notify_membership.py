from datetime import date
from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.authorities.facade import authority
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import JointProcurement, Membership, Need, PaperKind
from parvis.pooling.selectors.reach import coordinates, reach
from parvis.pooling.selectors.today import today
from parvis.pooling.services.attach_paper import attach_paper
from parvis.pooling.services.held import held_membership, require_alive
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.services.tell_of_group import tell_of_group
from parvis.pooling.states import MembershipState


def notify_membership(
    membership_id: UUID,
    *,
    decision: str,
    decided_on: date,
    stream: BinaryIO,
    name: str,
    notified_on: date | None = None,
    no_need: str = "",
    service_code: str = "",
    commitment: str = "",
    actor_id: UUID,
) -> Membership:
    """A prospect notifies its decision, its file attached, to the coordinator; its needs are stated, or `no_need` says
    why there is none yet. The coordinator may enter in its place a decision that came on paper.

    `notified_on`: today unless told. Raises Http404, Refusal: not_yours, not_now, ended, dates, no_need, invalid, and
    those of attach_paper.
    """
    row = reach(Membership, membership_id)
    on_paper = _who_asks(row)
    day = notified_on or today()
    _check_days(decided_on, day)
    with scope.authority(row.authority_id):
        held = held_membership(membership_id, "notify_membership")
        require_alive(held.group)
        if not Need.objects.filter(group=held.group, authority_id=held.member_id).exists() and not no_need.strip():
            message = _("Écrivez d’abord au moins un besoin de votre commune, ou dites ici pourquoi il n’y en a pas.")
            raise Refusal("no_need", message, "no_need")
        held.decision, held.decided_on, held.notified_on = decision, decided_on, day
        held.no_need, held.missing, held.state = no_need.strip(), "", MembershipState.NOTIFIED
        held.service_code, held.commitment = service_code or held.service_code, commitment or held.commitment
        save_checked(held)
        attach_paper(
            held.id, held.group_id, PaperKind.DECISION, decision, stream, owner_id=held.authority_id, name=name,
            dated=decided_on, actor_id=actor_id,
        )  # fmt: skip
        data = {
            "member": str(held.member_id), "decision": decision, "decided_on": decided_on.isoformat(),
            "notified_on": day.isoformat(), "no_need": held.no_need, "on_paper": on_paper,
        }  # fmt: skip
        fact = audit.record("membership.notified", subject=held.id, data=data, actor=actor_id)
        if not on_paper:
            _tell(held.group, held, fact.id)
    return held


def _who_asks(row: Membership) -> bool:
    """Whether it is the coordinator, with a decision on paper. Raises Refusal not_yours for a third one."""
    if scope.current_authority() == row.member_id:
        return False
    if coordinates(row.group):
        return True
    raise Refusal("not_yours", _("Chaque commune notifie sa propre décision."))


def _check_days(decided_on: date, notified_on: date) -> None:
    if notified_on > today():
        raise Refusal("dates", _("Cette notification est datée d’un jour à venir. Vérifiez-la."), "notified_on")
    if decided_on > notified_on:
        message = _("Une décision se prend avant d’être notifiée. Vérifiez sa date.")
        raise Refusal("dates", message, "decided_on")


def _tell(group: JointProcurement, held: Membership, fact_id: UUID) -> None:
    member = authority(held.member_id).name
    title = _("{member} a notifié son adhésion au groupement «\u202f{name}\u202f»").format(
        member=member, name=group.name
    )
    text = _("Relisez sa décision, puis prenez-en acte ou dites ce qui manque.")
    tell_of_group(
        group.authority_id, group, title, text, once=f"membership.notified:{fact_id}", page="group_members"
    )  # fmt: skip
