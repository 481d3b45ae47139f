from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit.facade import record
from parvis.authorities.models import Authority, RoleGrant
from parvis.authorities.rules import Role
from parvis.authorities.selectors import people_with, today
from parvis.kit import scope
from parvis.kit.errors import Refusal


def end_role(ender_id: UUID, authority_id: UUID, grant_id: UUID, *, may_leave_without: bool = False) -> None:
    """End a role today: it gives nothing from the next request on. One still to come never begins.

    Unless `may_leave_without`, an authority keeps an administrator. Raises Refusal.
    """
    with scope.authority(authority_id), transaction.atomic():
        Authority.objects.select_for_update().get(id=authority_id)
        grant = RoleGrant.objects.select_for_update().filter(id=grant_id, authority_id=authority_id).first()
        day = today()
        if grant is None or (grant.valid_until is not None and grant.valid_until < day):
            raise Refusal("already_ended", _("Ce rôle est déjà terminé."))
        if not may_leave_without:
            _refuse_last_administrator(grant)
        data = {"person": str(grant.person_id), "role": grant.role, "from": str(grant.valid_from)}
        record("role.ended", subject=grant.id, data=data, actor=ender_id)
        if grant.valid_from >= day:
            grant.delete()
        else:
            grant.valid_until = day - timedelta(days=1)
            grant.save(update_fields=["valid_until"])


def _refuse_last_administrator(grant: RoleGrant) -> None:
    if grant.role != Role.ADMINISTRATOR.value:
        return
    if all(hat.person_id == grant.person_id for hat in people_with([Role.ADMINISTRATOR], grant.authority_id)):
        raise Refusal(
            "last_administrator", _("C’est le seul administrateur. Nommez-en un autre, puis retirez ce rôle.")
        )
