"""A group of six authorities with a framework agreement, as rows: populations and e-services of the worked example."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.test import Client

from parvis.authorities.facade import give_seat
from parvis.authorities.models import Authority
from parvis.eservices.models import EService, EServiceUse
from parvis.kit import clock, scope
from parvis.pooling.models import (
    CostItem,
    CostKey,
    DatedPopulation,
    FrameworkAgreement,
    FrameworkMember,
    JointProcurement,
    Membership,
    OrderLine,
    PriceLine,
    PurchaseOrder,
)
from tests.world import an_agent, an_authority, signed_in

# Name, inhabitants (« totale », 2022), e-services.
MEMBERS = (
    ("Grande Vallée", 276_825, 12), ("Mulhouse", 106_095, 25), ("Illzach", 15_362, 9), ("Kingersheim", 13_435, 8),
    ("Riedisheim", 12_436, 7), ("Lutterbach", 6_853, 5),
)  # fmt: skip
START, END = date(2026, 1, 1), date(2030, 1, 1)


@dataclass
class Circle:
    """`houses`: the coordinator first; `framework` and `prices` as made by `a_framework`."""

    group: JointProcurement
    houses: list[Authority]
    framework: FrameworkAgreement | None = None
    prices: dict[str, PriceLine] = field(default_factory=dict)

    @property
    def coordinator(self) -> Authority:
        return self.houses[0]

    @property
    def member(self) -> Authority:
        return self.houses[1]


def houses(count: int = 6) -> list[Authority]:
    """The agglomeration, then communes, with the populations of the worked example."""
    made = []
    for name, inhabitants, _services in MEMBERS[:count]:
        kind = "agglomeration" if not made else "commune"
        slug = name.lower().replace(" ", "-").replace("é", "e")
        made.append(an_authority(slug, name=name, kind=kind, population=inhabitants))
    return made


def a_group(members: list[Authority] | None = None, **fields: Any) -> Circle:
    """A running group whose members have all been there since its first day, with populations and the default keys."""
    all_of_them = members or houses()
    owner = all_of_them[0]
    with scope.authority(owner.id):
        base: dict[str, Any] = {
            "name": "Services numériques", "purpose": "Un guichet en ligne commun", "state": "running",
            "signed_on": date(2025, 12, 1), "starts_on": START, "ends_on": END,
        }  # fmt: skip
        group = JointProcurement(**{**base, **fields})
        group.circle_id = group.id
        give_seat(group.id, owner.id)
        group.save()
        for house in all_of_them:
            add_member(group, house)
        for code, formula in (("shared", "weighted"), ("users", "population")):
            CostKey.objects.create(
                group=group, circle_id=group.id, code=code, name=code.title(), formula=formula, reference_year=2022,
                in_force_on=START,
            )  # fmt: skip
    return Circle(group, all_of_them)


def add_member(group: JointProcurement, house: Authority, effective_on: date = START) -> Membership:
    with scope.authority(group.authority_id):
        give_seat(group.id, house.id)
        membership = Membership.objects.create(
            group=group, circle_id=group.id, member=house, state="member", decision="Délibération 1",
            decided_on=date(2025, 11, 1), notified_on=date(2025, 11, 15), effective_on=effective_on,
        )  # fmt: skip
        DatedPopulation.objects.create(
            group=group, circle_id=group.id, member=house, kind="totale", year=2022, inhabitants=house.population,
            source="Insee",
        )  # fmt: skip
    return membership


def with_eservices(circle: Circle, from_on: date = date(2025, 1, 1)) -> None:
    """Each member offers as many e-services of its own as the worked example says."""
    counts = {name: count for name, _people, count in MEMBERS}
    for house in circle.houses:
        with scope.authority(house.id):
            for number in range(counts.get(house.name, 1)):
                service = EService.objects.create(
                    code=f"{house.slug}-{number}", name=f"Téléservice {number}", theme="other", offered_from=from_on
                )
                EServiceUse.objects.create(service=service, from_on=from_on)


def a_cost(circle: Circle, kind: str, cents: int, key: str, year: int = 2026, **fields: Any) -> CostItem:
    """A cost of the coordinator for a whole year, VAT of 20 %."""
    with scope.authority(circle.coordinator.id):
        base: dict[str, Any] = {
            "kind": kind, "label": kind.title(), "year": year, "from_on": date(year, 1, 1),
            "until_on": date(year + 1, 1, 1), "ht_cents": cents, "vat_cents": cents // 5, "key_code": key,
        }  # fmt: skip
        return CostItem.objects.create(group=circle.group, circle_id=circle.group.id, **{**base, **fields})


def a_framework(circle: Circle, **fields: Any) -> FrameworkAgreement:
    """100 000 to 1 600 000 € over four years, everybody named at launch, four lines in its schedule."""
    with scope.authority(circle.coordinator.id):
        base: dict[str, Any] = {
            "reference": "AC-2026-01", "title": "Guichet en ligne", "contractor_name": "Lignes Claires",
            "contractor_siret": "73282932000074", "launched_on": date(2025, 12, 15), "awarded_on": date(2026, 1, 20),
            "notified_on": date(2026, 2, 1), "starts_on": date(2026, 2, 1), "ends_on": date(2030, 2, 1),
            "min_cents": 100_000_00, "max_cents": 1_600_000_00,
        }  # fmt: skip
        framework = FrameworkAgreement.objects.create(
            group=circle.group, circle_id=circle.group.id, **{**base, **fields}
        )
        for house in circle.houses:
            FrameworkMember.objects.create(
                framework=framework, circle_id=circle.group.id, member=house, identified_at_launch=True
            )
        lines = (
            ("BASE", "Socle de services, par an", "base", "an", 38_750_00, False),
            ("HEB", "Hébergement, par an", "hosting", "an", 14_990_00, False),
            ("ACQ", "Téléservice partageable, acquisition", "acquisition", "forfait", 7_350_00, True),
            ("MNT", "Téléservice partageable, maintenance par an", "maintenance", "an", 1_250_00, False),
            ("JOUR", "Journée d’accompagnement", "support", "jour", 580_00, False),
        )
        for position, (code, label, kind, unit, cents, online) in enumerate(lines):
            circle.prices[code] = PriceLine.objects.create(
                framework=framework, circle_id=circle.group.id, code=code, label=label, kind=kind, unit=unit,
                unit_cents=cents, for_eservice=online, valid_from=framework.starts_on, position=position,
            )  # fmt: skip
    circle.framework = framework
    return framework


def an_order(circle: Circle, house: Authority, code: str = "ACQ", quantity: int = 100, **fields: Any) -> PurchaseOrder:
    """An order of one line (`quantity` in hundredths) in any state, without passing through its verbs."""
    assert circle.framework is not None
    price = circle.prices[code]
    ht = price.unit_cents * quantity // 100
    with scope.authority(house.id):
        base: dict[str, Any] = {"title": price.label, "ht_cents": ht, "vat_cents": ht * price.vat_rate // 10000}
        state = fields.get("state", "draft")
        if state not in {"draft", "cancelled"}:
            base |= {"informed_at": clock.now(), "answers_until": clock.now()}
        if state not in {"draft", "informed", "cancelled"}:
            base |= {"issued_at": clock.now(), "number": f"BC-{PurchaseOrder.objects.count() + 1}"}
        order = PurchaseOrder.objects.create(
            framework=circle.framework, circle_id=circle.group.id, **{**base, **fields}
        )
        OrderLine.objects.create(
            order=order, circle_id=circle.group.id, price=price, label=price.label, kind=price.kind,
            quantity_hundredths=quantity, unit=price.unit, unit_cents=price.unit_cents, vat_rate=price.vat_rate,
            ht_cents=ht,
        )  # fmt: skip
    return order


def a_client(house: Authority, role: str = "referent", name: str = "") -> Client:
    """A browser of somebody with this role there."""
    return signed_in(an_agent(house, role, name or f"Agent {role} {house.slug}"), house, role)


def address(house: Authority, *parts: str | UUID) -> str:
    return "/".join(["", house.slug, "mutualisation", *map(str, parts), ""])
