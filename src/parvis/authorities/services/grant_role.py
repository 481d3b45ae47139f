from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from parvis.audit.facade import record
from parvis.authorities.models import Authority, RoleGrant
from parvis.authorities.rules import AuthorityKind, Role
from parvis.authorities.selectors import today
from parvis.kit import scope
from parvis.kit.errors import Refusal


def grant_role(
    granter_id: UUID | None,
    authority_id: UUID,
    person_id: UUID,
    role: Role,
    *,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> UUID:
    """Give a role from a day (today if none) to another, both included; the grant's id. The authority keeps the fact.

    `granter_id` is None for the command line alone. Raises Refusal.
    """
    begins = valid_from or today()
    if granter_id == person_id:
        raise Refusal(
            "own_role", _("Personne ne se donne un rôle à soi-même. Demandez à un autre administrateur."), "email"
        )
    if valid_until is not None and valid_until < begins:
        raise Refusal(
            "ends_first", _("La fin du rôle précède son début. Corrigez l’une des deux dates."), "valid_until"
        )
    with scope.authority(authority_id), transaction.atomic():
        authority = Authority.objects.select_for_update().get(id=authority_id)
        if role is Role.OPERATOR and authority.kind != AuthorityKind.AGGLOMERATION.value:
            raise Refusal("operator_elsewhere", _("L’exploitant a son rôle dans l’agglomération seulement."), "role")
        _refuse_overlap(authority_id, person_id, role, begins, valid_until)
        grant = RoleGrant.objects.create(
            authority=authority,
            person_id=person_id,
            role=role.value,
            valid_from=begins,
            valid_until=valid_until,
            granted_by_id=granter_id,
        )
        data = {"person": str(person_id), "role": role.value, "from": str(begins), "until": str(valid_until or "")}
        record("role.granted", subject=grant.id, data=data, actor=granter_id)
    return grant.id


def _refuse_overlap(authority_id: UUID, person_id: UUID, role: Role, begins: date, ends: date | None) -> None:
    same = RoleGrant.objects.filter(authority_id=authority_id, person_id=person_id, role=role.value)
    same = same.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=begins))
    if ends is not None:
        same = same.filter(valid_from__lte=ends)
    if same.exists():
        raise Refusal("already_granted", _("Cette personne a déjà ce rôle à ces dates."), "role")
