from collections.abc import Iterable
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from parvis.accounts.contracts import CompanyView, FactorView, InvitationView, MemberView, PersonView
from parvis.accounts.models import Company, CompanyInvitation, CompanyMember, Person
from parvis.kit.errors import Refusal


def _person(person: Person) -> PersonView:
    return PersonView(person.id, person.full_name, person.email)


def company_view(company: Company) -> CompanyView:
    return CompanyView(company.id, company.siret, company.name, company.address)


def people(ids: Iterable[UUID]) -> dict[UUID, PersonView]:
    return {p.id: _person(p) for p in Person.objects.filter(id__in=list(ids))}


def person_by_email(email: str) -> PersonView | None:
    found = Person.objects.filter(email__iexact=email, is_active=True).first()
    return _person(found) if found else None


def everyone(limit: int = 200) -> list[PersonView]:
    """By name: for the local identity provider of the demo alone."""
    return [_person(p) for p in Person.objects.filter(is_active=True).order_by("full_name")[:limit]]


def has_verified_address(person_id: UUID) -> bool:
    return bool(EmailAddress.objects.filter(user_id=person_id, verified=True).exists())


def companies_of(person_id: UUID) -> list[CompanyView]:
    """The companies whose manager has accepted the person, by name."""
    members = Company.objects.filter(members__person_id=person_id, members__accepted_at__isnull=False)
    return [company_view(c) for c in members.order_by("name")]


def requested_companies(person_id: UUID) -> list[CompanyView]:
    """Those whose manager has not answered the person yet."""
    members = Company.objects.filter(members__person_id=person_id, members__accepted_at__isnull=True)
    return [company_view(c) for c in members.order_by("name")]


def companies(ids: Iterable[UUID]) -> dict[UUID, CompanyView]:
    return {c.id: company_view(c) for c in Company.objects.filter(id__in=list(ids))}


def emails_of_company(company_id: UUID) -> list[str]:
    found = Person.objects.filter(
        companies__company_id=company_id, companies__accepted_at__isnull=False, is_active=True
    )
    return sorted(found.values_list("email", flat=True))


def managers_of(company_id: UUID) -> list[PersonView]:
    found = Person.objects.filter(companies__company_id=company_id, companies__manages=True, is_active=True)
    return [_person(p) for p in found.order_by("full_name")]


def members_of(company_id: UUID) -> list[MemberView]:
    """Accepted or not, by name."""
    found = CompanyMember.objects.filter(company_id=company_id).select_related("person").order_by("person__full_name")
    return [
        MemberView(m.id, m.person_id, m.person.full_name, m.person.email, m.manages, m.accepted_at is not None)
        for m in found
    ]


def managed_company(person_id: UUID, company_id: UUID) -> Company:
    """The company, if the person manages it: the gate of every change to it. Raises Refusal."""
    found = Company.objects.filter(
        id=company_id, members__person_id=person_id, members__manages=True, members__accepted_at__isnull=False
    ).first()
    if found is None:
        raise Refusal("not_manager", _("Seul un gestionnaire de l’entreprise peut le faire."))
    return found


def verified_emails(person_id: UUID) -> set[str]:
    """In lower case."""
    found = EmailAddress.objects.filter(user_id=person_id, verified=True).values_list("email", flat=True)
    return {email.lower() for email in found}


def _invitation(found: CompanyInvitation) -> InvitationView:
    return InvitationView(found.id, found.company_id, found.company.name, found.email, found.invited_by.full_name)


def invitations_for(person_id: UUID) -> list[InvitationView]:
    found = CompanyInvitation.objects.filter(email__in=verified_emails(person_id))
    return [_invitation(i) for i in found.select_related("company", "invited_by").order_by("company__name")]


def invitations_of(company_id: UUID) -> list[InvitationView]:
    found = CompanyInvitation.objects.filter(company_id=company_id)
    return [_invitation(i) for i in found.select_related("company", "invited_by").order_by("email")]


def factors_of(person_id: UUID) -> list[FactorView]:
    """The person's second factors, the oldest first."""
    found = Authenticator.objects.filter(user_id=person_id).order_by("created_at")
    return [FactorView(a.pk, str(a.type), a.data.get("name", ""), a.created_at, a.last_used_at) for a in found]
