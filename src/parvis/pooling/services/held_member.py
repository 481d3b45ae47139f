from django.utils.translation import gettext as _

from parvis.kit.errors import Refusal
from parvis.pooling.models import JointProcurement, Membership
from parvis.pooling.selectors.groups import IN_IT, own_membership


def require_membership(group: JointProcurement) -> Membership:
    """The place of the authority in scope, once it is a member. Raises Refusal not_member."""
    found = own_membership(group)
    if found is None or found.state not in IN_IT:
        message = _("Votre collectivité n’est pas encore membre du groupement. Elle pourra le faire ensuite.")
        raise Refusal("not_member", message)
    return found
