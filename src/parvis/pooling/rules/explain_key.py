"""A key said in words: who pays, by which rule, with which population."""

from collections.abc import Iterator

from parvis.kit.money import NARROW
from parvis.pooling.rules.book import Book, Cost, Key
from parvis.pooling.rules.slices import Slice
from parvis.pooling.rules.words import day, percent, quoted

Lines = Iterator[tuple[str, str]]

AGGLOMERATION = {
    "full": "compte en entier",
    "residual": "compte sans celle des communes qui participent elles-mêmes",
    "zero": "compte pour zéro",
}


def key_lines(book: Book, cost: Cost, one: Slice) -> Lines:
    """The rule of the slice's key, then which population it reads."""
    key = one.key
    title = f"Clé {quoted(key.name)}, version {key.version}, en vigueur depuis le {day(key.from_on)}"
    yield "rule", f"{title}{NARROW}: {rule(book, cost, key)}."
    if cost.users and key.formula in ("weighted", "product"):
        yield "rule", "Le projet compte comme un téléservice de plus pour chacun de ceux qui l’ont rejoint."
    if key.formula == "single_payer":
        return
    text = f"Les habitants comptés sont ceux de la population {population_name(key)}."
    if one.part(book.agglomeration) is not None:
        text += f" Celle de l’agglomération, {book.name(book.agglomeration)}, {AGGLOMERATION[key.agglomeration]}."
    yield "population", text


def rule(book: Book, cost: Cost, key: Key) -> str:
    """The formula as the end of a sentence."""
    if key.formula == "single_payer":
        return "un seul membre paie tout"
    if cost.users:
        who = "les membres qui ont rejoint ce projet"
    elif cost.service is None:
        who = "les membres qui proposent au moins un téléservice"
    else:
        who = f"les membres qui utilisent {quoted(_service(book, cost.service))}"
    return f"la dépense se partage entre {who}, {_by(cost, key)}"


def in_general(key: Key, payer: str) -> str:
    """The rule of a key before any cost, as a sentence. `payer`: who pays alone; empty when each cost names it."""
    if key.formula == "single_payer":
        return (
            f"{payer} paie tout." if payer else f"Un seul membre paie tout{NARROW}: celui que désigne chaque dépense."
        )
    return f"La dépense se partage entre les membres concernés, {_by(None, key)}."


def population_name(key: Key) -> str:
    """« totale 2022 », « DGF 2022 »."""
    kind = key.population_kind
    return f"{kind.upper() if kind.lower() == 'dgf' else kind} {key.reference_year}"


def _by(cost: Cost | None, key: Key) -> str:
    if key.formula == "population":
        return "selon leur population"
    if key.formula == "product":
        return "selon leur nombre de téléservices multiplié par leur population"
    if key.formula == "per_service" and cost is not None and cost.users:
        return "selon leur population"
    if key.formula == "per_service":
        return "à parts égales entre les téléservices, puis pour chacun entre ses utilisateurs selon leur population"
    if key.weight == 1:
        return "selon leur nombre de téléservices"
    if key.weight == 0:
        return "selon leur population"
    return f"{percent(key.weight)} selon leur nombre de téléservices et {percent(1 - key.weight)} selon leur population"


def _service(book: Book, code: str) -> str:
    return next(one.name for one in book.services if one.code == code)
