"""Accounts, second factors, roles and companies of the cast."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from parvis.accounts.facade import (
    CompanyView,
    companies_of,
    create_person,
    give_totp,
    person_by_email,
    register_company,
)
from parvis.authorities.facade import AuthorityView, Role
from parvis.site.demo import cast
from parvis.site.demo.cast import Agent, Employee, Firm, Seat
from parvis.site.demo.numbers import company_siret
from parvis.site.demo.verbs import answer_request, grant_role, members_of

SMALL = 2_000
AGGLOMERATION_DOMAIN = "agglomeration.example"


@dataclass(frozen=True, slots=True)
class Seats:
    """Which authority each seat is: the agglomeration, its three largest communes, and a small one."""

    agglomeration: AuthorityView
    city: AuthorityView
    town: AuthorityView
    partner: AuthorityView
    village: AuthorityView

    def at(self, seat: Seat) -> AuthorityView:
        found: AuthorityView = getattr(self, seat.value)
        return found


@dataclass(frozen=True, slots=True)
class FirmView:
    """A company and who acts for it here."""

    company: CompanyView
    person_id: UUID
    email: str


def seats(houses: Iterable[AuthorityView]) -> Seats:
    """Raises ValueError when the agglomeration has no small commune beside three others."""
    whole, *communes = houses
    communes.sort(key=lambda one: one.population, reverse=True)
    village = next((one for one in sorted(communes[3:], key=lambda one: one.name) if one.population < SMALL), None)
    if village is None:
        raise ValueError("the demo needs a commune of fewer than 2,000 people beside three others")
    return Seats(whole, communes[0], communes[1], communes[2], village)


def agent_email(agent: Agent, where: Seats) -> str:
    seat = agent.hats[0][0]
    domain = AGGLOMERATION_DOMAIN if seat is Seat.AGGLOMERATION else f"{where.at(seat).slug}.example"
    return f"{agent.mailbox}@{domain}"


def employee_email(employee: Employee, domain: str) -> str:
    return f"{employee.mailbox}@{domain}"


def make_person(email: str, name: str, *, second_factor: bool) -> UUID:
    """The person of this address, made with the demo's password where nobody has it yet."""
    known = person_by_email(email)
    if known is not None:
        return known.id
    person_id = create_person(email, name, cast.PASSWORD, verified=True)
    if second_factor:
        give_totp(person_id)
    return person_id


def make_operator() -> UUID:
    """The first person of all, who makes the authorities. Their role comes with `make_agents`."""
    email = f"{cast.OPERATOR.mailbox}@{AGGLOMERATION_DOMAIN}"
    return make_person(email, cast.OPERATOR.name, second_factor=True)


def make_agents(where: Seats) -> dict[Agent, UUID]:
    """Every agent with their second factor and their roles, which the operator gives."""
    found = {agent: make_person(agent_email(agent, where), agent.name, second_factor=True) for agent in cast.AGENTS}
    for agent, person_id in found.items():
        for seat, role in agent.hats:
            granter = None if role is Role.OPERATOR else found[cast.OPERATOR]
            grant_role(granter, where.at(seat).id, person_id, role)
    return found


def make_firms() -> dict[Firm, FirmView]:
    """Each company with its people: the first registers it, and lets the others in."""
    found = {}
    for firm in cast.FIRMS:
        manager_id = _employ(firm, firm.people[0])
        for colleague in firm.people[1:]:
            _employ(firm, colleague)
        company = companies_of(manager_id)[0]
        for member in members_of(company.id):
            if not member.accepted:
                answer_request(manager_id, member.id, True)
        found[firm] = FirmView(company, manager_id, employee_email(firm.people[0], firm.domain))
    return found


def _employ(firm: Firm, employee: Employee) -> UUID:
    person_id = make_person(employee_email(employee, firm.domain), employee.name, second_factor=False)
    siret = company_siret(firm.rank)
    if not any(one.siret == siret for one in companies_of(person_id)):
        register_company(person_id, siret, firm.name, firm.address)
    return person_id


def make_citizen() -> UUID:
    return make_person(employee_email(cast.CITIZEN, cast.CITIZEN_DOMAIN), cast.CITIZEN.name, second_factor=False)
