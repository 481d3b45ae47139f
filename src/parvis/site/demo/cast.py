"""The invented people of the demo. Any likeness to a real person or company is by chance."""

from dataclasses import dataclass
from enum import StrEnum

from parvis.authorities.facade import Role

PASSWORD = "parvis-demo-2026"  # noqa: S105  (printed on the screen: the demo holds nothing true)


class Seat(StrEnum):
    """Where somebody works, whatever the agglomeration: chosen by population in `Seats`."""

    AGGLOMERATION = "agglomeration"
    CITY = "city"
    TOWN = "town"
    PARTNER = "partner"
    VILLAGE = "village"


@dataclass(frozen=True, slots=True)
class Agent:
    """`hats`: each role and where. `phrase`: the six words that open their custodian key, where they hold one."""

    name: str
    mailbox: str
    hats: tuple[tuple[Seat, Role], ...]
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Employee:
    name: str
    mailbox: str


@dataclass(frozen=True, slots=True)
class Firm:
    """The first of `people` manages it. `rank` gives its invented SIRET."""

    rank: int
    name: str
    domain: str
    address: str
    people: tuple[Employee, ...]


OPERATOR = Agent("Aliénor Vasselune", "exploitation", ((Seat.AGGLOMERATION, Role.OPERATOR),))
ADMINISTRATOR = Agent("Basile Torquemont", "basile.torquemont", ((Seat.CITY, Role.ADMINISTRATOR),))
BUYER = Agent("Clémence Aubrevoie", "clemence.aubrevoie", ((Seat.CITY, Role.BUYER),))
CHAIR = Agent(
    "Désiré Montaubry",
    "desire.montaubry",
    ((Seat.CITY, Role.BOARD_CHAIR),),
    "colline bateau cerise dauphin fanfare brioche",
)
DELEGATE = Agent(
    "Eulalie Sarrabelle",
    "eulalie.sarrabelle",
    ((Seat.CITY, Role.BOARD_DELEGATE),),
    "chalet bougie ardoise falaise confetti dimanche",
)
MEMBER = Agent(
    "Firmin Chantebrume",
    "firmin.chantebrume",
    ((Seat.CITY, Role.BOARD_MEMBER),),
    "abricot canoter boussole cigogne escargot fauteuil",
)
OBSERVER = Agent("Garance Olivombre", "garance.olivombre", ((Seat.CITY, Role.OBSERVER),))
# In a village one person enters the consultation and holds its only key: allowed, and said to be weaker.
VILLAGE_CLERK = Agent(
    "Hyacinthe Valdremont", "hyacinthe.valdremont", ((Seat.VILLAGE, Role.BUYER), (Seat.VILLAGE, Role.BOARD_CHAIR)),
    "cascade drapeau bocal alouette citron escabeau",
)  # fmt: skip
ROVER = Agent(
    "Irène Castelmeur", "irene.castelmeur",
    (
        (Seat.AGGLOMERATION, Role.BUYER), (Seat.AGGLOMERATION, Role.BOARD_CHAIR),
        (Seat.TOWN, Role.BUYER), (Seat.TOWN, Role.BOARD_CHAIR), (Seat.CITY, Role.OBSERVER),
    ),
    "brouette cactus domino aurore estrade caravane",
)  # fmt: skip
# Receives at the agglomeration's pool, and stands in at the town halls that have no desk manager (reception.py).
RECEPTION_HEAD = Agent("Placide Aubétoile", "placide.aubetoile", ((Seat.AGGLOMERATION, Role.DESK_MANAGER),))
DESK_MANAGER = Agent("Quitterie Malombrage", "quitterie.malombrage", ((Seat.CITY, Role.DESK_MANAGER),))
DESK_AGENT = Agent("Rosalie Grimbelle", "rosalie.grimbelle", ((Seat.CITY, Role.DESK_AGENT),))
VILLAGE_DESK = Agent("Sylvain Hautecroche", "sylvain.hautecroche", ((Seat.VILLAGE, Role.DESK_AGENT),))

COORDINATOR = Agent("Tancrède Aubépignan", "tancrede.aubepignan", ((Seat.AGGLOMERATION, Role.COORDINATOR),))
REFERENT = Agent("Ursule Clairbise", "ursule.clairbise", ((Seat.CITY, Role.REFERENT),))
PARTNER_REFERENT = Agent("Valère Rondecombe", "valere.rondecombe", ((Seat.PARTNER, Role.REFERENT),))
VILLAGE_REFERENT = Agent("Wivine Tournesac", "wivine.tournesac", ((Seat.VILLAGE, Role.REFERENT),))
FINANCE_AGENT = Agent(
    "Xavière Montdouillet",
    "xaviere.montdouillet",
    ((Seat.CITY, Role.FINANCE_AGENT), (Seat.AGGLOMERATION, Role.FINANCE_AGENT)),
)

AGENTS = (
    OPERATOR, ADMINISTRATOR, BUYER, CHAIR, DELEGATE, MEMBER, OBSERVER, VILLAGE_CLERK, ROVER,
    RECEPTION_HEAD, DESK_MANAGER, DESK_AGENT, VILLAGE_DESK,
    COORDINATOR, REFERENT, PARTNER_REFERENT, VILLAGE_REFERENT, FINANCE_AGENT,
)  # fmt: skip

BRUMEVENT = Firm(
    1, "Brumevent Services", "brumevent.example", "4 rue Imaginaire",
    (Employee("Jocelyn Pardelune", "jocelyn.pardelune"), Employee("Katell Dormevent", "katell.dormevent")),
)  # fmt: skip
QUATRELUNES = Firm(
    2, "Quatrelunes et Compagnie", "quatrelunes.example", "17 chemin de Nulle-Part",
    (Employee("Léopold Grandrivelle", "leopold.grandrivelle"), Employee("Mahaut Sorbelisse", "mahaut.sorbelisse")),
)  # fmt: skip
MERIVELLE = Firm(
    3,
    "Ateliers Mérivelle",
    "merivelle.example",
    "2 impasse du Songe",
    (Employee("Noé Brisecaille", "noe.brisecaille"),),
)

FIRMS = (BRUMEVENT, QUATRELUNES, MERIVELLE)
CITIZEN = Employee("Ophélie Tranchevent", "ophelie.tranchevent")
CITIZEN_DOMAIN = "boite.example"
