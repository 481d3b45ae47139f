"""The needs of the members put together, and what a consultation could propose from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from parvis.pooling.rules.kinds import KINDS

# Proposals, not law: the coordinator changes them freely, and the page says how they were made.
MARGIN_PERCENT = 25
MINIMUM_PERCENT = 10
ROUND_TO = 10_000_00
USUAL_MONTHS = 48


@dataclass(frozen=True, slots=True)
class Asked:
    """One need of one member. `estimated_cents`: excluding VAT, over the whole term; None when it is not known."""

    id: str
    member: str
    member_name: str
    kind: str
    label: str
    quantity: int
    unit: str = ""
    estimated_cents: int | None = None
    wanted_on: date | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The needs of one kind, one label and one unit. `estimated_cents` sums what is known; `unknown` counts others."""

    kind: str
    label: str
    unit: str
    quantity: int
    estimated_cents: int
    unknown: int
    asked: tuple[Asked, ...]

    @property
    def wanted_on(self) -> date | None:
        """The earliest day that somebody wishes."""
        return min((one.wanted_on for one in self.asked if one.wanted_on), default=None)

    @property
    def members(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.member_name for one in self.asked))


@dataclass(frozen=True, slots=True)
class Proposal:
    """`because`: how each figure was made, a French sentence each. `max_cents` None: no need has an estimate."""

    estimated_cents: int
    min_cents: int
    max_cents: int | None
    months: int
    because: tuple[str, ...]


def gather(needs: Iterable[Asked]) -> tuple[Gathered, ...]:
    """Summed by kind, label and unit, whatever their capitals and spaces; in the order of kinds, then of labels."""
    found: dict[tuple[str, str, str], list[Asked]] = {}
    for one in needs:
        found.setdefault((one.kind, _plain(one.label), _plain(one.unit)), []).append(one)
    order = {code: rank for rank, code in enumerate(KINDS)}
    keys = sorted(found, key=lambda key: (order.get(key[0], len(order)), key))
    return tuple(_sum(found[key]) for key in keys)


def propose(gathered: Sequence[Gathered], months_left: int | None = None) -> Proposal:
    """A minimum, a maximum and a term for the framework agreement. `months_left`: before the term of the group."""
    estimated = sum(one.estimated_cents for one in gathered)
    unknown = sum(one.unknown for one in gathered)
    maximum = _up(estimated * (100 + MARGIN_PERCENT) // 100) if estimated else None
    minimum = estimated * MINIMUM_PERCENT // 100 // ROUND_TO * ROUND_TO
    months = max(1, min(USUAL_MONTHS, months_left)) if months_left is not None else USUAL_MONTHS
    return Proposal(estimated, minimum, maximum, months, tuple(_because(unknown, maximum, months, months_left)))


def _because(unknown: int, maximum: int | None, months: int, months_left: int | None) -> list[str]:
    said = []
    if maximum is None:
        said.append("Aucun besoin n’est estimé\u202f: le maximum est à fixer.")
    else:
        said.append(
            f"Maximum\u202f: la somme des estimations, plus {MARGIN_PERCENT}\u00a0% pour les besoins à venir,"
            " arrondie aux 10\u00a0000\u00a0€ supérieurs."
        )
        said.append(
            f"Minimum\u202f: {MINIMUM_PERCENT}\u00a0% de la somme des estimations, arrondis aux 10\u00a0000\u00a0€"
            " inférieurs. Le groupement s’engage à l’atteindre."
        )
    if unknown:
        more = "besoins n’ont" if unknown > 1 else "besoin n’a"
        said.append(f"{unknown} {more} pas d’estimation\u202f: la somme ne les compte pas.")
    if months_left is not None and months < USUAL_MONTHS:
        said.append(f"Durée\u202f: {months} mois, ce qui reste avant le terme du groupement.")
    else:
        said.append(f"Durée\u202f: {months // 12} ans, celle que le groupement a choisie pour ses accords-cadres.")
    said.append("Ce sont des propositions\u202f: changez-les librement.")
    return said


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _sum(rows: list[Asked]) -> Gathered:
    first = rows[0]
    label = " ".join(first.label.split())
    return Gathered(
        first.kind, label[:1].upper() + label[1:], " ".join(first.unit.split()), sum(one.quantity for one in rows),
        sum(one.estimated_cents or 0 for one in rows), sum(one.estimated_cents is None for one in rows), tuple(rows),
    )  # fmt: skip


def _up(cents: int) -> int:
    return -(-cents // ROUND_TO) * ROUND_TO
