from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import CompanyInvitation, CompanyMember
from parvis.accounts.selectors import verified_emails
from parvis.kit import clock
from parvis.kit.errors import Refusal


def accept_invitation(person_id: UUID, invitation_id: UUID) -> UUID:
    """Join the company that invited one of the person's verified addresses; the company's id. Raises Refusal."""
    with transaction.atomic():
        found = CompanyInvitation.objects.select_for_update().filter(id=invitation_id).first()
        if found is None or found.email not in verified_emails(person_id):
            raise Refusal(
                "no_invitation", _("Cette invitation n’existe plus. Demandez-en une autre à votre entreprise.")
            )
        member, _new = CompanyMember.objects.get_or_create(company_id=found.company_id, person_id=person_id)
        if member.accepted_at is None:
            member.accepted_at = clock.now()
            member.save(update_fields=["accepted_at"])
        found.delete()
    return member.company_id
