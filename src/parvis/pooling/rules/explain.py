"""« Pourquoi ce montant ? » : the computation of one member's part, in plain French with its figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from parvis.kit.money import NARROW, NO_BREAK, euros
from parvis.pooling.rules.book import Book, Key
from parvis.pooling.rules.explain_key import key_lines
from parvis.pooling.rules.explain_share import share_lines
from parvis.pooling.rules.index import Index, clipped
from parvis.pooling.rules.slices import Slice
from parvis.pooling.rules.split import Split
from parvis.pooling.rules.vat import WHOLE
from parvis.pooling.rules.words import exact_euros, fraction, listed, of, percent, period, quoted, rate, ratio, several


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence. `code` tells pages what it is about.

    what, rule, population, count, people, service, share, days, empty, ht, vat, total, or zero (why nothing is paid).
    """

    code: str
    text: str

    def __str__(self) -> str:
        return self.text


def explain(book: Book, split: Split, siren: str) -> tuple[Line, ...]:
    """Why this member pays this part, or nothing. Raises KeyError for a member that the book does not know."""
    return tuple(Line(code, text) for code, text in _Explanation(book, split, siren).lines())


Lines = Iterator[tuple[str, str]]


class _Explanation:
    def __init__(self, book: Book, split: Split, siren: str) -> None:
        self.book, self.split, self.siren = book, split, siren
        self.name = book.name(siren)
        self.cost = split.cost
        self.index = Index(book)

    def lines(self) -> Lines:
        yield "what", self._what()
        keys: list[Key] = []
        for one in self.split.slices:
            if one.key not in keys:
                keys.append(one.key)
                yield from key_lines(self.book, self.cost, one)
        if self.siren not in self.split.weights:
            yield "zero", self._no_part(self.split.slices, self.cost.from_on, self.cost.until_on)
            return
        for one in self.split.slices:
            yield from self._slice(one)
        yield from self._days()
        yield "ht", self._apportioned("HT", self.cost.ht_cents, self.split.ht)
        yield "vat", self._vat()
        yield "total", self._total()

    def _what(self) -> str:
        cost = self.cost
        return f"{cost.label}{NARROW}: {euros(cost.ht_cents)} HT, {period(cost.from_on, cost.until_on)}."

    def _slice(self, one: Slice) -> Lines:
        when = period(one.from_on, one.until_on)
        if len(self.split.slices) > 1:
            yield "days", f"{when[0].upper()}{when[1:]}, {several(one.days, 'jour')}{NARROW}:"
        if one.part(self.siren) is None:
            yield "share", self._no_part((one,), one.from_on, one.until_on)
        else:
            yield from share_lines(self.book, self.cost, one, self.siren)

    def _no_part(self, slices: tuple[Slice, ...], from_on: date, until_on: date) -> str:
        """What kept the member out on these days, in the order in which one asks."""
        start = f"{self.name} ne paie rien{NARROW}:"
        when = period(from_on, until_on)
        if all(one.key.formula == "single_payer" for one in slices):
            payers = listed([self.book.name(part.siren) for one in slices for part in one.parts])
            return f"{start} cette dépense est payée en entier par {payers}."
        present = clipped(self.index.present.get(self.siren, ()), from_on, until_on)
        if not present:
            return f"{start} cette collectivité ne fait pas partie du groupement {when}."
        if self.cost.users:
            return f"{start} cette collectivité n’a pas rejoint ce projet."
        used = self.index.used[self.siren]
        wanted = self.cost.service
        spans = [used.get(wanted, ())] if wanted is not None else list(used.values())
        if any(clipped(one, from_on, until_on) for one in spans):
            return f"{start} {when}, aucun de ses jours dans le groupement n’est aussi un jour de téléservice."
        if wanted is not None:
            return f"{start} cette collectivité n’utilise pas {quoted(self._service(wanted))} {when}."
        return f"{start} aucun téléservice proposé {when}, et aucun projet partagé rejoint."

    def _service(self, code: str) -> str:
        return next(one.name for one in self.book.services if one.code == code)

    def _days(self) -> Lines:
        slices, days = self.split.slices, self.split.days
        for from_on, until_on in self.split.empty:
            when = period(from_on, until_on)
            yield (
                "empty",
                f"Personne ne participe {when}{NARROW}: les autres jours portent toute la dépense.",
            )
        if len(slices) == 1:
            return
        terms = [f"{ratio(one.days, days)} × {fraction(one.share(self.siren))}" for one in slices]
        share = self.split.share(self.siren)
        yield (
            "days",
            f"Sur {several(days, 'jour')}{NARROW}: {' + '.join(terms)} = {fraction(share)}, soit {percent(share)}.",
        )

    def _apportioned(self, what: str, total: int, parts: dict[str, int]) -> str:
        """The exact amount, then the cent: cut for everybody, spare cents to the largest remainders."""
        share, paid = self.split.share(self.siren), parts[self.siren]
        if share == 1:
            return f"{self.name} paie tout{NARROW}: {euros(paid)} {what}."
        exact = total * share
        start = f"Montant {what}{NARROW}: {euros(total)} × {fraction(share)} = {exact_euros(exact)}."
        if exact == paid:
            return start
        cut = {siren: abs(total) * one for siren, one in self.split.shares.items()}
        missing = abs(total) - sum(int(one) for one in cut.values())
        mine = (-1 if total < 0 else 1) * int(cut[self.siren])
        got = paid != mine
        return (
            f"{start} Chaque part est coupée au centime{NARROW}: ici {euros(mine)}. {self._missing(missing, got)}"
            f"{self._tie(cut, parts, got)}. Montant retenu{NARROW}: {euros(paid)}."
        )

    def _missing(self, cents: int, got: bool) -> str:
        if cents == 1:
            receives = "le reçoit" if got else "ne le reçoit pas"
            one = f"Il manque alors 1{NO_BREAK}centime au total, qui va au plus grand reste"
            return f"{one}{NARROW}: {self.name} {receives}"
        receives = "en reçoit un" if got else "n’en reçoit pas"
        return (
            f"Il manque alors {several(cents, 'centime')} au total, qui vont un à un aux plus grands restes{NARROW}: "
            f"{self.name} {receives}"
        )

    def _tie(self, cut: dict[str, Fraction], parts: dict[str, int], got: bool) -> str:
        """Says so when an equal remainder was judged otherwise."""
        rest = cut[self.siren] % 1
        for siren, one in cut.items():
            if one % 1 == rest and (abs(parts[siren]) != int(one)) is not got:
                return " (à restes égaux, la plus grande population passe d’abord, puis le plus petit numéro SIREN)"
        return ""

    def _vat(self) -> str:
        vat = self.split.vat[self.siren]
        if self.cost.vat_way == "direct":
            ht, percentage = self.split.ht[self.siren], rate(self.cost.vat_rate)
            exact = exact_euros(Fraction(ht * self.cost.vat_rate, WHOLE))
            return (
                f"TVA de la commande {of(self.name)}{NARROW}: {euros(ht)} × {percentage} = {exact}, "
                f"arrondie au centime le plus proche{NARROW}: {euros(vat)}."
            )
        total = self.split.total.vat
        at = "" if self.cost.vat_cents is not None else f" à {rate(self.cost.vat_rate)}"
        if not total:
            return "Aucune TVA."
        words = self._apportioned("de la TVA", total, self.split.vat)
        return f"TVA de la facture{at}{NARROW}: {euros(total)}, partagée comme le montant HT. {words}"

    def _total(self) -> str:
        ht, vat = self.split.amounts(self.siren)
        verb = "À recevoir" if ht + vat < 0 else "À payer"
        sign = -1 if ht + vat < 0 else 1
        plus = f"{NO_BREAK}+ "
        return (
            f"{verb} par {self.name}{NARROW}: {euros(sign * ht)} HT{plus}{euros(sign * vat)} de TVA "
            f"= {euros(sign * (ht + vat))} TTC."
        )
