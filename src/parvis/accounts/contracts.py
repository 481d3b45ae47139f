from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parvis.kit.siret import spaced_siret

# Session key of the company for which a person acts now: its id as text.
COMPANY_KEY = "company"


@dataclass(frozen=True, slots=True)
class PersonView:
    id: UUID
    full_name: str
    email: str


@dataclass(frozen=True, slots=True)
class CompanyView:
    id: UUID
    siret: str
    name: str
    address: str

    @property
    def spaced_siret(self) -> str:
        """732 829 320 00074, with no-break spaces."""
        return spaced_siret(self.siret)


@dataclass(frozen=True, slots=True)
class MemberView:
    """A person of a company; `accepted` is false while a manager has not answered their request."""

    id: UUID
    person_id: UUID
    full_name: str
    email: str
    manages: bool
    accepted: bool


@dataclass(frozen=True, slots=True)
class InvitationView:
    id: UUID
    company_id: UUID
    company_name: str
    email: str
    invited_by: str


@dataclass(frozen=True, slots=True)
class FactorView:
    """`kind` is "totp", "webauthn" or "recovery_codes"; `name` is empty but for passkeys."""

    id: int
    kind: str
    name: str
    created_at: datetime
    last_used_at: datetime | None
