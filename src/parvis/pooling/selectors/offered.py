"""Who of a group offers which e-service since when, and how many each offers on a day: the N of the shares."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from parvis.authorities.facade import authorities
from parvis.eservices import facade as eservices
from parvis.pooling.models import JointProcurement, Membership
from parvis.pooling.selectors.groups import IN_IT


@dataclass(frozen=True, slots=True)
class MemberOffer:
    """`present`: it belongs to the group that day. `now`: what it offers that day; `others`: before or after."""

    member_id: UUID
    name: str
    present: bool
    now: tuple[eservices.UseView, ...]
    others: tuple[eservices.UseView, ...]

    @property
    def count(self) -> int:
        """N: zero outside the group."""
        return len(self.now) if self.present else 0


def offers_of(group: JointProcurement, day: date) -> list[MemberOffer]:
    """The coordinator, then the others by name."""
    places = list(Membership.objects.filter(group=group, state__in=IN_IT))
    houses = {one.id: one for one in authorities(row.member_id for row in places)}
    uses = eservices.uses(list(houses))
    found = []
    for place in places:
        mine = [one for one in uses if one.authority_id == place.member_id]
        present = bool(place.effective_on and place.effective_on <= day and (not group.ends_on or day < group.ends_on))
        now = sorted((one for one in mine if one.used_on(day)), key=lambda one: one.service_name)
        others = tuple(one for one in mine if not one.used_on(day))
        found.append(MemberOffer(place.member_id, houses[place.member_id].name, present, tuple(now), others))
    return sorted(found, key=lambda one: (one.member_id != group.authority_id, one.name))
