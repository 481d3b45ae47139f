"""How widely an intended contract must be announced, from its estimated value."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from parvis.kit.money import euros
from parvis.procurement.contracts import BuyerKind, Nature
from parvis.procurement.rules.dated import Figure, threshold
from parvis.procurement.rules.text import _

Level = Literal["none", "suited", "national", "european"]


@dataclass(frozen=True, slots=True)
class Publicity:
    """`decided_by` is the threshold that set the level, `why` the French sentence for the buyer."""

    level: Level
    decided_by: Figure
    why: str

    @property
    def required(self) -> bool:
        return self.level != "none"


def no_competition_threshold(nature: Nature, on: date) -> Figure:
    """R2122-8: below it, neither publicity nor competition is required."""
    return threshold("no_competition_works" if nature == "works" else "no_competition_supplies_services", on)


def european_threshold(
    nature: Nature, on: date, buyer_kind: BuyerKind = "local_authority", *, social: bool = False
) -> Figure:
    """From it on, a formal procedure and a European notice. `social`: social and specific services."""
    if nature == "works":
        return threshold("european_works", on)
    if social and nature == "services":
        return threshold("european_social_services", on)
    if buyer_kind == "network_entity":
        return threshold("european_network_supplies_services", on)
    return threshold("european_supplies_services", on)


def publicity_required(
    amount_cents: int,
    nature: Nature,
    on: date,
    buyer_kind: BuyerKind = "local_authority",
    *,
    social: bool = False,
) -> Publicity:
    """The least publicity for an estimated value in cents excluding VAT.

    Raises ValueError for a negative amount, NoFigure for a day before the data begin.
    """
    if amount_cents < 0:
        raise ValueError("an estimated value is not negative")
    free = no_competition_threshold(nature, on)
    national = threshold("national_notice", on)
    european = european_threshold(nature, on, buyer_kind, social=social)
    amount = euros(amount_cents)
    level: Level
    if amount_cents >= european.value:
        level, by = "european", european
        why = _("%(amount)s HT : à partir de %(limit)s, un avis européen est obligatoire.")
    elif amount_cents < free.value:
        level, by = "none", free
        why = _("%(amount)s HT : en dessous de %(limit)s, ni publicité ni mise en concurrence ne sont obligatoires.")
    elif amount_cents >= national.value:
        level, by = "national", national
        why = _(
            "%(amount)s HT : à partir de %(limit)s, un avis paraît au BOAMP (bulletin officiel des annonces des "
            "marchés publics) ou dans un journal d’annonces légales."
        )
    else:
        level, by = "suited", free
        why = _(
            "%(amount)s HT : à partir de %(limit)s, une publicité adaptée est obligatoire ; vous choisissez comment."
        )
    return Publicity(level, by, why % {"amount": amount, "limit": euros(by.value)})


def documents_on_profile(amount_cents: int, on: date) -> bool:
    """R2132-2: when a notice is published, the documents are on the buyer profile from this value on (cents)."""
    return amount_cents >= threshold("documents_on_profile", on).value
