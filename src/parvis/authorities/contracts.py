from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AuthorityView:
    id: UUID
    slug: str
    name: str
    kind: str
    kind_label: str
    siren: str
    siret: str
    department: str
    population: int
    accent: str
    logo: str
    host_name: str
    good_friday: bool
    local_holidays: bool
    address: str
    postcode: str
    desk_name: str
    desk_hours: str
    desk_contact: str
    # Of the town hall, in degrees (WGS 84): both or none.
    latitude: float | None
    longitude: float | None
    # The tool of procurement is lent from this day to the day before that one.
    procurement_from: date | None
    procurement_until: date | None

    @property
    def of_name(self) -> str:
        """« de Mulhouse », « d’Illzach », « de l’Agglomération des Vals »: the name after the preposition."""
        kind = self.name.split(" ")[0].lower()
        if kind in {"agglomération", "eurométropole"}:
            return f"de l’{self.name}"
        if kind in {"communauté", "commune", "métropole", "ville"}:
            return f"de la {self.name}"
        if kind in {"le", "les"} and " " in self.name:
            return ("du " if kind == "le" else "des ") + self.name.split(" ", 1)[1]
        return f"d’{self.name}" if self.name[0].lower() in "aeiouéèê" else f"de {self.name}"


@dataclass(frozen=True, slots=True)
class Hat:
    """One role in one authority that a person wears now; what they may do, they do under a hat."""

    person_id: UUID
    authority_id: UUID
    authority_slug: str
    authority_name: str
    role: str
    role_label: str
    procurement_open: bool


@dataclass(frozen=True, slots=True)
class AccessNotice:
    """What agents are told of a tool of procurement that is closed, or soon will be; in French.

    `state` is one of rules.ProcurementAccess: "open" before an end that is near. `ask`: whom, and when they are there.
    """

    state: str
    title: str
    reason: str
    ask: str

    @property
    def closed(self) -> bool:
        return self.state != "open"


@dataclass(frozen=True, slots=True)
class GrantView:
    """A role of a person in an authority, past, present or to come. `valid_until` is its last day."""

    id: UUID
    person_id: UUID
    full_name: str
    email: str
    role: str
    role_label: str
    valid_from: date
    valid_until: date | None
    state: str  # "current", "future" or "past"
