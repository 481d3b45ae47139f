"""What waits for the authority in scope, over all its groups and its agreement: what, where it is done, by when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from parvis.kit import clock, scope
from parvis.kit.money import euros
from parvis.pooling.models import (
    AgreementState,
    CommitteeMeeting,
    GroupState,
    Invoice,
    InvoiceState,
    JointProcurement,
    MeetingState,
    Membership,
    MembershipState,
    OrderAnswer,
    OrderState,
    PurchaseOrder,
    SharingAgreement,
    Statement,
    StatementState,
)
from parvis.pooling.selectors.coordinator_tasks import coordinator_tasks
from parvis.pooling.selectors.statements import due_cents
from parvis.pooling.selectors.today import today


@dataclass(frozen=True, slots=True)
class Waiting:
    """`page` and `ids` lead to where it is done; `by` is a day of Paris, None when nothing presses."""

    what: str
    page: str
    ids: tuple[UUID, ...]
    by: date | None = None
    late: bool = False


def waiting_here() -> list[Waiting]:
    """Late ones first, then by day, then what has none."""
    found = [*_agreements(), *_members(), *_orders(), *_invoices(), *_statements(), *_meetings(), *_tasks()]
    return sorted(found, key=lambda one: (not one.late, one.by or date.max, one.what))


def _agreements() -> Iterator[Waiting]:
    me = scope.current_authority()
    for one in SharingAgreement.objects.filter(state=AgreementState.DRAFT, commune_id=me):
        what = _("Joindre votre délibération à la convention {number}").format(number=one.number)
        yield Waiting(what, "agreement", (one.id,))


def _members() -> Iterator[Waiting]:
    me = scope.current_authority()
    for one in Membership.objects.filter(authority_id=me, state=MembershipState.NOTIFIED).select_related("member"):
        what = _("Répondre à l’adhésion notifiée par {name}").format(name=one.member.name)
        yield Waiting(what, "membership", (one.group_id, one.id))
    for one in Membership.objects.filter(member_id=me, state=MembershipState.PROSPECT).select_related("group"):
        what = _("Notifier votre décision de rejoindre «\u202f{name}\u202f»").format(name=one.group.name)
        yield Waiting(what, "group", (one.group_id,))


def _orders() -> Iterator[Waiting]:
    me, now = scope.current_authority(), clock.now()
    mine = OrderAnswer.objects.filter(order=OuterRef("pk"), authority_id=me)
    member = Membership.objects.filter(group=OuterRef("framework__group"), member_id=me, state=MembershipState.MEMBER)
    announced = PurchaseOrder.objects.filter(state=OrderState.INFORMED).exclude(authority_id=me)
    for one in announced.filter(Exists(member), ~Exists(mine), answers_until__gt=now).select_related("framework"):
        what = _("Répondre à la commande annoncée «\u202f{title}\u202f»").format(title=one.title)
        yield Waiting(what, "order", (one.framework.group_id, one.id), _day(one.answers_until))
    own = PurchaseOrder.objects.filter(authority_id=me).select_related("framework")
    for one in own.filter(state=OrderState.INFORMED, answers_until__lte=now):
        what = _("Émettre la commande «\u202f{title}\u202f»\u202f: le délai d’information est passé")
        yield Waiting(what.format(title=one.title), "order", (one.framework.group_id, one.id))
    for one in own.filter(state=OrderState.ISSUED):
        what = _("Constater la livraison de {number}").format(number=one.number)
        yield _by(what, "order", (one.framework.group_id, one.id), one.deliver_by)
    for one in own.filter(state=OrderState.INVOICED):
        what = _("Noter le paiement de {number}").format(number=one.number)
        yield Waiting(what, "order", (one.framework.group_id, one.id))


def _invoices() -> Iterator[Waiting]:
    me = scope.current_authority()
    for one in Invoice.objects.filter(authority_id=me, state=InvoiceState.READ):
        group_id = Membership.objects.filter(circle_id=one.circle_id).values_list("group_id", flat=True).first()
        if group_id is not None:
            what = _("Rapprocher la facture {number}").format(number=one.number)
            yield _by(what, "invoice", (group_id, one.id), one.due_on)


def _statements() -> Iterator[Waiting]:
    me = scope.current_authority()
    for one in Statement.objects.filter(debtor_id=me, state=StatementState.ISSUED):
        due = due_cents(one)
        if due > 0:
            what = _("Payer {amount} (relevé {number})").format(amount=euros(due), number=one.number)
            yield _by(what, "statement", (one.group_id, one.id), one.due_on)


def _meetings() -> Iterator[Waiting]:
    coming = CommitteeMeeting.objects.filter(state=MeetingState.CALLED)
    for one in coming.filter(meets_at__gte=clock.now()):
        yield Waiting(_("Venir au comité de pilotage"), "meeting", (one.group_id, one.id), _day(one.meets_at))
    mine = CommitteeMeeting.objects.filter(authority_id=scope.current_authority())
    for one in mine.filter(state=MeetingState.CALLED, meets_at__lt=clock.now()):
        yield Waiting(_("Noter les présences du comité"), "meeting", (one.group_id, one.id))
    for one in mine.filter(state=MeetingState.HELD):
        yield Waiting(_("Déposer le compte rendu du comité"), "meeting", (one.group_id, one.id))


def _tasks() -> Iterator[Waiting]:
    mine = JointProcurement.objects.filter(authority_id=scope.current_authority()).exclude(state=GroupState.ENDED)
    for group in mine:
        for row in coordinator_tasks(group):
            if row.done is None and not row.before and row.due is not None:
                yield Waiting(row.task.label, "task", (group.id, row.task.id), row.due.on, row.late)


def _by(what: str, page: str, ids: tuple[UUID, ...], day: date | None) -> Waiting:
    return Waiting(what, page, ids, day, late=day is not None and day < today())


def _day(instant: Any) -> date:
    found: date = instant.astimezone(clock.PARIS).date()
    return found
