"""What the pages of costs have in common: their own tabs, their way back, and who writes what."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.authorities.facade import AuthorityView, authorities
from parvis.kit import scope
from parvis.pooling.models import CostItem, JointProcurement, Membership
from parvis.pooling.selectors.groups import IN_IT, own_membership
from parvis.pooling.selectors.reach import reach
from parvis.pooling.web.frame import Crumb, crumbs, group_page

HERE = "group_costs"


def address(request: Any, name: str, *more: Any) -> str:
    """One of the pages of costs: `more` is the group, then what it shows."""
    return reverse(name, args=[request.authority.slug, *more])


def costs_page(
    request: Any,
    name: str,
    group: JointProcurement,
    context: dict[str, Any],
    *trail: Crumb,
    part: str = HERE,
    status: int = 200,
) -> HttpResponse:
    """templates/pooling/costs/<name>.html; `part`: the name of the tab shown; `trail`: from there to here."""
    way = [(_("Coûts et parts"), address(request, HERE, group.id))]
    if part != HERE:
        way.append((next(label for one, label in _parts() if one == part), address(request, part, group.id)))
    base = {
        "crumbs": crumbs(request.authority, *way, *trail, group=group),
        "cost_tabs": [(label, address(request, one, group.id), one == part) for one, label in _parts()],
    }
    return group_page(request, f"pooling/costs/{name}.html", group, HERE, {**base, **context}, status)


def _parts() -> tuple[tuple[str, str], ...]:
    return (
        ("group_costs", _("Parts de l’année")), ("cost_keys", _("Clés de répartition")),
        ("group_eservices", _("Téléservices")), ("group_populations", _("Populations")),
    )  # fmt: skip


def cost_in(group: JointProcurement, cost_id: UUID) -> CostItem:
    """Raises Http404."""
    return reach(CostItem, cost_id, group=group)


def own_cost(group: JointProcurement, cost_id: UUID) -> CostItem:
    """A cost that the authority in scope pays. Raises Http404 for another's: this page is not theirs."""
    found = cost_in(group, cost_id)
    if found.authority_id != scope.current_authority():
        raise Http404(_("Cette page est celle de la collectivité qui paie ce coût."))
    return found


def may_write(request: Any, group: JointProcurement) -> bool:
    """Whether this hat writes costs here: of a member, once the group has started."""
    mine = own_membership(group)
    return bool(
        mine and mine.state in IN_IT and group.state != "preparing"
        and request.actor.may("pooling.take_part", request.authority.id)
    )  # fmt: skip


def members_of(group: JointProcurement) -> list[AuthorityView]:
    """The coordinator, then the others by name."""
    ids = Membership.objects.filter(group=group, state__in=IN_IT).values_list("member_id", flat=True)
    return sorted(authorities(ids), key=lambda one: (one.id != group.authority_id, one.name))
