from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit.facade import record
from parvis.authorities.contracts import Hat
from parvis.authorities.selectors import hats_of
from parvis.kit import scope
from parvis.kit.errors import Refusal


def wear_hat(person_id: UUID, authority_id: UUID, role: str) -> Hat:
    """Choose one of the roles in force today; the authority keeps the fact. Raises Refusal."""
    hat = next((h for h in hats_of(person_id) if h.authority_id == authority_id and h.role == role), None)
    if hat is None:
        raise Refusal("no_such_role", _("Vous n’avez plus ce rôle aujourd’hui. Choisissez-en un de la liste."))
    with scope.authority(authority_id):
        record("hat.chosen", subject=person_id, data={"role": role}, actor=person_id)
    return hat
