from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.authorities.models.authority import Authority
from parvis.authorities.rules import Role
from parvis.kit.models import GlobalModel


class RoleGrant(GlobalModel):
    """A role of a person in an authority, between two dates. A person chooses among all theirs."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("Rôle"), max_length=20, choices=[(r.value, r.label) for r in Role])
    valid_from = models.DateField(_("À partir du"))
    valid_until = models.DateField(_("Jusqu’au"), null=True, blank=True)
    granted_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=models.F("valid_from")),
                name="role_ends_after_it_begins",
                violation_error_message=_("La fin du rôle précède son début."),
            ),
            models.UniqueConstraint(
                fields=["authority", "person", "role", "valid_from"],
                name="one_grant_per_role_and_start",
                violation_error_message=_("Cette personne a déjà ce rôle à cette date."),
            ),
        ]
