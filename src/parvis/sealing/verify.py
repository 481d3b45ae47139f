"""`parvis verify receipt.json`: checks a receipt offline, and says each result in French.

Only `--register` goes out: it asks the platform whether today's register still extends the one of the receipt.
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from parvis.sealing import receipt, timestamp
from parvis.sealing.canonical import CanonicalError, parse_json, unb64
from parvis.sealing.register_check import check_register, seen_by

RECEIPT_LIMIT = 16 * 1024 * 1024

_MARKS = {"ok": "[ juste  ]", "missing": "[ absent ]", "failed": "[ FAUX   ]"}
_VERDICTS = {
    "ok": "Ce récépissé est juste, et tout a été vérifié.",
    "missing": "Rien n’est faux dans ce récépissé, mais les points marqués « absent » n’ont pas pu être vérifiés.",
    "failed": "Ce récépissé n’est pas valable : un point est faux. Conservez le fichier et écrivez à l’acheteur.",
}


class Unusable(Exception):
    """The question cannot be answered: exit 2."""


def main(argv: Sequence[str] | None = None) -> int:
    """0: nothing is false (elements may be absent, and are listed); 1: something is false; 2: cannot be checked."""
    options = _parser().parse_args(argv)
    try:
        file, trust = _load(options)
        checks = receipt.verify(file, trust)
        if options.register:
            checks.append(check_register(file, _ask(options.register, file)))
    except (Unusable, OSError) as error:
        print(f"Vérification impossible : {error}")
        return 2
    for check in checks:
        print(f"{_MARKS[check.state]} {check.text}")
    state = receipt.outcome(checks)
    print()
    print(_VERDICTS[state])
    return 1 if state == "failed" else 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage()
        self.exit(2, f"Commande mal formée : {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="parvis verify", description="Vérifie un récépissé de dépôt, sans connexion.")
    parser.add_argument("receipt", type=Path, help="le fichier du récépissé (.json)")
    parser.add_argument("--files", type=Path, metavar="DOSSIER", help="le dossier de vos fichiers déposés")
    parser.add_argument("--key", metavar="BASE64", help="la clé publique de la plateforme, telle que publiée")
    parser.add_argument(
        "--register", metavar="ADRESSE", help="l’adresse de la plateforme, pour comparer à son registre"
    )
    parser.add_argument("--tsa-root", type=Path, metavar="PEM", help="le certificat racine de l’horodatage")
    return parser


def _ask(platform: str, file: Any) -> Any:
    """The platform's answer for the register that the receipt saw; None when there is none. Raises Unusable."""
    earlier = seen_by(file)
    if earlier is None:
        return None
    if not platform.startswith(("https://", "http://")):
        raise Unusable(f"{platform} n’est pas une adresse : écrivez par exemple https://marches.exemple.fr")
    address = f"{platform.rstrip('/')}/registre/coherence/{earlier.size}"
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310
            return json.loads(answer.read(RECEIPT_LIMIT))
    except urllib.error.HTTPError as error:
        if error.code == 404:  # the register is shorter than the receipt says it was
            return {}
        raise Unusable(f"la plateforme a répondu {error.code}. Réessayez plus tard.") from error
    except (OSError, ValueError) as error:
        raise Unusable(f"la plateforme ne répond pas à {address}. Réessayez plus tard.") from error


def _load(options: argparse.Namespace) -> tuple[Any, receipt.Trust]:
    path: Path = options.receipt
    if not path.is_file():
        raise Unusable(f"le fichier {path} n’existe pas. Indiquez le récépissé téléchargé après le dépôt.")
    if path.stat().st_size > RECEIPT_LIMIT:
        raise Unusable(f"le fichier {path} est trop gros pour un récépissé.")
    try:
        file = parse_json(path.read_bytes())
    except CanonicalError as error:
        raise Unusable(f"le fichier {path} est abîmé. Téléchargez à nouveau le récépissé.") from error
    if not isinstance(file, dict) or "receipt" not in file:
        raise Unusable(f"le fichier {path} n’est pas un récépissé. Indiquez le fichier JSON téléchargé après le dépôt.")
    if options.files is not None and not options.files.is_dir():
        raise Unusable(f"le dossier {options.files} n’existe pas.")
    try:
        key = None if options.key is None else unb64(options.key, 32)
    except CanonicalError as error:
        raise Unusable("la clé donnée n’est pas une clé de 32 octets en base64. Recopiez-la entière.") from error
    try:
        roots = [] if options.tsa_root is None else timestamp.load_roots(options.tsa_root.read_bytes())
    except timestamp.TimestampError as error:
        raise Unusable(f"{options.tsa_root} n’est pas un certificat au format PEM.") from error
    return file, receipt.Trust(platform_key=key, tsa_roots=roots, files=options.files)


if __name__ == "__main__":
    sys.exit(main())
