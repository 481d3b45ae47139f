from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.accounts.models.person import Person
from parvis.kit.models import GlobalModel


class Company(GlobalModel):
    """An establishment of a company, known by its SIRET, common to all authorities."""

    siret = models.CharField(_("Numéro SIRET"), max_length=14, unique=True)
    name = models.CharField(_("Raison sociale"), max_length=200)
    address = models.CharField(_("Adresse"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(siret__regex=r"^\d{14}$"),
                name="company_siret_has_14_digits",
                violation_error_message=_("Le numéro SIRET compte 14 chiffres."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class CompanyMember(GlobalModel):
    """A person of a company. The first one manages it and accepts those who come after."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="companies")
    manages = models.BooleanField(default=False)
    accepted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "person"],
                name="one_membership_per_company_and_person",
                violation_error_message=_("Vous êtes déjà rattaché à cette entreprise."),
            )
        ]
