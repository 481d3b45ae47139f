from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import GroupConsultation, JointProcurement, Membership
from parvis.pooling.rules import KINDS
from parvis.pooling.rules.needs import Gathered, gather
from parvis.pooling.selectors.needs import StatedNeed, snapshot, stated_needs
from parvis.pooling.selectors.reach import require_coordinator
from parvis.pooling.services.follow_members import buyers_of
from parvis.pooling.services.held import held_group
from parvis.pooling.services.seed_tasks import seed_tasks
from parvis.pooling.services.tell_of_group import tell_of_group
from parvis.pooling.states import GroupState, MembershipState
from parvis.procurement import facade as procurement
from parvis.procurement.contracts import Nature


def consolidate(
    group_id: UUID,
    *,
    title: str,
    max_cents: int,
    min_cents: int | None = None,
    duration_months: int = 48,
    nature: Nature = "services",
    cpv: str = "",
    need_ids: Iterable[UUID] | None = None,
    actor_id: UUID,
) -> GroupConsultation:
    """Opens in procurement the draft of a framework agreement for the members' needs, with the coordinator as leader
    and every member named. Amounts in cents excluding VAT.

    `need_ids`: all that no consultation has taken up, unless told. Raises Http404, Refusal: not_coordinator,
    not_running, no_need, taken_up, bounds, and those of procurement.open_group_consultation.
    """
    with transaction.atomic():
        group = held_group(group_id)
        require_coordinator(group)
        _require_running(group)
        _check_bounds(min_cents, max_cents)
        chosen = _chosen(group, need_ids)
        gathered = gather(one.asked for one in chosen)
        consultation_id = procurement.open_group_consultation(
            title=title, purpose=_purpose(group, gathered), cpv=cpv or group.cpv, nature=nature,
            framework_min_cents=min_cents, framework_max_cents=max_cents, duration_months=duration_months,
            estimated_cents=sum(one.estimated_cents for one in gathered) or None, buyers=buyers_of(group),
            group_id=group.id, actor_id=actor_id,
        )  # fmt: skip
        made: GroupConsultation = GroupConsultation.objects.create(
            group=group, circle_id=group.id, consultation_id=consultation_id, needs=snapshot(chosen)
        )
        seed_tasks(group, made)
        data = {"consultation": str(consultation_id), "needs": len(chosen), "max_cents": max_cents}
        audit.record("needs.consolidated", subject=group.id, data=data, actor=actor_id)
        _tell(group, made)
    return made


def _require_running(group: JointProcurement) -> None:
    if group.state != GroupState.RUNNING:
        message = _(
            "La consultation s’ouvre quand la convention constitutive est signée. Démarrez d’abord le groupement."
        )
        raise Refusal("not_running", message)


def _check_bounds(low: int | None, high: int) -> None:
    if high <= 0 or (low is not None and not 0 <= low <= high):
        raise Refusal("bounds", _("Le maximum est supérieur à zéro, et au moins égal au minimum."), "max_cents")


def _chosen(group: JointProcurement, need_ids: Iterable[UUID] | None) -> list[StatedNeed]:
    """Those of members: a prospect's wait for its decision."""
    wanted = None if need_ids is None else set(need_ids)
    found = [one for one in stated_needs(group) if one.of_member and (wanted is None or one.need.id in wanted)]
    if wanted is not None and any(one.taken_by for one in found):
        message = _("Une consultation a déjà repris l’un de ces besoins. Rechargez la page\u202f: la liste a changé.")
        raise Refusal("taken_up", message)
    free = [one for one in found if one.taken_by is None]
    if not free:
        message = _("Aucun besoin n’attend de consultation. Demandez aux membres d’écrire les leurs.")
        raise Refusal("no_need", message)
    return free


def _purpose(group: JointProcurement, gathered: Sequence[Gathered]) -> str:
    lines = [_line(one) for one in gathered]
    return "\n".join([group.purpose.strip(), "", _("Besoins des membres du groupement\u202f:"), *lines])


def _line(one: Gathered) -> str:
    quantity = f"{one.quantity}\u00a0{one.unit}".strip()
    members = ", ".join(one.members)
    text = _("- {kind}\u202f: {label}, {quantity} ({members})")
    return text.format(kind=KINDS[one.kind].label, label=one.label, quantity=quantity, members=members)


def _tell(group: JointProcurement, made: GroupConsultation) -> None:
    title = _("Les besoins du groupement «\u202f{name}\u202f» sont réunis").format(name=group.name)
    text = _("Le coordinateur prépare la consultation. Les besoins repris ne changent plus.")
    members = Membership.objects.filter(group=group, state=MembershipState.MEMBER)
    for member_id in members.exclude(member_id=group.authority_id).values_list("member_id", flat=True):
        tell_of_group(member_id, group, title, text, once=f"needs.consolidated:{made.id}")
