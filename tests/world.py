"""A small invented world for the tests: authorities, agents with their hats, companies, signed-in clients."""

import unicodedata
from datetime import date
from typing import Any

from django.test import Client

from parvis.accounts.models import Company, CompanyMember, Person
from parvis.authorities.models import Authority, RoleGrant
from parvis.kit import clock

PASSWORD = "un mot de passe assez long"


def an_authority(slug: str = "valbruche", **fields: Any) -> Authority:
    number = Authority.objects.count() + 1
    base: dict[str, Any] = {
        "slug": slug, "name": slug.replace("-", " ").title(), "kind": "commune", "siren": f"{216800000 + number:09d}",
        "siret": f"{216800000 + number:09d}00011", "department": "68", "population": 1000,
        "procurement_from": date(2020, 1, 1),
        "population_kind": "totale", "population_year": 2022,
    }  # fmt: skip
    return Authority.objects.create(**{**base, **fields})


def a_person(name: str = "Camille Essai", email: str = "") -> Person:
    from allauth.account.models import EmailAddress

    plain = unicodedata.normalize("NFD", name.lower()).encode("ascii", "ignore").decode()
    email = email or f"{plain.replace(' ', '.')}@exemple.test"
    person = Person.objects.create_user(email, PASSWORD, full_name=name)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def an_agent(authority: Authority, role: str, name: str = "Dominique Agent") -> Person:
    person = Person.objects.filter(full_name=name).first() or a_person(name)
    RoleGrant.objects.create(authority=authority, person=person, role=role, valid_from=date(2020, 1, 1))
    return person


def a_company(
    name: str = "Toitures Invention", siret: str = "73282932000074", people: tuple[Person, ...] = ()
) -> Company:
    company = Company.objects.create(siret=siret, name=name)
    for person in people:
        CompanyMember.objects.create(company=company, person=person, manages=True, accepted_at=clock.now())
    return company


def signed_in(
    person: Person,
    authority: Authority | None = None,
    role: str = "",
    company: Company | None = None,
    second_factor: bool = True,
) -> Client:
    """A client that came in with a second factor (unless told) and wears a hat or acts for a company."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["account_authentication_methods_user"] = str(person.id)
    methods = ["password", "mfa"] if second_factor else ["password"]
    session["account_authentication_methods"] = [{"method": method, "at": 0} for method in methods]
    if authority:
        session["hat"] = [str(authority.id), role]
    if company:
        session["company"] = str(company.id)
    session.save()
    return client
