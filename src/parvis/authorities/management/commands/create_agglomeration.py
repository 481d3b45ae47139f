import argparse
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from parvis.authorities.models import Authority
from parvis.authorities.rules import AuthorityKind, PopulationKind
from parvis.authorities.services.save_authority import save_authority


class Command(BaseCommand):
    help = "Ouvrir l’agglomération, à l’installation : tout le reste se fait ensuite dans les pages de l’exploitant."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("slug", help="nom dans les adresses, par exemple m2a")
        parser.add_argument("name", help="nom complet, entre guillemets")
        for name, kind in (("siret", str), ("department", str), ("population", int), ("population-year", int)):
            parser.add_argument(f"--{name}", required=True, type=kind)

    def handle(self, *args: Any, **options: Any) -> None:
        siret = "".join(options["siret"].split())
        authority = Authority(
            slug=options["slug"],
            name=options["name"],
            kind=AuthorityKind.AGGLOMERATION.value,
            siren=siret[:9],
            siret=siret,
            department=options["department"],
            population=options["population"],
            population_kind=PopulationKind.TOTAL.value,
            population_year=options["population_year"],
        )
        try:
            authority.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        save_authority(None, authority, ["kind", "name", "population", "siret", "slug"])
        self.stdout.write(
            _("%(name)s est ouverte. Nommez son exploitant avec create_operator.") % {"name": authority.name}
        )
