"""One branch of the invoice's XML, read with care: what cannot be trusted is noted, never mended."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from parvis.pooling.invoices.schema import NAMESPACES
from parvis.pooling.rules.invoice import Difference, Level

MAX_TEXT = 300
# Twelve figures before the point for money, nine for prices and quantities: more is no invoice of ours.
_MONEY = re.compile(r"[+-]?\d{0,12}(\.\d*)?")
_NUMBER = re.compile(r"[+-]?\d{0,9}(\.\d{0,12})?")
_DAY = re.compile(r"\d{8}")
_DAY_FORMATS = ("", "102")
_EMPTY = etree.Element("nothing")


class Sheet:
    """A branch of the XML; `problems` is shared by all the branches of one invoice."""

    def __init__(self, node: Any, problems: list[Difference]) -> None:
        self._node = node
        self.problems = problems

    def branches(self, path: str) -> list["Sheet"]:
        return [Sheet(node, self.problems) for node in self._node.xpath(path, namespaces=NAMESPACES)]

    def branch(self, path: str) -> "Sheet":
        """The first one, or an empty one in which nothing is found."""
        found = self.branches(path)
        return found[0] if found else Sheet(_EMPTY, self.problems)

    def texts(self, path: str) -> list[str]:
        """Each text (or attribute) at `path`: printable, single spaces, at most 300 characters; empty ones left out."""
        found = self._node.xpath(path, namespaces=NAMESPACES)
        texts = (one if isinstance(one, str) else (one.text or "") for one in found)
        return [text for text in map(_clean, texts) if text]

    def text(self, path: str) -> str:
        return next(iter(self.texts(path)), "")

    def cents(self, path: str, what: str, missing: int | None = None) -> int | None:
        """An amount in cents; `missing` where there is none. Noted, and None, when it is not in whole cents."""
        text = self.text(path)
        if not text:
            return missing
        amount = _decimal(text, _MONEY)
        if amount is not None and amount * 100 == int(amount * 100):
            return int(amount * 100)
        self.note(
            "amount",
            Level.BLOCKING,
            _("La facture écrit « {text} » pour {what}\u202f: ce n’est pas un montant en euros et centimes.").format(
                text=text[:40], what=what
            ),
        )
        return None

    def number(self, path: str, what: str) -> Decimal | None:
        """A quantity or a price with its decimals; None where there is none. Noted when it cannot be read."""
        text = self.text(path)
        found = _decimal(text, _NUMBER) if text else None
        if text and found is None:
            self._unreadable(text, what)
        return found

    def rate(self, path: str, what: str) -> int | None:
        """A percentage in hundredths: 2000 is 20 %. Noted when it cannot be read, or has more than two decimals."""
        text = self.text(path)
        if not text:
            return None
        found = _decimal(text, _NUMBER)
        if found is not None and found * 100 == int(found * 100):
            return int(found * 100)
        self._unreadable(text, what)
        return None

    def day(self, path: str, what: str) -> date | None:
        """A date written YYYYMMDD (format 102); None where there is none. Noted when it is no day of the calendar."""
        found = self.branch(path)
        text = found.text(".")
        if not text:
            return None
        if found.text("@format") in _DAY_FORMATS and _DAY.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                pass
        self._unreadable(text, what)
        return None

    def _unreadable(self, text: str, what: str) -> None:
        sentence = _("La facture écrit « {text} » pour {what}\u202f: cette valeur ne se lit pas.")
        self.note("value", Level.TO_CHECK, sentence.format(text=text[:40], what=what))

    def note(self, code: str, level: Level, sentence: str) -> None:
        todo = _("Demandez au titulaire une facture corrigée, en lui transmettant cette phrase.")
        self.problems.append(Difference(code, level, sentence, todo))


def _clean(text: str) -> str:
    return "".join(c for c in " ".join(text.split()) if c.isprintable() or c == "\u202f")[:MAX_TEXT]


def _decimal(text: str, form: re.Pattern[str]) -> Decimal | None:
    return Decimal(text) if form.fullmatch(text) and any(c.isdigit() for c in text) and text.isascii() else None
