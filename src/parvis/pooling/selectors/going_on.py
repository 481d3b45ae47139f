"""What goes on in a group before a committee: the agenda is proposed from it."""

from parvis.pooling.models import (
    CommitteeMeeting,
    CostKey,
    Dispute,
    DisputeState,
    FrameworkAgreement,
    GroupConsultation,
    JointProcurement,
    Membership,
    MembershipState,
    Need,
    OrderState,
    PurchaseOrder,
)
from parvis.pooling.rules.agenda import FrameworkUse, GoingOn, propose_agenda
from parvis.pooling.selectors.coordinator_tasks import TaskRow, coordinator_tasks
from parvis.pooling.selectors.frameworks import forecast_of, frameworks_of, in_term, minimum_of
from parvis.pooling.selectors.key_versions import last_versions
from parvis.pooling.selectors.meetings import paris_day
from parvis.pooling.selectors.today import today
from parvis.pooling.states import MeetingState


def previous_meeting(group: JointProcurement, before: CommitteeMeeting | None = None) -> CommitteeMeeting | None:
    """The last committee that was held, before another one or until now."""
    held = CommitteeMeeting.objects.filter(group=group, state__in=[MeetingState.HELD, MeetingState.MINUTED])
    return held.filter(meets_at__lt=before.meets_at).first() if before is not None else held.first()


def late_tasks(group: JointProcurement) -> list[TaskRow]:
    return [row for row in coordinator_tasks(group) if row.late]


def open_disputes(group: JointProcurement) -> list[Dispute]:
    return list(Dispute.objects.filter(group=group, state=DisputeState.OPEN))


def announced_orders(group: JointProcurement) -> list[PurchaseOrder]:
    """Those that the group was told of and that are not issued yet."""
    return list(PurchaseOrder.objects.filter(framework__group=group, state=OrderState.INFORMED))


def going_on(group: JointProcurement) -> GoingOn:
    day, previous = today(), previous_meeting(group)
    newcomers = Membership.objects.filter(
        group=group, state__in=[MembershipState.PROSPECT, MembershipState.NOTIFIED]
    ).select_related("member")
    needs, projects = Need.objects.filter(group=group), GroupConsultation.objects.filter(group=group)
    coming = CostKey.objects.filter(group=group, in_force_on__gt=day)
    if previous is not None:
        since = previous.meets_at
        needs, projects = needs.filter(stated_at__gt=since), projects.filter(opened_at__gt=since)
    return GoingOn(
        previous_on=paris_day(previous.meets_at) if previous else None,
        decisions=previous.decisions.count() if previous else 0,
        newcomers=[one.member.name for one in newcomers],
        frameworks=[_use(one) for one in frameworks_of(group.id) if in_term(one, day)],
        announced=len(announced_orders(group)),
        new_needs=needs.count(),
        year=day.year,
        oldest_population=min((one.reference_year for one in last_versions(group)), default=None),
        late_tasks=len(late_tasks(group)),
        disputes=len(open_disputes(group)),
        projects=projects.count(),
        keys_from=sorted(set(coming.values_list("in_force_on", flat=True))),
    )


def proposed_agenda(group: JointProcurement) -> tuple[str, ...]:
    return propose_agenda(going_on(group))


def _use(framework: FrameworkAgreement) -> FrameworkUse:
    least = minimum_of(framework, forecast_of(framework))
    return FrameworkUse(framework.reference, 100 * framework.used_cents // framework.max_cents, least.at_risk)
