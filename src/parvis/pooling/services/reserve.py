from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.kit.money import euros
from parvis.pooling.models import FrameworkAgreement

# One statement checks and takes: two orders at once wait for each other on the row, then read what the other left.
_TAKE = (
    "UPDATE pooling_frameworkagreement SET used_cents = used_cents + %(cents)s, orders_count = orders_count + 1"
    " WHERE id = %(id)s AND used_cents + %(cents)s <= max_cents"
    " RETURNING used_cents, max_cents, orders_count, alerted_percent"
)


@dataclass(frozen=True, slots=True)
class Reserved:
    """The counter with this order in it; `rank`: how many orders the framework has had, this one included."""

    used_cents: int
    max_cents: int
    rank: int
    alerted_percent: int


def reserve(framework: FrameworkAgreement, cents: int) -> Reserved:
    """Take an amount excluding VAT from the maximum, until the caller's transaction ends, then for good.

    Opens the scope of the framework's owner; whoever calls has checked that the member may order. Raises Refusal
    above_maximum, saying what is left.
    """
    if cents <= 0:
        raise ValueError("an order takes a positive amount")
    with scope.authority(framework.authority_id):
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, {"cents": cents, "id": framework.id})
            row = cursor.fetchone()
        if row is None:
            raise Refusal("above_maximum", _refused(framework, cents))
        return Reserved(*row)


def _refused(framework: FrameworkAgreement, cents: int) -> str:
    left = FrameworkAgreement.objects.values_list("max_cents", "used_cents").get(id=framework.id)
    remaining = left[0] - left[1]
    if remaining == 0:
        return _(
            "L’accord-cadre a épuisé ses effets\u202f: son maximum de {max} est atteint, plus rien ne s’y commande."
            " Parlez-en au coordinateur."
        ).format(max=euros(left[0]))
    return _(
        "Cette commande de {asked} dépasse le maximum de l’accord-cadre\u202f: il reste {left} hors taxes."
        " Réduisez-la, ou parlez-en au coordinateur."
    ).format(asked=euros(cents), left=euros(remaining))
