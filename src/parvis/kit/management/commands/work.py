from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, call_command

from parvis.kit import row_security


class Command(BaseCommand):
    help = "Exécute les tâches différées (messages, horodatage, registre) jusqu’à son arrêt."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=4)

    def handle(self, *args: Any, **options: Any) -> None:
        row_security.require()
        # A job that is done leaves nothing: its arguments may name somebody. One that failed stays, to be looked at.
        words = (f"--concurrency={options['concurrency']}", "--delete-jobs=successful")
        call_command("procrastinate", "worker", *words)
