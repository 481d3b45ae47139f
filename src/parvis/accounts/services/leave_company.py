from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Company, CompanyMember
from parvis.accounts.selectors import managed_company
from parvis.kit.errors import Refusal


def leave_company(person_id: UUID, company_id: UUID) -> None:
    """Detach a person. The last manager first names another, while others remain. Raises Refusal."""
    with transaction.atomic():
        Company.objects.select_for_update().filter(id=company_id).first()
        member = CompanyMember.objects.filter(company_id=company_id, person_id=person_id).first()
        if member is None:
            raise Refusal("not_member", _("Vous n’êtes pas rattaché à cette entreprise."))
        others = CompanyMember.objects.filter(company_id=company_id, accepted_at__isnull=False).exclude(id=member.id)
        if member.manages and others.exists() and not others.filter(manages=True).exists():
            raise Refusal(
                "last_manager", _("Vous êtes son seul gestionnaire. Nommez-en un autre, puis quittez l’entreprise.")
            )
        member.delete()


def make_manager(manager_id: UUID, member_id: UUID) -> None:
    """A manager shares the management. Raises Refusal."""
    with transaction.atomic():
        member = CompanyMember.objects.select_for_update().filter(id=member_id, accepted_at__isnull=False).first()
        if member is None:
            raise Refusal("not_member", _("Cette personne n’est plus dans l’entreprise."))
        managed_company(manager_id, member.company_id)
        member.manages = True
        member.save(update_fields=["manages"])
