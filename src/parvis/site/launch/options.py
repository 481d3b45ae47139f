"""Command lines whose mistakes are told in French."""

import argparse
import re
from typing import NoReturn

_HIGHEST_PORT = 65_535


class Options(argparse.ArgumentParser):
    """Exits with 2 on a mistake, after one sentence that says where it is."""

    def __init__(self, command: str) -> None:
        super().__init__(prog=f"./parvis {command}", add_help=False, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        named = re.search(r"--[a-z-]+", message)
        if message.startswith("unrecognized"):
            text = f"Je ne connais pas « {message.partition(': ')[2]} »."
        else:
            text = f"La valeur de {named.group()} manque ou ne convient pas." if named else message
        self.exit(2, f"{text} Les options de {self.prog} : ./parvis help\n")

    def listen(self) -> None:
        """Options common to every web server: where, and how much at once."""
        self.add_argument("--host", default="127.0.0.1")
        self.add_argument("--port", type=_port, default=8000)
        self.add_argument("--workers", type=_positive, default=2)
        self.add_argument("--blocking-threads", type=_positive)


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(text)
    return value


def _port(text: str) -> int:
    value = _positive(text)
    if value > _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(text)
    return value
