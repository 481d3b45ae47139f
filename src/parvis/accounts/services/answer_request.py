from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import CompanyMember
from parvis.accounts.selectors import managed_company
from parvis.kit import clock
from parvis.kit.errors import Refusal


def answer_request(manager_id: UUID, member_id: UUID, accept: bool) -> UUID:
    """A manager lets a person in, or not; the person's id. Raises Refusal."""
    with transaction.atomic():
        member = CompanyMember.objects.select_for_update().filter(id=member_id, accepted_at__isnull=True).first()
        if member is None:
            raise Refusal("already_answered", _("Cette demande a déjà reçu une réponse."))
        managed_company(manager_id, member.company_id)
        if accept:
            member.accepted_at = clock.now()
            member.save(update_fields=["accepted_at"])
        else:
            member.delete()
    return member.person_id
