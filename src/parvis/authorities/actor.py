"""Who acts in this request: the person, the hat they chose, the company they act for."""

from dataclasses import dataclass
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from parvis.accounts.contracts import COMPANY_KEY, CompanyView
from parvis.accounts.facade import companies_of
from parvis.authorities.contracts import Hat
from parvis.authorities.rules import CLOSED_WITH_AGREEMENT, Role, may
from parvis.authorities.selectors import hats_of

HAT_KEY = "hat"


@dataclass(frozen=True, slots=True)
class Actor:
    person_id: UUID
    full_name: str
    email: str
    hat: Hat | None
    hats: tuple[Hat, ...]
    company: CompanyView | None
    companies: tuple[CompanyView, ...]
    second_factor: bool

    def may(self, permission: str, authority_id: UUID) -> bool:
        """Whether the hat worn now gives this permission in this authority today. Nothing without a second factor."""
        return self.would(permission, authority_id) and not self.shut_out(permission)

    def would(self, permission: str, authority_id: UUID) -> bool:
        """The same, as if the authority's tool of procurement were open."""
        if self.hat is None or not self.second_factor or self.hat.authority_id != authority_id:
            return False
        return may(Role(self.hat.role), permission)

    def shut_out(self, permission: str) -> bool:
        """Whether the agreement that lends the tool of procurement keeps the hat's authority from it today."""
        return permission in CLOSED_WITH_AGREEMENT and self.hat is not None and not self.hat.procurement_open


def actor_of(request: HttpRequest) -> Actor | None:
    """The signed-in person, or None. Hat and company are read again each time: a role that ended gives nothing."""
    person = request.user
    if not person.is_authenticated:
        return None
    hats = tuple(hats_of(person.id))
    chosen = request.session.get(HAT_KEY)
    hat = next((h for h in hats if [str(h.authority_id), h.role] == chosen), None)
    companies = tuple(companies_of(person.id))
    company_id = request.session.get(COMPANY_KEY)
    company = next((c for c in companies if str(c.id) == company_id), None)
    if company is None and len(companies) == 1:
        company = companies[0]
    # Only records written for this very person count: another account may have begun to sign in within the session.
    factors = {record["method"] for record in get_authentication_records(request, person)}
    return Actor(
        person_id=person.id,
        full_name=person.full_name,
        email=person.email,
        hat=hat,
        hats=hats,
        company=company,
        companies=companies,
        second_factor="mfa" in factors,
    )
