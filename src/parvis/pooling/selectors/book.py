"""The facts of a group as the cost engine reads them (rules/book.py): members, populations, e-services, keys, costs."""

from datetime import date, timedelta
from fractions import Fraction

from parvis.authorities.facade import AuthorityView, authorities, authority
from parvis.eservices import facade as eservices
from parvis.pooling.models import CostItem, CostKey, DatedPopulation, JointProcurement, Membership
from parvis.pooling.rules import Book, Cost, Key, Member, Population, Presence, Service, Use

ONE_DAY = timedelta(days=1)


def book_of(group: JointProcurement, *, year: int | None = None) -> Book:
    """Every dated fact that the circle keeps; `year`: the costs of that year alone. Presences end with the group."""
    memberships = list(Membership.objects.filter(group=group, effective_on__isnull=False).select_related("member"))
    sirens = {one.member_id: one.member.siren for one in memberships}
    coordinator = authority(group.authority_id)
    sirens.setdefault(coordinator.id, coordinator.siren)
    names = {one.member_id: one.member.name for one in memberships} | {coordinator.id: coordinator.name}
    uses = [one for one in eservices.uses(list(sirens)) if one.authority_id in sirens]
    services = {one.service_id: one.service_name for one in uses}
    costs = [cost_of(item, sirens) for item in costs_in(group, year)]
    known = {str(service) for service in services}
    for name in {one.service for one in costs if one.service} - known:
        services |= {one.id: one.name for one in eservices.catalogue() if str(one.id) == name}
    return Book(
        agglomeration=coordinator.siren,
        members=tuple(Member(sirens[key], names[key]) for key in sirens),
        presences=tuple(
            Presence(sirens[one.member_id], one.effective_on, group.ends_on)
            for one in memberships
            if one.effective_on and (group.ends_on is None or one.effective_on < group.ends_on)
        ),
        populations=tuple(
            Population(sirens[one.member_id], one.kind, one.year, one.inhabitants)
            for one in DatedPopulation.objects.filter(group=group)
            if one.member_id in sirens
        ),
        services=tuple(Service(str(key), name) for key, name in services.items()),
        uses=tuple(
            Use(str(one.service_id), sirens[one.authority_id], one.from_on, _after(one.until_on)) for one in uses
        ),
        keys=tuple(key_of(one) for one in CostKey.objects.filter(group=group).select_related("payer")),
        costs=tuple(costs),
    )


def costs_in(group: JointProcurement, year: int | None = None) -> list[CostItem]:
    found = CostItem.objects.filter(group=group).select_related("payer")
    return list(found.filter(year=year) if year is not None else found)


def cost_of(item: CostItem, sirens: dict) -> Cost:  # type: ignore[type-arg]
    """What the item comes to: its final amounts once it is closed, the estimate before."""
    closed = item.state == "closed"
    return Cost(
        id=str(item.id),
        label=item.label,
        kind=item.kind,
        from_on=item.from_on,
        until_on=item.until_on,
        ht_cents=item.final_ht_cents if closed else item.ht_cents,
        vat_cents=item.final_vat_cents if closed else item.vat_cents,
        key=item.key_code,
        service=str(item.eservice_id) if item.eservice_id else None,
        payer=item.payer.siren if item.payer else None,
    )


def key_of(row: CostKey) -> Key:
    return Key(
        code=row.code,
        version=row.version,
        name=row.name,
        formula=row.formula,
        from_on=row.in_force_on,
        reference_year=row.reference_year,
        weight=Fraction(row.weight_numerator, row.weight_denominator),
        population_kind=row.population_kind,
        agglomeration=row.agglomeration,
        payer=row.payer.siren if row.payer else None,
    )


def _after(last_day: date | None) -> date | None:
    return last_day + ONE_DAY if last_day else None


def debtor_names(group: JointProcurement) -> dict[str, AuthorityView]:
    """The members of a group by their SIREN."""
    ids = Membership.objects.filter(group=group).values_list("member_id", flat=True)
    return {one.siren: one for one in authorities([*ids, group.authority_id])}
