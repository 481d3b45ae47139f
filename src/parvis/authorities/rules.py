"""Who may do what in an authority: roles and their prerogatives, as data."""

from datetime import date
from enum import Enum, StrEnum


class _Labelled(Enum):
    label: str

    def __new__(cls, value: str, label: str = "") -> "_Labelled":
        member = object.__new__(cls)
        member._value_ = value
        member.label = label
        return member


class AuthorityKind(_Labelled):
    AGGLOMERATION = "agglomeration", "Agglomération"
    COMMUNE = "commune", "Commune"


class PopulationKind(_Labelled):
    TOTAL = "totale", "Population totale"
    MUNICIPAL = "municipale", "Population municipale"


class Role(_Labelled):
    OPERATOR = "operator", "Exploitant de la plateforme"
    ADMINISTRATOR = "administrator", "Administrateur"
    BUYER = "buyer", "Acheteur"
    BOARD_CHAIR = "board_chair", "Président de la commission d’appel d’offres"
    BOARD_DELEGATE = "board_delegate", "Délégué du président"
    BOARD_MEMBER = "board_member", "Membre de la commission d’appel d’offres"
    OBSERVER = "observer", "Observateur"
    DESK_MANAGER = "desk_manager", "Responsable de l’accueil"
    DESK_AGENT = "desk_agent", "Agent d’accueil"
    COORDINATOR = "coordinator", "Coordinateur de la mutualisation"
    REFERENT = "referent", "Référent de la mutualisation"
    FINANCE_AGENT = "finance_agent", "Agent des finances"


# Permission -> the roles that have it. The operator creates authorities and agents, and reads no authority's files.
PREROGATIVES: dict[str, frozenset[Role]] = {
    "platform.operate": frozenset({Role.OPERATOR}),
    "agents.manage": frozenset({Role.ADMINISTRATOR}),
    "branding.edit": frozenset({Role.ADMINISTRATOR}),
    "consultation.read": frozenset(
        {Role.ADMINISTRATOR, Role.BUYER, Role.BOARD_CHAIR, Role.BOARD_DELEGATE, Role.BOARD_MEMBER, Role.OBSERVER}
    ),
    "consultation.write": frozenset({Role.BUYER}),
    "consultation.publish": frozenset({Role.BUYER}),
    "consultation.pursue": frozenset({Role.BUYER}),
    "registers.read": frozenset({Role.ADMINISTRATOR, Role.BUYER, Role.BOARD_CHAIR, Role.BOARD_DELEGATE, Role.OBSERVER}),
    "keys.hold": frozenset({Role.BOARD_CHAIR, Role.BOARD_DELEGATE, Role.BOARD_MEMBER}),
    "keys.ceremony": frozenset({Role.BOARD_CHAIR, Role.BOARD_DELEGATE}),
    "opening.attend": frozenset({Role.BUYER, Role.BOARD_CHAIR, Role.BOARD_DELEGATE, Role.BOARD_MEMBER}),
    "opening.preside": frozenset({Role.BOARD_CHAIR, Role.BOARD_DELEGATE}),
    "bids.read": frozenset({Role.BUYER, Role.BOARD_CHAIR, Role.BOARD_DELEGATE, Role.BOARD_MEMBER}),
    "reception.serve": frozenset({Role.DESK_MANAGER, Role.DESK_AGENT}),
    "agendas.manage": frozenset({Role.ADMINISTRATOR, Role.DESK_MANAGER}),
    "reception.figures": frozenset({Role.ADMINISTRATOR, Role.DESK_MANAGER, Role.OBSERVER}),
    "pooling.read": frozenset(
        {Role.ADMINISTRATOR, Role.BUYER, Role.OBSERVER, Role.COORDINATOR, Role.REFERENT, Role.FINANCE_AGENT}
    ),
    "pooling.coordinate": frozenset({Role.COORDINATOR}),
    "pooling.take_part": frozenset({Role.COORDINATOR, Role.REFERENT}),
    "orders.write": frozenset({Role.BUYER, Role.COORDINATOR, Role.REFERENT}),
    "orders.issue": frozenset({Role.COORDINATOR, Role.REFERENT}),
    "invoices.handle": frozenset({Role.COORDINATOR, Role.REFERENT, Role.FINANCE_AGENT}),
}

# What a commune no longer does once its sharing agreement has ended. What is published runs on to its opening:
# companies have answered it, and nothing they sent may be lost.
CLOSED_WITH_AGREEMENT = frozenset({"consultation.write", "consultation.publish", "keys.ceremony"})


# The operator's role belongs to the agglomeration alone, and only an operator gives it.
GIVEN_BY_ADMINISTRATOR = tuple(role for role in Role if role is not Role.OPERATOR)

# First words of the platform's own addresses, which no authority may take as its own.
RESERVED_SLUGS = frozenset(
    {
        "accessibilite", "aide", "api", "blason", "compte", "consultations", "contact", "demo", "essai-de-depot",
        "exploitation", "favicon", "groupements", "mentions-legales", "mes-plis", "plan", "plan-du-site", "recherche",
        "registre", "rendez-vous", "robots", "sante", "scellement", "static", "theme", "verifier",
    }
)  # fmt: skip


def may(role: Role, permission: str) -> bool:
    """Raises KeyError for a permission that nobody declared."""
    return role in PREROGATIVES[permission]


class ProcurementAccess(StrEnum):
    """Where an authority stands with the tool of procurement that the agglomeration lends it."""

    OPEN = "open"
    NO_AGREEMENT = "no_agreement"
    NOT_YET = "not_yet"
    ENDED = "ended"


def procurement_access(kind: str, from_on: date | None, until_on: date | None, day: date) -> ProcurementAccess:
    """Open from `from_on` to the day before `until_on`, and closed when nothing says so; the agglomeration's own is
    always open.
    """
    if kind == AuthorityKind.AGGLOMERATION.value:
        return ProcurementAccess.OPEN
    if from_on is None:
        return ProcurementAccess.NO_AGREEMENT
    if day < from_on:
        return ProcurementAccess.NOT_YET
    if until_on is not None and day >= until_on:
        return ProcurementAccess.ENDED
    return ProcurementAccess.OPEN


def observes_alsace_moselle_holidays(department: str) -> bool:
    """Moselle, Bas-Rhin and Haut-Rhin keep 26 December, and Good Friday where there is a Protestant church."""
    return department in {"57", "67", "68"}
