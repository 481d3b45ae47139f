"""One member's share of one slice, formula by formula, with its figures."""

from collections.abc import Callable, Iterator
from fractions import Fraction

from parvis.kit.money import NARROW
from parvis.pooling.rules.book import Book, Cost, Formula
from parvis.pooling.rules.formulas import Part
from parvis.pooling.rules.slices import Slice
from parvis.pooling.rules.words import fraction, number, percent, quoted, ratio, several

Lines = Iterator[tuple[str, str]]


def share_lines(book: Book, cost: Cost, one: Slice, siren: str) -> Lines:
    """Lines for who takes part in the slice."""
    part = one.part(siren)
    if part is None:
        raise KeyError(siren)
    yield from SHARES[one.key.formula](book, cost, one, part)


def _weighted(book: Book, cost: Cost, one: Slice, part: Part) -> Lines:
    weight, share = one.key.weight, one.share(part.siren)
    offered, people = sum(each.offered for each in one.parts), sum(each.population for each in one.parts)
    yield "count", _count(book, cost, one, part, offered)
    if not people:
        yield "people", f"Aucun habitant à compter{NARROW}: seul le nombre de téléservices partage la dépense."
        yield "share", f"Part{NARROW}: {_soit(ratio(part.offered, offered), share)}."
        return
    yield "people", _people(book, one, part, people)
    terms = [f"{fraction(weight)} × {ratio(part.offered, offered)}"] if weight else []
    terms += [f"{fraction(1 - weight)} × {ratio(part.population, people)}"] if weight != 1 else []
    yield "share", f"Part{NARROW}: {_soit(' + '.join(terms), share)}."


def _product(book: Book, cost: Cost, one: Slice, part: Part) -> Lines:
    share = one.share(part.siren)
    people = sum(each.population for each in one.parts)
    if not people:
        offered = sum(each.offered for each in one.parts)
        yield "count", _count(book, cost, one, part, offered)
        yield "people", f"Aucun habitant à compter{NARROW}: seul le nombre de téléservices partage la dépense."
        yield "share", f"Part{NARROW}: {_soit(ratio(part.offered, offered), share)}."
        return
    mine, all_of_them = part.offered * part.population, sum(each.offered * each.population for each in one.parts)
    services = several(part.offered, "téléservice")
    inhabitants = several(part.population, "habitant")
    yield (
        "count",
        f"{book.name(part.siren)}{NARROW}: {services} × {inhabitants} = {number(mine)}, "
        f"sur {number(all_of_them)} pour {_everybody(one)}.",
    )
    yield "share", f"Part{NARROW}: {_soit(ratio(mine, all_of_them), share)}."


def _per_service(book: Book, cost: Cost, one: Slice, part: Part) -> Lines:
    if cost.users:
        yield from _population(book, cost, one, part)
        return
    names = {service.code: service.name for service in book.services}
    total = len({code for each in one.parts for code in each.services})
    yield (
        "count",
        f"{book.name(part.siren)} propose {several(part.offered, 'téléservice')} sur les {number(total)} "
        f"{_of_everybody(one)}{NARROW}: chacun porte {ratio(1, total)} de la dépense.",
    )
    for code in part.services:
        users = [each for each in one.parts if code in each.services]
        people = sum(each.population for each in users)
        mine, whole = (part.population, people) if people else (1, len(users))
        those = several(len(users), "utilisateur")
        who = f"{several(mine, 'habitant')} sur les {number(whole)} de ses {those}" if people else f"un de ses {those}"
        of_cost = Fraction(mine, whole * total)
        yield (
            "service",
            f"{quoted(names[code])}{NARROW}: {who}{NARROW}; "
            f"{ratio(1, total)} × {ratio(mine, whole)} = {fraction(of_cost)}.",
        )
    share = one.share(part.siren)
    yield "share", f"Part{NARROW}: la somme fait {fraction(share)}, soit {percent(share)}."


def _population(book: Book, cost: Cost, one: Slice, part: Part) -> Lines:
    share, people = one.share(part.siren), sum(each.population for each in one.parts)
    if not people:
        yield "people", f"Aucun habitant à compter{NARROW}: la dépense se partage à parts égales."
        yield "share", f"Part{NARROW}: {_soit(ratio(1, len(one.parts)), share)}."
        return
    yield "people", _people(book, one, part, people)
    yield "share", f"Part{NARROW}: {_soit(ratio(part.population, people), share)}."


def _single_payer(book: Book, cost: Cost, one: Slice, part: Part) -> Lines:
    yield "share", f"{book.name(part.siren)} paie seul cette dépense{NARROW}: sa part est 1."


def _count(book: Book, cost: Cost, one: Slice, part: Part, offered: int) -> str:
    counted = f"{book.name(part.siren)} {_offers(cost, part)}"
    whole = f"sur les {number(offered)} {_of_everybody(one)}"
    return f"{counted} {whole}{NARROW}: {_soit(ratio(part.offered, offered), Fraction(part.offered, offered))}."


def _offers(cost: Cost, part: Part) -> str:
    services = several(part.offered, "téléservice")
    return f"compte pour {services}, ce projet compris," if cost.users else f"propose {services}"


def _people(book: Book, one: Slice, part: Part, people: int) -> str:
    counted = f"{book.name(part.siren)} compte pour {several(part.population, 'habitant')}"
    whole = f"sur les {number(people)} {_of_everybody(one)}"
    return f"{counted} {whole}{NARROW}: {_soit(ratio(part.population, people), Fraction(part.population, people))}."


def _soit(computation: str, value: Fraction) -> str:
    """« 9/66 = 3/22, soit 13,6363… % »; says a fraction once when it is written in its smallest form already."""
    reduced = fraction(value)
    written = computation if computation == reduced else f"{computation} = {reduced}"
    return f"{written}, soit {percent(value)}"


def _everybody(one: Slice) -> str:
    return "le seul membre qui participe" if len(one.parts) == 1 else f"les {len(one.parts)} membres qui participent"


def _of_everybody(one: Slice) -> str:
    return "du seul membre qui participe" if len(one.parts) == 1 else f"des {len(one.parts)} membres qui participent"


SHARES: dict[Formula, Callable[[Book, Cost, Slice, Part], Lines]] = {
    "weighted": _weighted,
    "product": _product,
    "per_service": _per_service,
    "population": _population,
    "single_payer": _single_payer,
}
