"""The terms of a cost key, and what a new version changes, said line by line."""

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from parvis.kit.money import NARROW
from parvis.pooling.rules.book import HALF, AgglomerationPopulation, Formula
from parvis.pooling.rules.words import percent

FORMULAS: dict[str, str] = {
    "weighted": "téléservices et population, pondérés",
    "product": "téléservices multipliés par population",
    "per_service": "téléservice par téléservice",
    "population": "population",
    "single_payer": "une seule collectivité paie",
}
AGGLOMERATION: dict[str, str] = {
    "full": "comptée en entier",
    "residual": "comptée sans celle des communes membres",
    "zero": "comptée pour zéro",
}


@dataclass(frozen=True, slots=True)
class KeyTerms:
    """What a version of a key says. `weight`: the part of e-services in the weighted formula, from 0 to 1.

    `payer_id`: the authority that pays alone.
    """

    name: str
    formula: Formula
    reference_year: int
    weight: Fraction = HALF
    population_kind: str = "totale"
    agglomeration: AgglomerationPopulation = "full"
    payer_id: UUID | None = None

    @property
    def reads_population(self) -> bool:
        return self.formula != "single_payer"


@dataclass(frozen=True, slots=True)
class KeyChange:
    """What a committee decides of the key `code`."""

    code: str
    terms: KeyTerms


class Changed(NamedTuple):
    what: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.what}{NARROW}: {self.after} (avant{NARROW}: {self.before})"


def said(terms: KeyTerms, payer_name: str = "") -> dict[str, str]:
    """Each term that counts under its formula, in French."""
    lines = {"Nom": terms.name, "Formule": FORMULAS[terms.formula]}
    if terms.formula == "weighted":
        lines["Part des téléservices"] = percent(terms.weight)
    if terms.reads_population:
        lines["Population"] = f"{terms.population_kind} {terms.reference_year}"
        lines["Population de l’agglomération"] = AGGLOMERATION[terms.agglomeration]
    if terms.formula == "single_payer":
        lines["Qui paie"] = payer_name or "le membre que désigne chaque dépense"
    return lines


def changes(before: KeyTerms | None, after: KeyTerms, names: dict[UUID, str] | None = None) -> tuple[Changed, ...]:
    """The lines that differ; all of them for a first version. `names`: of the payers."""
    known = names or {}
    then = said(after, known.get(after.payer_id, "") if after.payer_id else "")
    first = said(before, known.get(before.payer_id, "") if before.payer_id else "") if before is not None else {}
    none = "rien"
    return tuple(
        Changed(what, first.get(what, none), then.get(what, none))
        for what in {**first, **then}
        if first.get(what) != then.get(what)
    )
