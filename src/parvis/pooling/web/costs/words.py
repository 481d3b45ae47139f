"""What the pages of costs say in a sentence: what a cost is, who shares it, what to do when it cannot be."""

from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.authorities.facade import authorities
from parvis.eservices import facade as eservices
from parvis.kit.money import euros
from parvis.pooling.models import CostItem, CostState, JointProcurement
from parvis.pooling.rules import KINDS, Amounts
from parvis.pooling.rules.words import listed
from parvis.pooling.selectors.book import amounts_of
from parvis.pooling.selectors.reach import coordinates
from parvis.pooling.selectors.shares import SharedCost, YearShares
from parvis.pooling.web.costs.access import address


class CostRow(NamedTuple):
    """A line of the list of costs; `mine`: the part of who reads, None while it has no split."""

    item: CostItem
    kind: str
    url: str
    why_url: str
    ht: int
    vat: int
    mine: Amounts | None

    @property
    def ttc(self) -> int:
        return self.ht + self.vat


def cost_row(request: Any, group: JointProcurement, one: SharedCost, siren: str) -> CostRow:
    ht, vat = (one.split.total.ht, one.split.total.vat) if one.split else amounts_of(one.item)
    return CostRow(
        one.item, kind_label(one.item.kind), address(request, "cost", group.id, one.item.id),
        address(request, "cost_share", group.id, one.item.id, request.authority.slug), ht, vat,
        one.split.amounts(siren) if one.split else None,
    )  # fmt: skip


def kind_label(code: str) -> str:
    return KINDS[code].label if code in KINDS else code


def short_label(code: str) -> str:
    """For the head of a column."""
    short = {
        "base": _("Socle"), "acquisition": _("Acquisition"), "maintenance": _("Maintenance"),
        "own": _("Un seul membre"), "appointments": _("Rendez-vous"),
    }  # fmt: skip
    return short.get(code, kind_label(code))


def state_words(item: CostItem) -> tuple[str, str, str]:
    """Its word, tone and sign."""
    if item.state == CostState.CLOSED:
        return _("Arrêté"), "success", "lock"
    return _("Estimé"), "info", "draft"


def who_shares(item: CostItem) -> str:
    """Who pays, before any figure."""
    if item.payer_id:
        return _("Payé en entier par {name}.").format(name=_names([item.payer_id]))
    if item.users:
        return _("Les membres qui ont rejoint ce projet\u202f: {names}.").format(
            names=_names([UUID(one) for one in item.users])
        )
    if item.eservice_id:
        name = next((one.name for one in eservices.catalogue() if one.id == item.eservice_id), "")
        return _("Les membres qui utilisent «\u202f{name}\u202f».").format(name=name)
    return KINDS[item.kind].rule if item.kind in KINDS else ""


def remedy(request: Any, group: JointProcurement, one: SharedCost) -> tuple[str, str]:
    """Where to put right what keeps a cost from being split, and its words; empty for who cannot."""
    if not request.actor.may("pooling.take_part", request.authority.id):
        return "", ""
    if one.code in ("missing_population", "negative_residual") and coordinates(group):
        return address(request, "populations_new", group.id), _("Compléter les populations")
    if one.code == "no_key_in_force" and coordinates(group):
        return address(request, "cost_keys", group.id), _("Voir les clés")
    if one.item.authority_id == request.authority.id and one.item.state == CostState.ESTIMATED:
        return address(request, "cost_edit", group.id, one.item.id), _("Modifier ce coût")
    return "", ""


def amount_why(shares: YearShares, siren: str) -> str:
    """The sum of one member's year, term by term."""
    terms = [
        f"{euros(one.split.amounts(siren).ttc)} ({one.item.label})"
        for one in shares.costs
        if one.split and one.split.amounts(siren).ttc
    ]
    if not terms:
        return _("Aucun coût de {year} ne revient à cette collectivité.").format(year=shares.year)
    total = euros(shares.amounts(siren).ttc)
    if len(terms) == 1:
        return _("Un seul coût\u202f: {term}.").format(term=terms[0])
    return _("La somme, TTC, de\u202f: {terms} = {total}.").format(terms=listed(terms), total=total)


def _names(ids: list[UUID]) -> str:
    return listed(sorted(one.name for one in authorities(ids)))
