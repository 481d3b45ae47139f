"""What everybody may know of a group: what is bought together, by whom, for how much; nothing confidential."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from parvis.authorities.facade import AuthorityView, authority
from parvis.eservices import facade as eservices
from parvis.kit import clock, scope
from parvis.pooling.models import (
    CommitteeMeeting,
    CostItem,
    CostState,
    FrameworkAgreement,
    JointProcurement,
    MeetingState,
    Membership,
)
from parvis.pooling.rules import Amounts
from parvis.pooling.selectors.groups import IN_IT, member_ids
from parvis.pooling.selectors.shares import year_shares, years_of
from parvis.pooling.selectors.today import today


@dataclass(frozen=True, slots=True)
class PublicMember:
    name: str
    slug: str
    siren: str
    coordinator: bool
    effective_on: date | None


@dataclass(frozen=True, slots=True)
class PublicService:
    """An e-service that two members or more offer today."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicYear:
    """What each member's part of a closed year comes to; those who pay nothing have zeros."""

    year: int
    rows: tuple[tuple[str, Amounts], ...]
    total: Amounts


@dataclass(frozen=True, slots=True)
class PublicGroup:
    group: JointProcurement
    coordinator: AuthorityView
    members: tuple[PublicMember, ...]
    frameworks: tuple[FrameworkAgreement, ...]
    services: tuple[PublicService, ...]
    years: tuple[PublicYear, ...]
    next_committee: datetime | None


def public_groups() -> list[JointProcurement]:
    """Those that the authority in scope is in, and that are shown to everybody."""
    mine = Membership.objects.filter(member_id=scope.current_authority(), state__in=IN_IT)
    return list(JointProcurement.objects.filter(public=True, id__in=mine.values("group_id")))


def public_group(group_id: UUID) -> PublicGroup:
    """Raises Http404 for a group that is not shown, or not by the authority in scope."""
    group = next((one for one in public_groups() if one.id == group_id), None)
    if group is None:
        raise Http404(_("Ce groupement n’existe pas, ou ne se montre pas au public."))
    return PublicGroup(
        group=group, coordinator=authority(group.authority_id), members=_members(group),
        frameworks=tuple(FrameworkAgreement.objects.filter(group=group)), services=_services(group),
        years=_years(group), next_committee=_next_committee(group),
    )  # fmt: skip


def _members(group: JointProcurement) -> tuple[PublicMember, ...]:
    rows = Membership.objects.filter(group=group, state__in=IN_IT).select_related("member").order_by("member__name")
    made = [
        PublicMember(
            one.member.name, one.member.slug, one.member.siren, one.member_id == group.authority_id, one.effective_on
        )
        for one in rows
    ]
    return tuple(sorted(made, key=lambda one: not one.coordinator))


def _services(group: JointProcurement) -> tuple[PublicService, ...]:
    day = today()
    users: dict[UUID, list[str]] = {}
    names: dict[UUID, str] = {}
    for one in eservices.uses(member_ids(group, day)):
        if one.used_on(day):
            users.setdefault(one.service_id, []).append(one.authority_name)
            names[one.service_id] = one.service_name
    shared = [PublicService(names[key], tuple(sorted(who))) for key, who in users.items() if len(who) > 1]
    return tuple(sorted(shared, key=lambda one: one.name))


def _years(group: JointProcurement) -> tuple[PublicYear, ...]:
    """Years that are over and closed only: every cost has its final amount, and could be split."""
    return tuple(
        made
        for year in years_of(group)
        if year < today().year
        and not CostItem.objects.filter(group=group, year=year).exclude(state=CostState.CLOSED).exists()
        and (made := _year(group, year)) is not None
    )


def _year(group: JointProcurement, year: int) -> PublicYear | None:
    shares = year_shares(group, year)
    if any(one.split is None for one in shares.costs):
        return None
    rows = [(house.name, shares.amounts(siren)) for siren, house in shares.members.items()]
    return PublicYear(year, tuple(sorted(rows, key=lambda row: (-row[1].ht, row[0]))), shares.total)


def _next_committee(group: JointProcurement) -> datetime | None:
    coming = CommitteeMeeting.objects.filter(group=group, state=MeetingState.CALLED, meets_at__gte=clock.now())
    first = coming.order_by("meets_at").first()
    return first.meets_at if first else None
