"""The sample consultations: plausible purchases of invented services, one for each stage in a city and in a village."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from parvis.procurement.contracts import Nature
from parvis.site.demo.cast import BRUMEVENT, MERIVELLE, QUATRELUNES, Firm, Seat


class Stage(StrEnum):
    """How far a sample has come on the day of the demo."""

    INCOMPLETE = "incomplete"
    READY_FOR_KEYS = "ready_for_keys"
    REHEARSAL = "rehearsal"
    READY = "ready"
    CLOSING_SOON = "closing_soon"
    PUBLISHED = "published"
    WAITING = "waiting"
    OPENED = "opened"


@dataclass(frozen=True, slots=True)
class Bid:
    """A deposit `before` the deadline (negative: late). Of two by one firm, the later replaces the earlier. `lots`: their numbers."""

    firm: Firm
    before: timedelta
    price: str
    lots: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleLot:
    title: str
    cpv: str
    euros: int


@dataclass(frozen=True, slots=True)
class Sample:
    """`euros`, `maximum`: excluding VAT. `maximum` makes it a framework agreement. `criteria`: labels and percents, 100 in all."""

    seat: Seat
    stage: Stage
    title: str
    purpose: str
    nature: Nature
    cpv: str = ""
    euros: int = 0
    months: int = 0
    criteria: tuple[tuple[str, int], ...] = (("Prix", 50), ("Valeur technique", 40), ("Démarche environnementale", 10))
    lots: tuple[SampleLot, ...] = ()
    procedure: str = "adapted"
    maximum: int | None = None
    bids: tuple[Bid, ...] = ()


def _days(days: float, minutes: float = 0) -> timedelta:
    return timedelta(days=days, minutes=minutes)


CITY = (
    Sample(
        Seat.CITY, Stage.INCOMPLETE, "Étude pour la rénovation de la médiathèque",
        "La ville souhaite connaître l’état du bâtiment et comparer trois façons de le rénover sans le fermer plus de six mois.", "services",
    ),
    Sample(
        Seat.CITY, Stage.READY_FOR_KEYS, "Logiciel de gestion du temps de travail",
        "Fourniture, reprise des données, formation et assistance d’un logiciel de gestion des plannings et des congés pour 1 200 agents.",
        "supplies", "48450000", 96_000, 48, (("Prix", 40), ("Couverture du besoin", 35), ("Assistance et formation", 25)),
    ),
    Sample(
        Seat.CITY, Stage.REHEARSAL, "Vérification et entretien des ascenseurs municipaux",
        "Entretien préventif et dépannage de 34 ascenseurs et élévateurs dans les bâtiments de la ville.", "services", "50750000", 132_000, 36,
    ),
    Sample(
        Seat.CITY, Stage.READY, "Mobilier scolaire pour les écoles élémentaires",
        "Fourniture, livraison et montage de tables, de chaises réglables et de rangements pour douze classes.", "supplies", "39160000", 78_000, 6,
    ),
    Sample(
        Seat.CITY, Stage.CLOSING_SOON, "Réfection de la toiture de l’école élémentaire des Tilleuls",
        "Dépose des tuiles, reprise de la charpente, isolation et couverture neuve sur 640 m². Travaux pendant les congés d’été.",
        "works", "45261210", 310_000, 5,
    ),
    Sample(
        Seat.CITY, Stage.PUBLISHED, "Entretien des espaces verts et des terrains de sport",
        "Tonte, taille, désherbage sans produit chimique et entretien des terrains engazonnés, toute l’année.", "services", "77310000", 420_000, 24,
        (("Prix", 45), ("Moyens et organisation", 35), ("Respect de la biodiversité", 20)),
        (SampleLot("Parcs et jardins", "77311000", 290_000), SampleLot("Terrains de sport", "77320000", 130_000)), procedure="open",
    ),
    Sample(
        Seat.CITY, Stage.WAITING, "Repas en liaison froide pour les cantines",
        "Préparation et livraison de repas équilibrés, dont la moitié de produits durables, pour les écoles et les crèches de la ville.",
        "services", "55523100", 186_000, 12, (("Qualité des repas", 50), ("Prix", 35), ("Circuits courts", 15)),
        (SampleLot("Écoles maternelles et élémentaires", "55523100", 148_000), SampleLot("Crèches", "55523100", 38_000)),
        bids=(
            Bid(BRUMEVENT, _days(5, 190), "151 200 €", (1, 2)),
            Bid(QUATRELUNES, _days(2, 45), "139 900 €", (1,)),
            Bid(BRUMEVENT, _days(0, 95), "146 800 €", (1, 2)),
            Bid(MERIVELLE, _days(0, -3), "36 400 €", (2,)),
        ),
    ),
    Sample(
        Seat.CITY, Stage.OPENED, "Nettoyage des vitres des bâtiments publics",
        "Quatre passages par an sur 21 bâtiments, travaux en hauteur compris.", "services", "90911300", 88_000, 24,
        bids=(
            Bid(QUATRELUNES, _days(3, 12), "84 300 €"),
            Bid(BRUMEVENT, _days(1, 300), "79 950 €"),
            Bid(MERIVELLE, _days(0, 31), "86 120 €"),
        ),
    ),
)  # fmt: skip

VILLAGE = (
    Sample(
        Seat.VILLAGE, Stage.INCOMPLETE, "Réparation du mur du cimetière",
        "Le mur nord menace de s’effondrer sur douze mètres. Métré à venir.", "works",
    ),
    Sample(
        Seat.VILLAGE, Stage.READY_FOR_KEYS, "Aire de jeux de la place du village",
        "Fourniture et pose de cinq jeux accessibles à tous les enfants, sol amortissant compris.", "supplies", "37535200", 64_000, 4,
    ),
    Sample(
        Seat.VILLAGE, Stage.REHEARSAL, "Déneigement des voies communales",
        "Déneigement et salage de 9 km de voies, avec astreinte de novembre à mars.", "services", "90620000", 72_000, 36,
    ),
    Sample(
        Seat.VILLAGE, Stage.READY, "Éclairage public à basse consommation",
        "Remplacement de 86 luminaires et de leurs armoires de commande.", "works", "45316110", 128_000, 6,
    ),
    Sample(
        Seat.VILLAGE, Stage.CLOSING_SOON, "Assurances de la commune",
        "Dommages aux biens, responsabilité et flotte automobile, pour quatre ans.", "services", "66510000", 61_000, 48,
        (("Garanties", 60), ("Prix", 40)),
    ),
    Sample(
        Seat.VILLAGE, Stage.PUBLISHED, "Réfection de la salle des fêtes",
        "Sols, peintures, ventilation et mise aux normes d’accessibilité d’une salle de 210 places.", "works", "45454100", 245_000, 8,
        (("Prix", 60), ("Valeur technique", 40)),
        (SampleLot("Gros œuvre et accessibilité", "45223220", 165_000), SampleLot("Ventilation et électricité", "45331210", 80_000)),
    ),
    Sample(
        Seat.VILLAGE, Stage.WAITING, "Achat d’un tracteur communal",
        "Un tracteur de 80 à 100 chevaux avec lame de déneigement et épareuse, reprise de l’ancien comprise.", "supplies", "16700000", 92_000, 3,
        bids=(Bid(QUATRELUNES, _days(4, 20), "89 700 €"), Bid(MERIVELLE, _days(0, 50), "91 350 €")),
    ),
    Sample(
        Seat.VILLAGE, Stage.OPENED, "Curage des fossés et entretien des chemins",
        "Curage de 6 km de fossés et reprofilage de trois chemins ruraux.", "works", "45246400", 104_000, 5,
        bids=(Bid(BRUMEVENT, _days(2, 8), "97 400 €"),),
    ),
)  # fmt: skip

ELSEWHERE = (
    Sample(
        Seat.AGGLOMERATION, Stage.PUBLISHED, "Collecte des biodéchets des marchés et des cantines",
        "Mise à disposition de bacs, collecte deux fois par semaine et valorisation locale, par bons de commande.", "services", "90511000",
        540_000, 48, (("Prix", 40), ("Organisation de la collecte", 35), ("Valorisation", 25)), procedure="open", maximum=600_000,
    ),
    Sample(
        Seat.TOWN, Stage.PUBLISHED, "Rénovation de l’éclairage du gymnase",
        "Remplacement de l’éclairage de la salle principale et des vestiaires par des luminaires à haut rendement.", "works", "45311200",
        118_000, 4,
    ),
)  # fmt: skip

SAMPLES = (*CITY, *VILLAGE, *ELSEWHERE)
