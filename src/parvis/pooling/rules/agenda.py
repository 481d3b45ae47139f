"""The agenda that a committee is offered, from what goes on in the group; the coordinator keeps what it wants."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from parvis.kit.money import NARROW
from parvis.pooling.rules.words import day, listed, several


@dataclass(frozen=True, slots=True)
class FrameworkUse:
    """`percent` of the maximum that is ordered; `short`: at this pace the minimum will not be reached."""

    reference: str
    percent: int
    short: bool = False


@dataclass(frozen=True, slots=True)
class GoingOn:
    """What the platform sees of a group before a meeting.

    `newcomers`: names of authorities that are not members yet. `keys_from`: days from which new versions apply.
    """

    previous_on: date | None = None
    decisions: int = 0
    newcomers: Sequence[str] = ()
    frameworks: Sequence[FrameworkUse] = ()
    announced: int = 0
    new_needs: int = 0
    year: int = 0
    oldest_population: int | None = None
    late_tasks: int = 0
    disputes: int = 0
    projects: int = 0
    keys_from: Sequence[date] = field(default=())


def propose_agenda(seen: GoingOn) -> tuple[str, ...]:
    """In the order of a meeting: what was decided, figures, money, what is coming, what is stuck, the next date."""
    return tuple(_items(seen))


def _items(seen: GoingOn) -> Iterator[str]:
    if seen.previous_on is not None:
        decided = f"{several(seen.decisions, 'décision')} à suivre" if seen.decisions else "compte rendu à approuver"
        yield f"Suites du comité du {day(seen.previous_on)}{NARROW}: {decided}"
    if seen.newcomers:
        yield f"Nouveaux membres{NARROW}: {listed(list(seen.newcomers))}"
    for one in seen.frameworks:
        short = ", minimum à surveiller" if one.short else ""
        yield f"Accord-cadre {one.reference}{NARROW}: {one.percent}\u00a0% du maximum commandé{short}"
    if seen.announced:
        yield f"Commandes annoncées{NARROW}: {several(seen.announced, 'commande')} à examiner ensemble"
    if seen.new_needs or seen.projects:
        said = [several(seen.new_needs, "besoin exprimé", "besoins exprimés")] if seen.new_needs else []
        said += [several(seen.projects, "consultation lancée", "consultations lancées")] if seen.projects else []
        yield f"Besoins et projets{NARROW}: {listed(said)}"
    yield f"Coûts et parts de {seen.year}"
    yield f"Clés de répartition{NARROW}: {_keys(seen)}"
    if seen.late_tasks:
        yield f"Retards du coordinateur{NARROW}: {several(seen.late_tasks, 'tâche')}"
    if seen.disputes:
        yield f"Litiges en cours{NARROW}: {several(seen.disputes, 'litige')}"
    yield "Questions diverses et date du prochain comité"


def _keys(seen: GoingOn) -> str:
    if seen.keys_from:
        return f"nouvelle version au {listed([day(one) for one in seen.keys_from])}"
    if seen.oldest_population is not None and seen.oldest_population < seen.year:
        return f"populations de {seen.oldest_population}, à garder ou à mettre à jour"
    return "à garder ou à changer pour l’année suivante"
