import sys
from typing import Any

from django.core.management.base import BaseCommand

from parvis.audit.services.verify_log import verify_log


class Command(BaseCommand):
    help = (
        "Recalcule le registre depuis les faits et nomme chaque ligne modifiée, retirée, antidatée ou "
        "déplacée. Sortie 1 s’il y en a."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify_log()
        for fault in report.faults:
            self.stderr.write(fault.text)
        count = f"{_counted(report.lines, 'ligne')}, {_counted(report.checkpoints, 'état signé')}"
        waiting = f", {report.waiting} en attente d’inscription" if report.waiting else ""
        if report.whole:
            self.stdout.write(f"Le registre est intact : {count}{waiting}.")
            return
        faults = _counted(len(report.faults), "anomalie")
        self.stderr.write(f"Le registre n’est pas intact : {faults} ({count}{waiting}).")
        sys.exit(1)


def _counted(number: int, words: str) -> str:
    return f"{number} {' '.join(f'{word}s' for word in words.split()) if number > 1 else words}"
