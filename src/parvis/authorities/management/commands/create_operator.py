import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.facade import (
    create_person,
    has_verified_address,
    lock_password,
    person_by_email,
    set_password_link,
)
from parvis.authorities.rules import Role
from parvis.authorities.selectors import agglomeration
from parvis.authorities.services.grant_role import grant_role
from parvis.kit.errors import Refusal


class Command(BaseCommand):
    help = "Donner le rôle d’exploitant, à l’installation : imprime le lien où la personne choisit son mot de passe."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("full_name", help="prénom et nom, entre guillemets")

    def handle(self, *args: Any, **options: Any) -> None:
        whole = agglomeration()
        if whole is None:
            raise CommandError(
                _("Aucune agglomération n’est ouverte\u202f: créez-la d’abord avec create_agglomeration.")
            )
        with transaction.atomic():
            known = person_by_email(options["email"])
            person_id = known.id if known else create_person(options["email"], options["full_name"])
            proved = has_verified_address(person_id)
            if not proved:
                lock_password(person_id)
            try:
                grant_role(None, whole.id, person_id, Role.OPERATOR)
            except Refusal as refusal:
                # An operator who let the link grow old gets another one.
                if proved or refusal.code != "already_granted":
                    raise CommandError(refusal.message) from refusal
        self.stdout.write(_("%(email)s est exploitant de %(name)s.") % {"email": options["email"], "name": whole.name})
        if not proved:
            self.stdout.write(_("Lien pour choisir son mot de passe, valable trois jours\u202f:"))
            self.stdout.write(set_password_link(person_id))
