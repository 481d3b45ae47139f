"""Kinds of cost, and the key that each takes unless the group decides otherwise.

Source: the group's constitutive agreement (specification of the joint procurement group); `to_confirm` marks what it
does not say.
"""

from dataclasses import dataclass
from datetime import date

from parvis.kit.money import NARROW
from parvis.pooling.rules.book import HALF, Key

SHARED, USERS, OWN, AGGLOMERATION = "shared", "users", "own", "agglomeration"


@dataclass(frozen=True, slots=True)
class Kind:
    """`key` is the code of the default key; `rule` says it as a French sentence; `of_service`: the cost names one."""

    code: str
    label: str
    key: str
    rule: str
    of_service: bool = False
    to_confirm: bool = False


_SHARED = "Entre les membres qui proposent un téléservice, selon leur nombre de téléservices et leur population."
_USERS = "Entre les membres qui utilisent le téléservice, selon leur population."
_CONFIRM = f"La convention ne fixe pas cette clé{NARROW}: le groupement la confirme."

KINDS = {
    one.code: one
    for one in (
        Kind("base", "Socle de services", SHARED, _SHARED),
        Kind("hosting", "Hébergement", SHARED, _SHARED),
        Kind("acquisition", "Acquisition d’un téléservice partagé", USERS, _USERS, of_service=True),
        Kind("maintenance", "Maintenance d’un téléservice partagé", USERS, _USERS, of_service=True),
        Kind("own", "Téléservice ou adaptation pour un seul membre", OWN, "Payé par le membre qui l’a demandé."),
        Kind(
            "appointments",
            "Rendez-vous de carte d’identité et de passeport",
            AGGLOMERATION,
            "Payé en entier par l’agglomération.",
        ),
        Kind("support", "Assistance", SHARED, f"{_SHARED} {_CONFIRM}", to_confirm=True),
        Kind("training", "Formation", SHARED, f"{_SHARED} {_CONFIRM}", to_confirm=True),
    )
}


USUAL_NAMES = {
    SHARED: "Téléservices et population",
    USERS: "Population des utilisateurs",
    OWN: "Un seul membre",
    AGGLOMERATION: "L’agglomération seule",
}


def default_keys(agglomeration: str, from_on: date, reference_year: int) -> tuple[Key, ...]:
    """Version 1 of the keys of KINDS: half services and half population, total populations of `reference_year`."""
    year = reference_year
    return (
        Key(SHARED, 1, USUAL_NAMES[SHARED], "weighted", from_on, year, HALF),
        Key(USERS, 1, USUAL_NAMES[USERS], "population", from_on, year),
        Key(OWN, 1, USUAL_NAMES[OWN], "single_payer", from_on, year),
        Key(AGGLOMERATION, 1, USUAL_NAMES[AGGLOMERATION], "single_payer", from_on, year, payer=agglomeration),
    )
