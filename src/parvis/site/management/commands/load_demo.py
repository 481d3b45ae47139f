from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from parvis.site.demo.load import OtherAgglomeration, load
from parvis.site.demo.places import agglomerations
from parvis.site.demo.table import who_signs_in
from parvis.site.launch.demo import PROGRESS


class Command(BaseCommand):
    help = "Charge des communes réelles, des personnes inventées et des consultations à chaque étape."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--agglomeration", default="m2a", choices=agglomerations())

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("Ces données sont inventées : elles ne se chargent qu’avec PARVIS_ENV=demo.")
        try:
            where = load(options["agglomeration"], self._say)
        except OtherAgglomeration as other:
            message = f"Cette base sert déjà {other}. Donnez un autre dossier avec --data, ou effacez avec --fresh."
            raise CommandError(message) from other
        self.stdout.write(who_signs_in(where))

    def _say(self, text: str) -> None:
        self.stderr.write(f"{PROGRESS}{text}")
        self.stderr.flush()
