from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import CompanyInvitation, CompanyMember
from parvis.accounts.selectors import managed_company
from parvis.kit.errors import Refusal


def invite_member(manager_id: UUID, company_id: UUID, email: str) -> UUID:
    """Open the company to whoever proves this address; the invitation's id. Raises Refusal.

    Says nothing of whether an account has that address.
    """
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refusal(
            "bad_email", _("Cette adresse n’est pas complète. Exemple\u202f: prenom.nom@exemple.fr"), "email"
        ) from error
    with transaction.atomic():
        company = managed_company(manager_id, company_id)
        if CompanyMember.objects.filter(
            company=company, person__email__iexact=address, accepted_at__isnull=False
        ).exists():
            raise Refusal("already_member", _("Cette personne est déjà dans l’entreprise."), "email")
        invitation, _new = CompanyInvitation.objects.get_or_create(
            company=company, email=address, defaults={"invited_by_id": manager_id}
        )
    return invitation.id


def withdraw_invitation(manager_id: UUID, invitation_id: UUID) -> None:
    """Raises Refusal when the person does not manage the company, or the invitation is gone."""
    with transaction.atomic():
        found = CompanyInvitation.objects.select_for_update().filter(id=invitation_id).first()
        if found is None:
            raise Refusal("no_invitation", _("Cette invitation n’existe plus."))
        managed_company(manager_id, found.company_id)
        found.delete()
