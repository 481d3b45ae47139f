from uuid import UUID

from django.utils.translation import gettext as _

from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import CostItem, JointProcurement, Membership
from parvis.pooling.services.held import held_group


def debtor_ids(group: JointProcurement) -> set[UUID]:
    """The members of the group but the authority in scope."""
    found = Membership.objects.filter(group=group, effective_on__isnull=False)
    return set(found.exclude(member_id=scope.current_authority()).values_list("member_id", flat=True))


def held_year(group_id: UUID, year: int) -> tuple[JointProcurement, list[CostItem]]:
    """The group, held until commit, and what the authority in scope is owed a part of for a year.

    Raises Http404, Refusal not_member, no_cost.
    """
    group, creditor = held_group(group_id), scope.current_authority()
    if not Membership.objects.filter(group=group, member_id=creditor, effective_on__isnull=False).exists():
        raise Refusal("not_member", _("Seul un membre du groupement appelle des parts. Adhérez d’abord."))
    costs = list(CostItem.objects.filter(group=group, year=year, authority_id=creditor))
    if not costs:
        message = _(
            "Aucun coût de {year} n’est à partager au nom de votre collectivité. Enregistrez-le d’abord dans"
            " «\u202fCoûts et parts\u202f»."
        )
        raise Refusal("no_cost", message.format(year=year), "year")
    return group, costs
