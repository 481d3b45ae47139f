from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Company, CompanyMember
from parvis.accounts.selectors import managed_company
from parvis.kit.errors import Refusal


def leave_company(person_id: UUID, company_id: UUID) -> None:
    """Detach a person. The last manager first names another; the last person stays. Raises Refusal.

    A company without anyone would go, with its submissions and receipts, to whoever types its SIRET next.
    """
    with transaction.atomic():
        Company.objects.select_for_update().filter(id=company_id).first()
        member = CompanyMember.objects.filter(company_id=company_id, person_id=person_id).first()
        if member is None:
            raise Refusal("not_member", _("Vous n’êtes pas rattaché à cette entreprise."))
        others = CompanyMember.objects.filter(company_id=company_id, accepted_at__isnull=False).exclude(id=member.id)
        if member.accepted_at is not None and not others.exists():
            message = _(
                "Vous êtes la dernière personne de cette entreprise\u202f: ses plis et ses récépissés n’auraient plus "
                "de gardien. Invitez quelqu’un d’autre, nommez-le gestionnaire, puis quittez-la."
            )
            raise Refusal("last_person", message)
        if member.manages and not others.filter(manages=True).exists():
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
