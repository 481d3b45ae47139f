"""What the creditor may call now, as the page of statements proposes it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.kit.money import euros
from parvis.pooling.models import JointProcurement
from parvis.pooling.selectors.calls import Prepared, next_calls


@dataclass(frozen=True, slots=True)
class Proposal:
    """`label` is empty where nothing can be called: `text` then says why."""

    title: str
    text: str
    label: str
    url: str


def proposals(house: Any, group: JointProcurement, year: int) -> list[Proposal]:
    """The first is what comes next; the others are secondary. Empty when the year has no cost of one's own."""
    return [_proposal(house, group, year, one) for one in next_calls(group, year)]


def call_url(house: Any, group: JointProcurement, year: int, rank: int) -> str:
    if rank:
        return reverse("statement_call", args=[house.slug, group.id, year, rank])
    return reverse("statement_closing", args=[house.slug, group.id, year])


def call_title(year: int, rank: int, count: int) -> str:
    if rank:
        return _("Acompte {rank} sur {count} de {year}").format(rank=rank, count=count, year=year)
    return _("Solde de {year}").format(year=year)


def _proposal(house: Any, group: JointProcurement, year: int, one: Prepared) -> Proposal:
    rank = one.call.rank
    url, title = call_url(house, group, year, rank), call_title(year, rank, one.call.count)
    if one.dues is None:
        return Proposal(title, one.problem, _("Voir ce qui manque"), url)
    if one.done:
        return Proposal(title, _nothing_left(rank), "", "")
    return Proposal(title, _to_call(one), _label(one), url)


def _nothing_left(rank: int) -> str:
    if rank:
        return _("Rien à appeler\u202f: les autres membres ne doivent rien à votre collectivité à ce stade.")
    return _("L’exercice est soldé\u202f: ce qui a été appelé fait le montant définitif, au centime.")


def _to_call(one: Prepared) -> str:
    assert one.dues is not None
    count, cents = len(one.dues.debtors), one.dues.total.ttc
    who = ngettext("{count} collectivité", "{count} collectivités", count).format(count=count)
    if cents < 0:
        return _("{amount} TTC à rendre en tout, {who}.").format(amount=euros(-cents), who=who)
    return _("{amount} TTC à appeler en tout, {who}.").format(amount=euros(cents), who=who)


def _label(one: Prepared) -> str:
    if one.call.rank and one.again:
        return _("Compléter l’acompte {rank}").format(rank=one.call.rank)
    if one.call.rank:
        return _("Préparer l’acompte {rank}").format(rank=one.call.rank)
    return _("Compléter le solde") if one.again else _("Préparer le solde")
