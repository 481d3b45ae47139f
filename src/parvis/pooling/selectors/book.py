"""The facts of a group as the cost engine reads them (rules/book.py): members, populations, e-services, keys, costs."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import cast
from uuid import UUID

from parvis.authorities.facade import AuthorityView, authorities
from parvis.eservices import facade as eservices
from parvis.pooling.models import CostItem, CostKey, CostState, DatedPopulation, JointProcurement, Membership
from parvis.pooling.rules import Book, Cost, Formula, Key, Member, Population, Presence, Service, Use, VatWay
from parvis.pooling.rules.book import STANDARD_RATE, AgglomerationPopulation
from parvis.pooling.rules.vat import rate_of

ONE_DAY = timedelta(days=1)
Sirens = Mapping[UUID, str]


def book_of(group: JointProcurement, *, year: int | None = None) -> Book:
    """Every dated fact that the circle keeps; `year`: the costs of that year alone. Presences end with the group."""
    items = costs_in(group, year)
    keys = list(CostKey.objects.filter(group=group).select_related("payer"))
    memberships = list(Membership.objects.filter(group=group, effective_on__isnull=False).order_by("effective_on"))
    houses = _houses(group, memberships, items, keys)
    sirens = {one.id: one.siren for one in houses}
    uses = eservices.uses(list(sirens))
    return Book(
        agglomeration=sirens[group.authority_id],
        members=tuple(Member(one.siren, one.name) for one in houses),
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
        services=_services(uses, items),
        uses=tuple(
            Use(str(one.service_id), sirens[one.authority_id], one.from_on, _after(one.until_on)) for one in uses
        ),
        keys=tuple(key_of(one) for one in keys),
        costs=tuple(cost_of(item, sirens, vat_way_of(group)) for item in items),
    )


def costs_in(group: JointProcurement, year: int | None = None) -> list[CostItem]:
    found = CostItem.objects.filter(group=group).select_related("payer", "order")
    return list(found.filter(year=year) if year is not None else found)


def vat_way_of(group: JointProcurement) -> VatWay:
    return cast(VatWay, group.vat_mode)


def cost_of(item: CostItem, sirens: Sirens, vat_way: VatWay) -> Cost:
    """What the item comes to: its final amounts once it is closed, the estimate before.

    Where each member pays its own orders, VAT is rounded on each part, by the rate that makes the cost's VAT; a cost
    that mixes several rates shares its VAT as on the invoice.
    """
    ht, vat = amounts_of(item)
    rate = rate_of(ht, vat) if vat_way == "direct" else None
    users = tuple(sirens[UUID(one)] for one in item.users)
    return Cost(
        id=str(item.id),
        label=item.label,
        kind=item.kind,
        from_on=item.from_on,
        until_on=item.until_on,
        ht_cents=ht,
        vat_cents=vat if rate is None else None,
        vat_rate=STANDARD_RATE if rate is None else rate,
        vat_way="recharge" if rate is None else "direct",
        key=item.key_code,
        service=str(item.eservice_id) if item.eservice_id and not users else None,
        payer=item.payer.siren if item.payer else None,
        users=users,
    )


def amounts_of(item: CostItem) -> tuple[int, int]:
    """Cents excluding VAT and of VAT: final once the cost is closed, the estimate before."""
    if item.state == CostState.CLOSED and item.final_ht_cents is not None and item.final_vat_cents is not None:
        return item.final_ht_cents, item.final_vat_cents
    return item.ht_cents, item.vat_cents


def key_of(row: CostKey) -> Key:
    return Key(
        code=row.code,
        version=row.version,
        name=row.name,
        formula=cast(Formula, row.formula),
        from_on=row.in_force_on,
        reference_year=row.reference_year,
        weight=Fraction(row.weight_numerator, row.weight_denominator),
        population_kind=row.population_kind,
        agglomeration=cast(AgglomerationPopulation, row.agglomeration),
        payer=row.payer.siren if row.payer else None,
    )


def debtor_names(group: JointProcurement) -> dict[str, AuthorityView]:
    """The members of a group, and who is invited, by their SIREN."""
    ids = Membership.objects.filter(group=group).values_list("member_id", flat=True)
    return {one.siren: one for one in authorities([*ids, group.authority_id])}


def _houses(
    group: JointProcurement, memberships: list[Membership], items: list[CostItem], keys: list[CostKey]
) -> list[AuthorityView]:
    """Members, and whoever a cost or a key names, the coordinator first, then by name."""
    named = {group.authority_id} | {one.member_id for one in memberships}
    named |= {one.payer_id for one in items if one.payer_id} | {one.payer_id for one in keys if one.payer_id}
    named |= {UUID(user) for item in items for user in item.users}
    return sorted(authorities(named), key=lambda one: (one.id != group.authority_id, one.name))


def _services(uses: list[eservices.UseView], items: list[CostItem]) -> tuple[Service, ...]:
    """Those that a member uses, and those that a cost names before anybody uses them."""
    known = {one.service_id: one.service_name for one in uses}
    if {item.eservice_id for item in items if item.eservice_id} - set(known):
        known |= {one.id: one.name for one in eservices.catalogue()}
    return tuple(Service(str(key), name) for key, name in known.items())


def _after(last_day: date | None) -> date | None:
    return last_day + ONE_DAY if last_day else None
