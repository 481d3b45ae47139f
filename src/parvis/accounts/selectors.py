from collections.abc import Iterable
from uuid import UUID

from parvis.accounts.contracts import CompanyView, PersonView
from parvis.accounts.models import Company, Person


def _person(person: Person) -> PersonView:
    return PersonView(person.id, person.full_name, person.email)


def company_view(company: Company) -> CompanyView:
    return CompanyView(company.id, company.siret, company.name, company.address)


def people(ids: Iterable[UUID]) -> dict[UUID, PersonView]:
    return {p.id: _person(p) for p in Person.objects.filter(id__in=list(ids))}


def person_by_email(email: str) -> PersonView | None:
    found = Person.objects.filter(email__iexact=email, is_active=True).first()
    return _person(found) if found else None


def companies_of(person_id: UUID) -> list[CompanyView]:
    """The companies whose manager has accepted the person, by name."""
    members = Company.objects.filter(members__person_id=person_id, members__accepted_at__isnull=False)
    return [company_view(c) for c in members.order_by("name")]


def companies(ids: Iterable[UUID]) -> dict[UUID, CompanyView]:
    return {c.id: company_view(c) for c in Company.objects.filter(id__in=list(ids))}


def emails_of_company(company_id: UUID) -> list[str]:
    found = Person.objects.filter(companies__company_id=company_id, companies__accepted_at__isnull=False, is_active=True)
    return sorted(found.values_list("email", flat=True))
