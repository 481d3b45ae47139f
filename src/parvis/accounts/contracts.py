from dataclasses import dataclass
from uuid import UUID


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
