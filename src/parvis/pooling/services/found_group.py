from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.authorities.facade import authority, give_seat
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import JointProcurement, Membership
from parvis.pooling.selectors.today import today
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.services.seed_tasks import seed_tasks
from parvis.pooling.states import MembershipState


def found_group(
    *,
    name: str,
    purpose: str,
    decision: str,
    decided_on: date,
    starts_on: date | None = None,
    ends_on: date | None = None,
    cpv: str = "",
    information_days: int = 10,
    vat_mode: str = "recharge",
    instalments: int = 2,
    public: bool = True,
    actor_id: UUID,
) -> JointProcurement:
    """A group that the authority in scope coordinates, with the list of its duties; it is the first member, by its own
    `decision`. Dates are foreseen until the group starts.

    Raises Refusal: not_agglomeration, in_the_future (the decision), invalid.
    """
    house = authority(scope.current_authority())
    if house.kind != "agglomeration":
        message = _("C’est l’agglomération qui coordonne un groupement. Votre commune, elle, peut en rejoindre un.")
        raise Refusal("not_agglomeration", message)
    if decided_on > today():
        raise Refusal("in_the_future", _("Cette décision n’est pas encore prise. Vérifiez sa date."), "decided_on")
    group = JointProcurement(
        name=name, purpose=purpose, cpv=cpv, starts_on=starts_on, ends_on=ends_on, information_days=information_days,
        vat_mode=vat_mode, instalments=instalments, public=public,
    )  # fmt: skip
    group.circle_id = group.id
    with transaction.atomic():
        give_seat(group.id, house.id)
        save_checked(group)
        member = Membership(
            group=group, circle_id=group.id, member_id=house.id, state=MembershipState.MEMBER, decision=decision,
            decided_on=decided_on, notified_on=decided_on, effective_on=starts_on or decided_on,
        )  # fmt: skip
        save_checked(member)
        seed_tasks(group)
        data = {"name": name, "decision": decision, "decided_on": decided_on.isoformat()}
        audit.record("group.founded", subject=group.id, data=data, actor=actor_id)
    return group
