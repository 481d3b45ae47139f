from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from parvis.accounts.models.company import Company
from parvis.accounts.models.person import Person
from parvis.kit.models import GlobalModel


class CompanyInvitation(GlobalModel):
    """An e-mail address that a manager wants in the company. Whoever proves it may accept; nothing else opens it."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("Adresse électronique"), max_length=254)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "company",
                Lower("email"),
                name="one_invitation_per_company_and_email",
                violation_error_message=_("Cette personne est déjà invitée."),
            )
        ]
