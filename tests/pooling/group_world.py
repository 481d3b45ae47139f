"""A group made by its own verbs, from its founding to a consultation."""

from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

from parvis.authorities.models import Authority
from parvis.kit import scope
from parvis.pooling.models import GroupConsultation, JointProcurement, Membership, Need
from parvis.pooling.services.accept_membership import accept_membership
from parvis.pooling.services.add_task import add_task
from parvis.pooling.services.consolidate import consolidate
from parvis.pooling.services.found_group import found_group
from parvis.pooling.services.notify_membership import notify_membership
from parvis.pooling.services.open_dispute import open_dispute
from parvis.pooling.services.propose_membership import propose_membership
from parvis.pooling.services.start_group import start_group
from parvis.pooling.services.state_need import state_need

ACTOR = UUID("00000000-0000-4000-8000-000000000001")
FILE = b"%PDF-1.7 piece"
SIGNED, START, END = date(2026, 1, 5), date(2026, 2, 1), date(2031, 2, 1)


def founded(house: Authority, **fields: Any) -> JointProcurement:
    base: dict[str, Any] = {
        "name": "Services numériques", "purpose": "Un guichet en ligne commun.", "cpv": "72200000",
        "decision": "Délibération 2025-114", "decided_on": date(2025, 12, 8),
    }  # fmt: skip
    with scope.authority(house.id):
        return found_group(**{**base, **fields}, actor_id=ACTOR)


def started(house: Authority, **fields: Any) -> JointProcurement:
    group = founded(house, **fields)
    with scope.authority(house.id):
        return start_group(
            group.id, signed_on=SIGNED, starts_on=START, ends_on=END, stream=BytesIO(FILE), name="convention.pdf",
            actor_id=ACTOR,
        )  # fmt: skip


def proposed(group: JointProcurement, house: Authority) -> Membership:
    with scope.authority(house.id):
        return propose_membership(group.id, house.id, actor_id=ACTOR)


def a_need(group: JointProcurement, house: Authority, label: str = "Démarches en ligne", **fields: Any) -> Need:
    base: dict[str, Any] = {"kind": "acquisition", "quantity": 1, "unit": "forfait", "estimated_cents": 10_000_00}
    with scope.authority(house.id):
        return state_need(group.id, label=label, **{**base, **fields}, actor_id=ACTOR)


def notified(membership: Membership, **fields: Any) -> Membership:
    base: dict[str, Any] = {
        "decision": "Délibération 2026-7", "decided_on": date(2026, 2, 10), "notified_on": date(2026, 2, 12),
        "stream": BytesIO(FILE), "name": "deliberation.pdf",
    }  # fmt: skip
    with scope.authority(membership.member_id):
        return notify_membership(membership.id, **{**base, **fields}, actor_id=ACTOR)


def joined(group: JointProcurement, house: Authority, effective_on: date = date(2026, 3, 1)) -> Membership:
    """A member with one need, from the day told."""
    membership = proposed(group, house)
    a_need(group, house)
    notified(membership)
    with scope.authority(group.authority_id):
        return accept_membership(membership.id, effective_on, actor_id=ACTOR)


def consolidated(group: JointProcurement, **fields: Any) -> GroupConsultation:
    base: dict[str, Any] = {"title": "Guichet en ligne", "min_cents": 0, "max_cents": 100_000_00}
    with scope.authority(group.authority_id):
        return consolidate(group.id, **{**base, **fields}, actor_id=ACTOR)


def group_rows(group: JointProcurement, whole: Authority, here: Authority) -> dict[str, UUID]:
    """In a group that runs: a need, a task, a dispute, the commune's place. Beside it: one being prepared, where the
    commune is a prospect, and one that it alone may still join.
    """
    need = a_need(group, here)
    with scope.authority(whole.id):
        task = add_task(group.id, "Relire le bordereau", actor_id=ACTOR)
        dispute = open_dispute(
            group.id, subject="Retard de livraison", opponent="Lignes Claires", opened_on=SIGNED, account="Un mois.",
            actor_id=ACTOR,
        )  # fmt: skip
        place = Membership.objects.get(group=group, member=here)
    prepared = founded(whole, name="Fournitures")
    joinable = started(whole, name="Énergie")
    for other in Authority.objects.exclude(id__in=[whole.id, here.id]):
        proposed(joinable, other)
    return {
        "need": need.id, "task": task.id, "dispute": dispute.id, "membership": place.id, "prepared": prepared.id,
        "prospect": proposed(prepared, here).id, "joinable": joinable.id,
    }  # fmt: skip
